"""The rules of accounts: pure functions from a state and a command to a new state with its events, or a refusal."""

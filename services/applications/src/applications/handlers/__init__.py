"""The story of each command: load the facts, let the rule decide, save. One file per noun."""

"""The story of each command and each reading: load the facts, let the rule decide, save."""

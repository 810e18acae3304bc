"""The stories of commands and reads: load the facts, let the rule decide, save."""

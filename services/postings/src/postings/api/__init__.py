"""The HTTP routes: what anyone reads, and what the users of a unit do."""

"""The HTTP routes: what an intern does, what the users of a unit do, and the files both may read."""

"""The HTTP routes: what an intern does, what the users of a unit and officers do, and the files all may read."""

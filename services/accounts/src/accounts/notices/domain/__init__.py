"""Who is told what, in which words, when a reminder is due, when a message may go out. Pure."""

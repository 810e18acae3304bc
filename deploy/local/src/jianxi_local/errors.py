"""The one error of the local platform."""


class LocalError(Exception):
    """Something on this machine is in the way; the message is one sentence that says what and what to do."""

"""How commands say why, one shape for all (R18, R23): a reason of a list, or a note where there is none to choose from."""

from common.reasons import ExplainedReason, StatedReason
from common.values import Text, Value


class Why(Value):
    """A reason whose need the rule of the command decides about."""

    reason: StatedReason | None = None


class ExplainedWhy(Value):
    """A reason with a text."""

    reason: ExplainedReason


class Note(Value):
    """A text alone."""

    note: Text


class OptionalNote(Value):
    """A text alone, or nothing."""

    note: Text | None = None

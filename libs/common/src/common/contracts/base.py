"""What every message is: a value with a dotted type name and an integer version."""

from typing import ClassVar

from pydantic import ConfigDict

from common.values import Value

MESSAGES: dict[tuple[str, int], type["Message"]] = {}
"""Every message class by (type, version)."""


class Message(Value):
    """A fact as the owner of an aggregate says it. Carries the resulting state, never a delta.

    Fields that this build does not know are passed over: a newer owner may have added optional ones (the gate allows no more).
    Declare one with its type and version: ``class PersonVerified(Message, type="person.verified", version=1)``.
    """

    model_config = ConfigDict(
        extra="ignore",
        alias_generator=lambda name: name.rstrip("_"),
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
    )

    TYPE: ClassVar[str]
    VERSION: ClassVar[int]

    def __init_subclass__(cls, type: str, version: int) -> None:
        super().__init_subclass__()
        cls.TYPE, cls.VERSION = type, version
        if MESSAGES.setdefault((type, version), cls) is not cls:
            raise ValueError(f"message {cls.ce_type()} is declared twice")

    @classmethod
    def ce_type(cls) -> str:
        """The CloudEvents type: the dotted name ending in the version, e.g. ``seats.changed.v1``."""
        return f"{cls.TYPE}.v{cls.VERSION}"

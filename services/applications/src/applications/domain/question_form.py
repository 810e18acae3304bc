"""A question that is put to an officer about an application: what it is about, why, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from common.contracts.words import CaseKind, Role
from common.reasons import StatedReason
from common.values import Text, Value
from pydantic import Field


class Matter(StrEnum):
    """What may be asked. The causes of each are the reasons of the scope `<matter>_cause`."""

    OBJECTION = "objection"  # 异议 (R17)
    LIFT = "lift"  # 解除限制 (R3)
    END_REQUEST = "end_request"  # 申请提前结束 (R30)
    COMPLAINT = "complaint"  # 投诉 (R30)
    REINSTATEMENT = "reinstatement"  # 恢复 (R6)
    RELEASE = "release"  # 放弃申请 (R30)
    SILENCE = "silence"  # 单位未处理 (R29)

    @property
    def kind(self) -> CaseKind:
        """Of the case it opens."""
        return CaseKind.COMPLAINT if self is Matter.END_REQUEST else CaseKind(self.value)

    @property
    def turned_down(self) -> str:
        """The list of reasons that an officer turns it down with."""
        return "reinstatement_case" if self is Matter.REINSTATEMENT else str(self.kind)

    @property
    def causes(self) -> str:
        """The list of reasons that its cause is chosen from."""
        return f"{self}_cause"


class Outcome(StrEnum):
    APPROVED = "approved"
    TURNED_DOWN = "turned_down"
    MOVED_ON = "moved_on"  # the status of the application changed
    TAKEN_BACK = "taken_back"


class Words(Value):
    """What an intern says with a question; `documents` are ids of files handed in for the application before."""

    cause: Annotated[str, Field(max_length=64)]
    text: Text
    documents: Annotated[tuple[str, ...], Field(max_length=10)] = ()


class Question(Value):
    """`number` counts the questions of one kind about one application. Open until it has an outcome, with the decision's reason."""

    matter: Matter
    number: int
    cause: str
    text: str | None = None
    documents: tuple[str, ...] = ()
    asked_at: datetime
    asked_by: Role
    outcome: Outcome | None = None
    settled_at: datetime | None = None
    reason: StatedReason | None = None

    @property
    def open(self) -> bool:
        return self.outcome is None

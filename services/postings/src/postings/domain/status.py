"""The life of a posting as one table: every arrow, and who may take it by which command (R16).

A status moves along an arrow or not at all; what the table lacks is refused.
"""

from dataclasses import dataclass

from common.contracts.words import PostingStatus, Role
from common.decision import Actor
from common.refusals import FORBIDDEN

from postings.domain.refusals import POSTING_NOT_IN_STATUS


@dataclass(frozen=True)
class Rights:
    """The official name of a command, and who may give it. SYSTEM applies the facts of other services."""

    label: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class Arrow:
    from_: PostingStatus
    to: PostingStatus
    command: str


_UNIT, _SYSTEM = frozenset({Role.UNIT}), frozenset({Role.SYSTEM})

COMMANDS: dict[str, Rights] = {
    "revise": Rights("修改岗位", _UNIT),
    "submit": Rights("提交申报", _UNIT),
    "publish": Rights("审核通过并发布", _SYSTEM),
    "return": Rights("退回修改", _SYSTEM),
    "adjust": Rights("调整已发布的岗位", _UNIT),
    "pause": Rights("暂停", _UNIT | _SYSTEM),
    "resume": Rights("恢复", _UNIT),
    "close": Rights("关闭", _UNIT | _SYSTEM),
    "finish": Rights("关闭完成", _SYSTEM),
}

_S = PostingStatus
ARROWS: tuple[Arrow, ...] = (
    Arrow(_S.DRAFT, _S.SUBMITTED, "submit"),
    Arrow(_S.RETURNED, _S.SUBMITTED, "submit"),
    Arrow(_S.SUBMITTED, _S.PUBLISHED, "publish"),
    Arrow(_S.SUBMITTED, _S.RETURNED, "return"),
    Arrow(_S.PUBLISHED, _S.PAUSED, "pause"),
    Arrow(_S.PAUSED, _S.PUBLISHED, "resume"),
    Arrow(_S.PUBLISHED, _S.CLOSING, "close"),
    Arrow(_S.PAUSED, _S.CLOSING, "close"),
    Arrow(_S.CLOSING, _S.CLOSED, "finish"),
)

STEADY: dict[str, frozenset[PostingStatus]] = {
    "revise": frozenset({_S.DRAFT, _S.RETURNED}),
    "adjust": frozenset({_S.PUBLISHED, _S.PAUSED}),
}
"""Commands that leave the status as it is, and in which statuses they may be given."""

PUBLIC = frozenset({_S.PUBLISHED, _S.PAUSED, _S.CLOSING, _S.CLOSED})
"""Approved once: anyone may read it."""

OFFERED = frozenset({_S.SUBMITTED, _S.PUBLISHED, _S.PAUSED})
"""Its places count against the limits of its unit (R16)."""

_NEXT = {(arrow.from_, arrow.command): arrow.to for arrow in ARROWS}


def next_status(status: PostingStatus, command: str, actor: Actor) -> PostingStatus:
    """Where the command leads. Refuses with `forbidden` or `posting_not_in_status`."""
    rights = COMMANDS[command]
    if actor.role not in rights.roles:
        raise FORBIDDEN()
    after = status if status in STEADY.get(command, ()) else _NEXT.get((status, command))
    if after is None:
        raise POSTING_NOT_IN_STATUS(status=status.label, deed=rights.label)
    return after

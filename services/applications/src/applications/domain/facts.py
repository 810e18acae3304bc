"""Facts that other services own, as far as the rules here need them."""

from datetime import date

from common.contracts.words import PostingStatus
from common.values import Value


class PersonFacts(Value):
    """`birth_date` comes with the real-name verification: without it the person is not verified (G2)."""

    birth_date: date | None = None
    resume_version: int | None = None


class PostingFacts(Value):
    """`deadline` is the last day on which one may apply (Asia/Shanghai); `closing` is the flag of our own seats (R9)."""

    posting_id: str
    unit_id: str
    region: str
    status: PostingStatus
    deadline: date
    closing: bool = False


class UnitFacts(Value):
    """`region` is where its office is."""

    recognised: bool
    region: str | None = None

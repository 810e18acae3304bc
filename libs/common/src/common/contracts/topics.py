"""The registry of topics: who says what, under which key, kept how long, heard by whom.

It creates the topics, builds the catalogue and feeds the tests. Partition counts are those of a local stack;
production uses 24 or more. Retention −1 means kept for ever: these topics are meant for replay.
"""

from dataclasses import dataclass

from common.contracts import applications, cases, people, postings
from common.contracts.base import Message


@dataclass(frozen=True)
class Topic:
    name: str
    owner: str
    key: str
    messages: tuple[type[Message], ...]
    consumers: tuple[str, ...]
    confidential: bool = False
    partitions: int = 12
    retention_ms: int = -1


PEOPLE = Topic(
    "people",
    "accounts",
    "person id",
    (
        people.PersonRegistered,
        people.PersonVerified,
        people.ResumeSaved,
        people.PersonReviewAsked,
        people.PersonReviewSettled,
        people.PersonDecisionRefused,
    ),
    ("accounts", "applications", "cases", "ledger"),
    confidential=True,
)
UNITS = Topic(
    "units",
    "accounts",
    "unit id",
    (people.UnitRegistered, people.UnitRecognitionRequested, people.UnitStatusChanged, people.UnitDecisionRefused),
    ("accounts", "postings", "applications", "cases", "ledger"),
)
ACCOUNTS = Topic("accounts", "accounts", "account id", (people.AccountRightsChanged,), ("ledger", "gateway"))
POSTINGS = Topic(
    "postings",
    "postings",
    "posting id",
    (postings.PostingStatusChanged, postings.PostingChanged, postings.PostingDecisionRefused),
    ("accounts", "applications", "cases", "ledger", "analytics"),
)
APPLICATIONS = Topic(
    "applications",
    "applications",
    "person id",
    (
        applications.IntentRegistered,
        applications.IntentChecked,
        applications.IntentRecheckAsked,
        applications.ApplicationStatusChanged,
        applications.ApplicationDueChanged,
        applications.DiplomaChanged,
        applications.TalkChanged,
        applications.ReleaseAsked,
        applications.CaseAsked,
        applications.CaseSettled,
        applications.CaseSupplemented,
        applications.EndCorrected,
        applications.BlockLifted,
        applications.PlannedEndChanged,
        applications.DecisionRefused,
    ),
    ("accounts", "cases", "ledger", "gateway", "analytics"),
)
SEATS = Topic(
    "seats",
    "applications",
    "posting id",
    (applications.SeatsChanged, applications.SeatsDrained, applications.HeadcountRefused),
    ("postings", "ledger", "analytics"),
)
CASES = Topic(
    "cases",
    "audit",
    "case id",
    (cases.CaseStatusChanged,),
    ("accounts", "postings", "applications", "reference", "ledger", "gateway", "analytics"),
)
OFFICERS = Topic("officers", "audit", "officer id", (cases.RelationsDeclared,), ("accounts", "applications", "ledger"), confidential=True)
REFERENCE = Topic(
    "reference",
    "audit",
    "kind and key, or proposal id",
    (cases.ReferenceItemSet, cases.ReferenceChangeProposed, cases.ReferenceChangeSettled, cases.ReferenceDecisionRefused),
    ("accounts", "postings", "applications", "cases", "ledger", "analytics"),
)
SECURITY = Topic("security", "every service", "note id", (cases.SecurityNoted,), ("ledger",), confidential=True)

TOPICS: dict[str, Topic] = {
    t.name: t for t in (PEOPLE, UNITS, ACCOUNTS, POSTINGS, APPLICATIONS, SEATS, CASES, OFFICERS, REFERENCE, SECURITY)
}


def topic_of(message: type[Message]) -> Topic:
    """The topic a message travels on. KeyError when it is in none: a message without a topic cannot be said."""
    for topic in TOPICS.values():
        if message in topic.messages:
            return topic
    raise KeyError(message.ce_type())

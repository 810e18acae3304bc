"""What accounts says of people (confidential), of units and of accounts."""

from datetime import date
from typing import Literal

from common.contracts.base import Message
from common.contracts.words import UnitStatus


class PersonRegistered(Message, type="person.registered", version=1):
    """An intern has an account (G1)."""

    person_id: str


class PersonVerified(Message, type="person.verified", version=1):
    """Real-name verification passed (G2, R31). The birth date decides about age (R11); nobody else needs the number."""

    person_id: str
    birth_date: date


class ResumeSaved(Message, type="resume.saved", version=1):
    """A new version of the resume (R12). The text stays in accounts."""

    person_id: str
    resume_version: int


class PersonReviewAsked(Message, type="person.review_asked", version=1):
    """An officer is asked to look at who somebody is (R31): opens an identity case in `region`, an office of that county.

    `request` counts the questions about one person; `purpose` says what for: a failed verification, a changed name, a lost phone,
    an account that somebody else's number is bound to. Names, numbers and files stay in accounts.
    """

    person_id: str
    request: int
    purpose: Literal["real_name", "changed_name", "lost_phone", "recovery"]
    region: str
    documents: tuple[str, ...] = ()


class PersonReviewSettled(Message, type="person.review_settled", version=1):
    """The question waits no longer: `case_id` names the decision that was applied; without one the person has taken it back."""

    person_id: str
    request: int
    case_id: str | None = None


class PersonDecisionRefused(Message, type="person.decision_refused", version=1):
    """A decision about who somebody is could not be applied, e.g. the number belongs to another person."""

    person_id: str
    case_id: str
    reason_code: str


class UnitRegistered(Message, type="unit.registered", version=1):
    """A unit has an account; it is not recognised yet (R15)."""

    unit_id: str
    name: str
    uscc: str
    region: str


class UnitRecognitionRequested(Message, type="unit.recognition_requested", version=1):
    """The unit asks to be recognised: opens the recognition case in the county of the unit (R14, R15).

    `request` counts the unit's requests; `documents` are ids of files in accounts.
    """

    unit_id: str
    request: int
    name: str
    uscc: str
    region: str
    documents: tuple[str, ...]


class UnitStatusChanged(Message, type="unit.status_changed", version=1):
    """The unit's recognition changed. `case_id` names the decision that caused it; `staff_insured` counts the people it insures."""

    unit_id: str
    name: str
    region: str
    from_: UnitStatus
    to: UnitStatus
    request: int
    reason_code: str | None = None
    recognised_until: date | None = None
    case_id: str | None = None
    staff_insured: int | None = None


class UnitDecisionRefused(Message, type="unit.decision_refused", version=1):
    """A recognition decision could not be applied: the request it decided is not the current one."""

    unit_id: str
    case_id: str
    reason_code: str


class AccountRightsChanged(Message, type="account.rights_changed", version=1):
    """The account may do other things than before, or nothing (R24), or has a new password (R31).

    `rights` counts these changes: an access token that states a lower number says what holds no longer.
    """

    account_id: str
    rights: int

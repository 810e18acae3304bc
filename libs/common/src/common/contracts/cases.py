"""What audit says: cases, reference data. And `security`, which every service says."""

from datetime import datetime
from typing import Any

from pydantic import Field

from common.contracts.base import Message
from common.contracts.words import CaseKind, CaseStatus, EndKind, Role, Verdict


class CaseStatusChanged(Message, type="case.status_changed", version=1):
    """A case moved. DECIDING asks the subject's owner to apply `verdict`; the owner's own event then closes the case.

    `subject` is the aggregate decided about (person, unit or posting id), `application_id` set for eligibility,
    `subject_version` the request, revision or intent version decided about. An officer appears as office (region).
    `end_kind` goes with an objection that is upheld: how the internship did end (R17).
    """

    case_id: str
    kind: CaseKind
    from_: CaseStatus | None
    to: CaseStatus
    region: str
    subject: str
    subject_version: int
    application_id: str | None = None
    verdict: Verdict | None = None
    reason_code: str | None = None
    officer_region: str | None = None
    due_at: datetime | None = None
    end_kind: EndKind | None = None


class RelationsDeclared(Message, type="officer.relations_declared", version=1):
    """The units that an officer has declared a relation to: they decide about none of them (R14)."""

    officer_id: str
    unit_ids: tuple[str, ...]


class ReferenceItemSet(Message, type="reference.item_set", version=1):
    """One item of reference data in its new version: policy, calendar year, region, reason, wage, contact, category."""

    kind: str
    key: str
    item_version: int
    value: dict[str, Any]


class ReferenceChangeProposed(Message, type="reference.change_proposed", version=1):
    """An administrator has entered a change of what needs a province officer's approval: opens a policy case in the province (§5).

    `value` is the whole item as it would be; `region` where it would hold; `affected` how many open cases it bears on, by their kind.
    """

    proposal_id: str
    kind: str
    key: str
    region: str
    value: dict[str, Any]
    affected: dict[str, int] = Field(default_factory=dict)


class ReferenceChangeSettled(Message, type="reference.change_settled", version=1):
    """The proposal waits no longer: applied or turned down by the decision `case_id`, or withdrawn."""

    proposal_id: str
    applied: bool
    case_id: str | None = None
    reason_code: str | None = None


class ReferenceDecisionRefused(Message, type="reference.decision_refused", version=1):
    """An approved proposal could not be applied: it contradicts what was set since."""

    proposal_id: str
    case_id: str
    reason_code: str


class SecurityNoted(Message, type="security.noted", version=1):
    """A log-in, a reveal, a read of a document, an export, a revoked session (`common.store.security_notes.Deed`).

    `subject` is the id of whom or what it was about, or a region; `outcome` is ok or the code of a refusal. `unit_id` is the unit
    of the actor, `application_id` the application that allowed the deed.
    """

    kind: str
    actor_id: str
    actor_role: Role
    subject: str
    outcome: str
    unit_id: str | None = None
    application_id: str | None = None

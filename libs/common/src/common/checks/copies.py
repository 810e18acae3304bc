"""What the facts of one service leave behind in others (R27), as data: `common.checks.across` compares it with the databases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from common.contracts.words import CaseKind, Check, PostingStatus, Status, UnitStatus
from common.invariant import Invariant, invariant
from common.store.mongo import Document

COPY_KEPT = invariant("copy_kept", "其他服务保存的内容与所有者一致")
DECISION_FOUND = invariant("decision_found", "生效的决定在事项中可以查到，且是通过的", rule="G15")
QUESTION_STANDS = invariant("question_stands", "等待决定的对象，事项一方知道它在等待；不再等待的也知道", rule="R29")
CLOSED_DRAINED = invariant("closed_drained", "已关闭的岗位已无人待确认", rule="R9")

State = Mapping[str, Any]
Rows = dict[str, Document]
"""The fields of each row that is to be found, by its id."""


@dataclass(frozen=True)
class Copy:
    """`rows` of one document of `owner` are found in `copy` (both service.collection), with these fields in their state.

    `path` finds the owner's document by `key` of a copied row's id; empty where others have rows there too.
    """

    owner: str
    copy: str
    rows: Callable[[str, State], Rows]
    path: str = "_id"
    key: Callable[[str], str] = str
    invariant: Invariant = COPY_KEPT


def _person(id: str, state: State) -> Rows:
    identity = state["identity"]
    return {id: {"birth_date": identity["birth_date"], "resume_version": len(state["resumes"]) or None}} if identity else {}


def _posting(*names: str) -> Callable[[str, State], Rows]:
    """Heard of from its submission on."""

    def rows(id: str, state: State) -> Rows:
        flat = {**state["content"], "unit_id": state["unit_id"], "status": state["status"]}
        return {} if state["status"] == PostingStatus.DRAFT else {id: {name: flat[name] for name in names}}

    return rows


def _unit_of_applications(id: str, state: State) -> Rows:
    """Heard of once its status has changed."""
    recognised = {"recognised": state["status"] == UnitStatus.RECOGNISED, "region": state["facts"]["region"]}
    return {} if state["status"] == UnitStatus.REGISTERED else {id: recognised}


def _unit_of_postings(id: str, state: State) -> Rows:
    facts = state["facts"]
    staff = None if state["status"] == UnitStatus.REGISTERED else facts["staff_insured"]
    known = {"name": facts["name"], "region": facts["region"], "status": state["status"], "staff_insured": staff}
    return {id: {**known, "recognised_until": state["recognised_until"]}}


def _unit(*names: str) -> Callable[[str, State], Rows]:
    return lambda id, state: {id: {name: state["facts"][name] for name in names}}


def _applications(*names: str) -> Callable[[str, State], Rows]:
    return lambda id, state: {
        one["id"]: {"person_id": id, **{name: one[name] for name in names}} for one in state["applications"]
    }  # fmt: skip


def _checks(id: str, state: State) -> Rows:
    return {f"{id}:{intent['version']}": {"check": intent["check"]} for intent in state["intents"]}


def _case(*names: str) -> Callable[[str, State], Rows]:
    return lambda id, state: {id: {name: state[name] for name in names}}


def _seats(id: str, state: State) -> Rows:
    return {id: {"headcount": state["headcount"], "taken": len(state["holders"])}}


def _item(id: str, state: State) -> Rows:
    return {id: {name: state[name] for name in ("kind", "key", "version", "value")}}


def _approval_of_posting(id: str, state: State) -> Rows:
    public = state["status"] in (PostingStatus.PUBLISHED, PostingStatus.PAUSED)
    return {state["case_id"]: {"kind": "posting", "subject": id, "verdict": "approve"}} if public else {}


def _approvals_of_applications(id: str, state: State) -> Rows:
    approved = [one for one in state["applications"] if one["status"] in (Status.APPROVED, Status.ONBOARDED)]
    return {one["case_id"]: {"subject": id, "application_id": one["id"], "verdict": "approve"} for one in approved}


def _decision_of_unit(id: str, state: State) -> Rows:
    return {state["decided_by"]: {"kind": "recognition", "subject": id}} if state["decided_by"] else {}


def _waits_of_posting(id: str, state: State) -> Rows:
    return {} if state["status"] == PostingStatus.DRAFT else {f"posting:{id}::": {"waiting": state["status"] == PostingStatus.SUBMITTED}}


def _waits_of_unit(id: str, state: State) -> Rows:
    return {f"recognition:{id}::": {"waiting": state["waiting"], "version": state["request"]}} if state["request"] else {}


def _waits_of_person(id: str, state: State) -> Rows:
    """Of the newest review of who somebody is."""
    review = state["review"]
    return {f"identity:{id}::": {"waiting": review["status"] == "WAITING", "version": review["request"]}} if review else {}


def _waits_of_proposal(id: str, state: State) -> Rows:
    """Nothing while an approved one is about to be set: it is settled afterwards, or waits again."""
    return {} if state["status"] == "APPLYING" else {f"policy:{id}::": {"waiting": state["status"] == "WAITING"}}


def waits_of_candidacy(id: str, state: State) -> Rows:
    """Of the newest intent, of reviews, and of every question that was ever asked about an application.

    Where the newest intent needs no check, one of an older intent may wait for an application that was made with it (R13).
    """
    checks = [intent["check"] for intent in state["intents"][-1:] if intent["check"] != Check.NOT_NEEDED]
    rows: Rows = {f"unemployment:{id}::": {"waiting": check == Check.CHECKING} for check in checks}
    for one in state["applications"]:
        if one["status"] in _REVIEWED:
            rows[f"eligibility:{id}:{one['id']}:"] = {"waiting": one["status"] == Status.WILLING}
        for question in one["questions"]:
            row = f"{_KINDS.get(question['matter'], question['matter'])}:{id}:{one['id']}:{question['number']}"
            rows[row] = {"waiting": question["outcome"] is None, "version": question["number"]}
    return rows


def _drained(id: str, state: State) -> Rows:
    return {id: {"drained": True}} if state["status"] == PostingStatus.CLOSED else {}


_APPLICATION = "state.applications.id"
_REVIEWED = (Status.WILLING, Status.APPROVED, Status.DISAPPROVED, Status.ONBOARDED, Status.ABSENT, Status.TERMINATED)
ASKED = (CaseKind.OBJECTION, CaseKind.REINSTATEMENT, CaseKind.LIFT, CaseKind.RELEASE, CaseKind.COMPLAINT, CaseKind.SILENCE)
"""The kinds of cases that questions about applications open."""
_KINDS = {"end_request": CaseKind.COMPLAINT}
"""The kind of the case where the matter of the question has another name."""
COPIES = (
    Copy("accounts.people", "applications.people", _person),
    Copy("accounts.units", "applications.units", _unit_of_applications),
    Copy("accounts.units", "postings.units", _unit_of_postings),
    Copy("accounts.units", "audit.units", _unit("region")),
    Copy("accounts.units", "accounts.notice_units", _unit("name", "region")),
    Copy("accounts.units", "audit.cases", _decision_of_unit, "", invariant=DECISION_FOUND),
    Copy("postings.postings", "applications.postings", _posting("unit_id", "region", "status", "headcount", "deadline")),
    Copy("postings.postings", "accounts.notice_postings", _posting("title", "unit_id")),
    Copy("postings.postings", "audit.cases", _approval_of_posting, "", invariant=DECISION_FOUND),
    Copy("accounts.units", "audit.standings", _waits_of_unit, "", invariant=QUESTION_STANDS),
    Copy("accounts.people", "audit.standings", _waits_of_person, "", invariant=QUESTION_STANDS),
    Copy("postings.postings", "audit.standings", _waits_of_posting, "", invariant=QUESTION_STANDS),
    Copy("applications.candidacies", "audit.standings", waits_of_candidacy, "", invariant=QUESTION_STANDS),
    Copy("audit.proposals", "audit.standings", _waits_of_proposal, "", invariant=QUESTION_STANDS),
    Copy("postings.postings", "applications.seats", _drained, "", invariant=CLOSED_DRAINED),
    Copy("applications.seats", "postings.seats", _seats),
    Copy("applications.candidacies", "accounts.application_relations", _applications("unit_id", "status", "resume_version"), _APPLICATION),
    Copy("applications.candidacies", "accounts.notice_applications", _applications("unit_id", "posting_id", "status"), _APPLICATION),
    Copy("applications.candidacies", "audit.checks", _checks, key=lambda id: id.partition(":")[0]),
    Copy("applications.candidacies", "audit.cases", _approvals_of_applications, "", invariant=DECISION_FOUND),
    Copy("audit.cases", "accounts.case_relations", _case("kind", "subject", "region", "status", "application_id")),
    Copy("audit.cases", "accounts.notice_cases", _case("kind", "subject", "region", "status", "application_id")),
    *(Copy("audit.reference_items", f"{service}.reference_items", _item) for service in ("accounts", "postings", "applications")),
)

SAID = {
    "accounts.accounts": "accounts",
    "accounts.people": "people",
    "accounts.units": "units",
    "postings.postings": "postings",
    "applications.candidacies": "applications",
    "applications.seats": "seats",
    "audit.cases": "cases",
    "audit.reference_items": "reference",
    "audit.proposals": "reference",
}
"""The topic on which the aggregates of each collection speak: the ledger has what they said last."""

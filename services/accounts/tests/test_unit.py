"""A unit's status: every status against every deed (R15)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from accounts.domain import unit as units
from accounts.domain import unit_status
from accounts.domain.unit import FILES, STATUS_LABELS, FileKind, Unit, UnitFile
from common.contracts.words import UnitStatus, Verdict
from common.decision import Decision
from common.errors import Refusal
from common.reasons import StatedReason

from .builders import FACTS, LICENCE, OTHER, asked, unit

S = UnitStatus
UNTIL = date(2030, 1, 31)
REASON = StatedReason(code="complaints", text="示例原因")
OFFICER: dict[str, tuple[Callable[[Unit, StatedReason], Decision[Unit]], dict[UnitStatus, UnitStatus]]] = {
    "suspend": (unit_status.suspend, {S.RECOGNISED: S.SUSPENDED}),
    "resume": (unit_status.resume, {S.SUSPENDED: S.RECOGNISED}),
    "revoke": (unit_status.revoke, {S.RECOGNISED: S.REVOKED, S.SUSPENDED: S.REVOKED}),
}
REQUEST = {S.REGISTERED: S.REQUESTED, S.REFUSED: S.REQUESTED, S.EXPIRED: S.REQUESTED, S.RECOGNISED: S.RECOGNISED}
APPROVED = dict.fromkeys(S, S.RECOGNISED) | {S.SUSPENDED: S.SUSPENDED}
REFUSED = {status: status for status in S} | {S.REQUESTED: S.REFUSED}
WAITS = (S.REQUESTED, S.RECOGNISED, S.SUSPENDED, S.EXPIRED)
"""Where a unit may be while its latest request is not decided."""


@pytest.mark.rule("R15", "R18")
@pytest.mark.parametrize("deed", OFFICER)
@pytest.mark.parametrize("status", UnitStatus)
def test_an_office_moves_a_unit_as_the_table_says(status: UnitStatus, deed: str) -> None:
    act, table = OFFICER[deed]
    before = unit(status, waiting=status in WAITS)
    if status not in table:
        with pytest.raises(Refusal) as refused:
            act(before, REASON)
        assert refused.value.code == "unit_not_in_status"
        assert STATUS_LABELS[status] in refused.value.detail
        return
    decision = act(before, REASON)
    after, [event], [line] = decision.state, decision.events, decision.history
    assert after.status is table[status]
    assert after.reason == REASON
    assert after.waiting is (deed != "revoke")
    said = event.model_dump()
    assert (said["from"], said["to"], said["reason_code"], said["case_id"]) == (status, table[status], "complaints", None)
    assert "示例原因" not in str(said)
    assert (line.from_, line.to, line.reason_text) == (status, table[status], "示例原因")


@pytest.mark.rule("R15")
@pytest.mark.parametrize("waiting", [False, True])
@pytest.mark.parametrize("status", UnitStatus)
def test_recognition_is_asked_for_as_the_table_says(status: UnitStatus, waiting: bool) -> None:
    before = unit(status, waiting=waiting)
    if waiting or status not in REQUEST:
        with pytest.raises(Refusal, match="recognition_not_open"):
            units.request_recognition(before, asked())
        return
    decision = units.request_recognition(before, asked())
    after = decision.state
    assert (after.status, after.waiting, after.request) == (REQUEST[status], True, before.request + 1)
    request = decision.events[0].model_dump()
    assert (request["request"], request["uscc"], request["region"]) == (after.request, FACTS.uscc, FACTS.region)
    assert request["documents"] == (LICENCE.id,)
    moved = [event.TYPE for event in decision.events[1:]]
    assert moved == ([] if status is S.RECOGNISED else ["unit.status_changed"])


@pytest.mark.rule("R15")
@pytest.mark.parametrize(
    ("chosen", "code"), [((), "licence_needed"), ((OTHER.id,), "licence_needed"), ((LICENCE.id, "doc_foreign"), "unit_file_unknown")]
)
def test_a_request_needs_a_licence_among_the_units_own_files(chosen: tuple[str, ...], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        units.request_recognition(unit(), asked().but(document_ids=chosen))
    assert units.request_recognition(unit(), asked(LICENCE.id, OTHER.id)).state.asked == asked(LICENCE.id, OTHER.id)


@pytest.mark.rule("R15")
@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("status", WAITS)
def test_a_decision_moves_the_waiting_unit(status: UnitStatus, verdict: Verdict) -> None:
    before = unit(status, waiting=True)
    decision = units.decide(before, 1, "cas_1", verdict, "other" if verdict is Verdict.DISAPPROVE else None, UNTIL)
    after, [event] = decision.state, decision.events
    assert after.status is (APPROVED if verdict is Verdict.APPROVE else REFUSED)[status]
    assert not after.waiting
    assert after.recognised_until == (UNTIL if verdict is Verdict.APPROVE else before.recognised_until)
    said = event.model_dump()
    assert (said["to"], said["case_id"], said["request"]) == (after.status, "cas_1", 1)
    assert (said["recognised_until"], said["staff_insured"]) == (after.recognised_until, FACTS.staff_insured)
    again = units.decide(after, 1, "cas_1", verdict, None, UNTIL)
    assert (again.state, again.events) == (after, ())


@pytest.mark.rule("R15")
@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("status", WAITS)
@pytest.mark.parametrize("changes", [{}, {"name": "示例新名称"}, {"uscc": "new"}, {"name": "示例新名称", "uscc": "new"}])
def test_what_a_request_changes_holds_from_its_approval_on(status: UnitStatus, verdict: Verdict, changes: dict[str, str]) -> None:
    before = unit(status, waiting=True, asked=asked().but(**changes))
    after = units.decide(before, 1, "cas_1", verdict, None, UNTIL).state
    assert after.facts == (FACTS.but(**changes) if verdict is Verdict.APPROVE else FACTS)
    assert units.new_uscc(before, 1) == changes.get("uscc")
    assert units.new_uscc(before, 2) is units.new_uscc(after, 1) is None
    late = units.decide(before, 1, "cas_1", Verdict.APPROVE, None, UNTIL, uscc_taken=True)
    assert late.state == before
    assert [event.model_dump()["reason_code"] for event in late.events] == ["uscc_taken"]


@pytest.mark.rule("R15")
@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("status", UnitStatus)
def test_a_decision_about_no_waiting_request_is_answered_with_a_refusal(status: UnitStatus, verdict: Verdict) -> None:
    cases = [(unit(status), 1)] + ([(unit(status, waiting=True), number) for number in (0, 2)] if status in WAITS else [])
    for before, request in cases:
        decision = units.decide(before, request, "cas_late", verdict, None, UNTIL)
        assert decision.state == before
        assert [event.model_dump() for event in decision.events] == [
            {"unit_id": before.id, "case_id": "cas_late", "reason_code": "request_not_current"}
        ]


@pytest.mark.rule("R15")
@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize("status", UnitStatus)
def test_only_a_recognition_whose_last_day_is_over_expires(status: UnitStatus, days: int) -> None:
    before = unit(status, waiting=status in WAITS, recognised_until=UNTIL)
    after = units.expire(before, UNTIL + timedelta(days=days)).state
    expires = status is S.RECOGNISED and days > 0
    assert after.status is (S.EXPIRED if expires else status)
    assert after.waiting is before.waiting
    assert not units.expire(after, UNTIL + timedelta(days=days)).events


@pytest.mark.rule("R15")
def test_a_unit_registers_once_and_keeps_each_file_once() -> None:
    made = units.register(None, "unt_1", FACTS)
    assert made.events[0].model_dump() == {"unit_id": "unt_1", **FACTS.model_dump(include={"name", "uscc", "region"})}
    assert units.register(made.state, "unt_1", FACTS.but(name="示例")) == Decision(made.state)
    assert units.add_file(unit(), LICENCE).state == unit()
    full = unit(files=tuple(UnitFile(id=str(number), kind=FileKind.OTHER, name="示例") for number in range(FILES)))
    with pytest.raises(Refusal, match="unit_files_full"):
        units.add_file(full, LICENCE)
    assert units.add_file(full, full.files[0]).state == full

"""A posting from draft to closed, over HTTP and the events of other services."""

from datetime import timedelta

import pytest
from common.contracts.applications import SeatsDrained
from common.contracts.words import PostingStatus, Role, UnitStatus, Verdict
from common.decision import Actor
from common.ids import new_id

from .builders import decided, seats, unit_changed
from .conftest import MANAGER, Zone

OWN = "/units/me/postings"


@pytest.mark.rule("R16", "R9", "G15")
async def test_a_posting_goes_from_draft_to_closed(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.submitted(user)
    await zone.hear(f"cas_{id}", decided(id, case_id="cas_x"))
    for deed, status in (("pause", "PAUSED"), ("resume", "PUBLISHED"), ("close", "CLOSING")):
        answer = await zone.call("POST", f"{OWN}/{id}/{deed}", user)
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    await zone.hear(id, SeatsDrained(posting_id=id))
    said = await zone.said(id)
    assert [(event["from"], event["to"], event["revision"], event["case_id"]) for event in said] == [
        ("DRAFT", "SUBMITTED", 1, None),
        ("SUBMITTED", "PUBLISHED", 1, "cas_x"),
        ("PUBLISHED", "PAUSED", 1, None),
        ("PAUSED", "PUBLISHED", 1, None),
        ("PUBLISHED", "CLOSING", 1, None),
        ("CLOSING", "CLOSED", 1, None),
    ]
    assert "19900000001" not in str(said)
    assert "示例联系人" not in str(said)


@pytest.mark.rule("R16", "R18")
async def test_a_returned_posting_shows_the_reason_and_comes_again_as_the_next_revision(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.submitted(user)
    await zone.hear(f"cas_{id}", decided(id, Verdict.DISAPPROVE))
    shown = (await zone.call("GET", f"{OWN}/{id}", user)).json()
    assert (shown["status"], shown["reason"]) == ("RETURNED", {"code": "content_incomplete", "label": "岗位信息不完整", "text": None})
    assert (await zone.call("PATCH", f"{OWN}/{id}", user, {"duties": "整理示例数据，每周汇报"})).json()[
        "duties"
    ] == "整理示例数据，每周汇报"
    again = (await zone.call("POST", f"{OWN}/{id}/submit", user)).json()
    assert (again["status"], again["revision"], again["reason"]) == ("SUBMITTED", 2, None)


@pytest.mark.rule("R16")
async def test_a_decision_about_an_old_revision_is_answered_with_a_refusal(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.submitted(user)
    await zone.hear(f"cas_{id}_1", decided(id, Verdict.DISAPPROVE))
    await zone.call("POST", f"{OWN}/{id}/submit", user)
    late = await zone.hear("cas_late", decided(id, case_id="cas_late", revision=1))
    assert (await zone.said(id))[-1] == {"posting_id": id, "case_id": "cas_late", "reason_code": "revision_not_waiting"}
    before = len(await zone.said(id))
    await zone.hear("cas_late", late.data, seq=late.seq)
    assert len(await zone.said(id)) == before
    assert await zone.status(id) == PostingStatus.SUBMITTED


@pytest.mark.rule("G15", "R15")
async def test_approval_is_refused_when_the_unit_is_no_longer_recognised(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.submitted(user)
    assert user.unit_id
    await zone.hear(user.unit_id, unit_changed(user.unit_id, UnitStatus.SUSPENDED))
    await zone.hear(f"cas_{id}", decided(id))
    assert (await zone.said(id))[-1]["reason_code"] == "unit_not_recognised"
    assert await zone.status(id) == PostingStatus.SUBMITTED


async def test_decisions_about_other_things_and_unknown_postings_are_passed_over(zone: Zone) -> None:
    await zone.hear("cas_q", decided(new_id("pst")))
    id = await zone.submitted(await zone.recognised_unit())
    await zone.hear("cas_r", decided(id, kind="recognition"))
    await zone.hear("cas_r", decided(id, to="OPEN"))
    assert await zone.status(id) == PostingStatus.SUBMITTED


@pytest.mark.rule("G15")
async def test_only_a_recognised_unit_submits_though_any_may_draft(zone: Zone) -> None:
    user = Actor(id=new_id("usr"), role=Role.UNIT, unit_id=new_id("unt"), permissions=MANAGER)
    id = await zone.drafted(user)
    refused = await zone.call("POST", f"{OWN}/{id}/submit", user)
    assert (refused.status_code, refused.json()["code"], refused.json()["rule"]) == (409, "recognised_unit_needed", "G15")


@pytest.mark.rule("R15", "R9")
@pytest.mark.parametrize(
    ("standing", "status", "reason"),
    [
        (UnitStatus.SUSPENDED, "PAUSED", "unit_suspended"),
        (UnitStatus.REVOKED, "CLOSING", "unit_revoked"),
        (UnitStatus.EXPIRED, "CLOSING", "unit_expired"),
    ],
)
async def test_published_postings_follow_their_unit(zone: Zone, standing: UnitStatus, status: str, reason: str) -> None:
    user = await zone.recognised_unit()
    first, second, drafted = await zone.published(user), await zone.published(user), await zone.drafted(user)
    other = await zone.published()
    assert user.unit_id
    event = await zone.hear(user.unit_id, unit_changed(user.unit_id, standing))
    await zone.hear(user.unit_id, event.data, seq=event.seq)
    assert [await zone.status(id) for id in (first, second, drafted, other)] == [status, status, "DRAFT", "PUBLISHED"]
    assert (await zone.said(first))[-1]["reason_code"] == reason
    assert len(await zone.said(first)) == 3
    resumed = await zone.call("POST", f"{OWN}/{first}/resume", user)
    assert resumed.json()["code"] == ("recognised_unit_needed" if standing is UnitStatus.SUSPENDED else "posting_not_in_status")


@pytest.mark.rule("R15")
async def test_a_posting_that_cannot_be_read_does_not_keep_others_of_its_unit_public(zone: Zone) -> None:
    user = await zone.recognised_unit()
    bad, id = sorted([await zone.published(user), await zone.published(user)])
    assert user.unit_id
    await zone.parts.units.collection.update_one({"_id": user.unit_id}, {"$set": {"state.status": "REVOKED"}})
    await zone.parts.store.collection.update_one({"_id": bad}, {"$set": {"state.content": None}})
    await zone.service.jobs[0].run()
    assert await zone.status(id) == PostingStatus.CLOSING


@pytest.mark.rule("R15")
async def test_the_sweep_finds_a_posting_published_in_the_moment_of_the_suspension(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.published(user)
    assert user.unit_id
    await zone.parts.units.collection.update_one({"_id": user.unit_id}, {"$set": {"state.status": "SUSPENDED"}})
    for _ in range(2):
        await zone.service.jobs[0].run()
    assert await zone.status(id) == PostingStatus.PAUSED
    await zone.hear(user.unit_id, unit_changed(user.unit_id))
    assert (await zone.call("POST", f"{OWN}/{id}/resume", user)).json()["status"] == "PUBLISHED"


@pytest.mark.rule("R8", "R16")
async def test_places_and_a_later_deadline_change_while_published(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.published(user)
    await zone.hear(id, seats(id, 5, 3))
    today = zone.parts.clock.today()
    later, sooner = [(today + timedelta(days=days)).isoformat() for days in (200, 50)]
    changed = (await zone.call("PATCH", f"{OWN}/{id}", user, {"headcount": 8, "deadline": later})).json()
    assert (changed["headcount"], changed["taken"], changed["places_left"], changed["deadline"]) == (8, 3, 5, later)
    assert (await zone.said(id))[-1] == {"posting_id": id, "unit_id": user.unit_id, "headcount": 8, "deadline": later}
    for change, code in (
        ({"headcount": 2}, "headcount_below_taken"),
        ({"deadline": sooner}, "deadline_only_later"),
        ({"deadline": "9999-12-31"}, "posting_deadline_far"),
        ({"title": "示例其他岗位"}, "posting_text_fixed"),
    ):
        assert (await zone.call("PATCH", f"{OWN}/{id}", user, change)).json()["code"] == code


@pytest.mark.rule("R16", "R24")
async def test_contact_and_place_to_report_change_while_published_and_nobody_hears_of_it(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.published(user)
    said = await zone.said(id)
    change = {"contact": {"name": "示例新联系人", "phone": "19900000002"}, "report_to": "示例大厦二楼，上午八点"}
    assert (await zone.call("PATCH", f"{OWN}/{id}", user, change)).status_code == 200
    shown = (await zone.call("GET", f"/postings/{id}")).json()
    assert {name: shown[name] for name in change} == change
    assert await zone.said(id) == said
    assert (await zone.call("GET", f"{OWN}/{id}", user)).json()["history"][-1]["command"] == "change"


@pytest.mark.rule("R16")
@pytest.mark.parametrize(("deadline", "code"), [("0001-01-01", "posting_deadline_past"), ("9999-12-31", "posting_deadline_far")])
async def test_a_draft_takes_no_deadline_that_nobody_means(zone: Zone, deadline: str, code: str) -> None:
    user = await zone.recognised_unit()
    refused = await zone.call("POST", OWN, user, zone.body() | {"deadline": deadline})
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    id = await zone.drafted(user)
    assert (await zone.call("PATCH", f"{OWN}/{id}", user, {"deadline": deadline})).json()["code"] == code


@pytest.mark.rule("R8")
async def test_a_headcount_that_applications_refused_is_corrected(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.published(user)
    await zone.call("PATCH", f"{OWN}/{id}", user, {"headcount": 2})
    refused = await zone.hear(id, seats(id, 5, 3, refused=True))
    await zone.hear(id, refused.data, seq=refused.seq)
    assert [event["headcount"] for event in (await zone.said(id))[-2:]] == [2, 5]
    shown = (await zone.call("GET", f"{OWN}/{id}", user)).json()
    assert (shown["headcount"], shown["taken"]) == (5, 3)
    assert shown["history"][-1]["reason"]["code"] == "headcount_below_taken"


@pytest.mark.rule("R20")
async def test_the_same_key_drafts_once_and_another_body_under_it_is_refused(zone: Zone) -> None:
    user, key, body = await zone.recognised_unit(), new_id("key"), zone.body()
    first, second = [await zone.call("POST", OWN, user, body, key=key) for _ in range(2)]
    assert first.json() == second.json()
    assert (await zone.call("POST", OWN, user, body | {"title": "另一岗位"}, key=key)).json()["code"] == "idempotency_key_reused"
    assert len((await zone.call("GET", OWN, user)).json()["items"]) == 1


@pytest.mark.rule("R20")
async def test_the_history_says_who_when_from_to_why(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.published(user)
    lines = (await zone.call("GET", f"{OWN}/{id}", user)).json()["history"]
    assert [(line["command"], line["from_status"], line["to_status"], line["role"], line["user_id"]) for line in lines] == [
        ("draft", None, "DRAFT", "unit", user.id),
        ("submit", "DRAFT", "SUBMITTED", "unit", user.id),
        ("decide", "SUBMITTED", "PUBLISHED", "system", None),
    ]


@pytest.mark.rule("R24")
async def test_commands_need_the_permission_and_other_units_find_nothing(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.drafted(user)
    reader = user.but(permissions=frozenset())
    assert (await zone.call("GET", f"{OWN}/{id}", reader)).status_code == 200
    assert (await zone.call("POST", f"{OWN}/{id}/submit", reader)).status_code == 403
    stranger = await zone.recognised_unit()
    assert (await zone.call("GET", f"{OWN}/{id}", stranger)).status_code == 404
    bodies: dict[str, dict[str, str] | None] = {"PATCH": {}, "POST": None}
    for method, path in (("PATCH", ""), ("POST", "/submit"), ("POST", "/pause"), ("POST", "/resume"), ("POST", "/close")):
        body = bodies[method]
        assert (await zone.call(method, f"{OWN}/{id}{path}", stranger, body)).status_code == 404
        assert (await zone.call(method, f"{OWN}/{id}{path}", None, body)).status_code == 401
        assert (await zone.call(method, f"{OWN}/{id}{path}", Actor(id="per_1", role=Role.INTERN), body)).status_code == 403

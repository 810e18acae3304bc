"""One timeline of an application for intern, unit and officer (R18, R20), and what the intern sees before a deed (R2), over HTTP."""

from datetime import date
from typing import Any

import pytest
from common.contracts.cases import SecurityNoted
from common.contracts.people import PersonVerified
from common.contracts.words import Role, Status
from common.decision import Actor
from common.ids import new_id

from .builders import REASON, youth
from .conftest import ME, UNIT, Programme
from .test_papers import TERM, owing_intern

OFFICE = "示例南明区人力资源和社会保障局"


def officer(region: str) -> Actor:
    return Actor(id=new_id("stf"), role=Role.OFFICER, region=region)


async def timelines(programme: Programme, id: str, intern: Actor, unit: Actor) -> list[list[dict[str, Any]]]:
    """As intern, unit and officer read it."""
    paths = ((f"{ME}/{id}", intern), (f"{UNIT}/{id}", unit), (f"/applications/{id}", officer("520102")))
    return [(await programme.do("GET", path, who))["history"] for path, who in paths]


@pytest.mark.rule("R18", "R20", "R26")
async def test_all_parties_read_who_when_from_to_and_why_without_names_or_notes(programme: Programme) -> None:
    intern, unit = await owing_intern(programme), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.do("POST", f"{UNIT}/{id}/notes", unit, {"note": "示例：内部意见"})
    await programme.do("POST", f"{UNIT}/{id}/talk", unit, {"at": "2026-11-04T04:00:00Z", "place": "示例大厦3楼"})
    await programme.bring(intern, unit, id, Status.APPROVED)
    await programme.upload(f"{ME}/{id}/diploma", intern)
    await programme.do("POST", f"{UNIT}/{id}/refuse-diploma", unit, {"reason": {"code": "not_readable", "text": "示例：太模糊"}})
    mine, theirs, offices = await timelines(programme, id, intern, unit)
    assert mine == theirs == offices
    assert [(one["by_name"], one["deed"], one["from_name"], one["to_name"]) for one in mine] == [
        ("见习人员", "岗位投递", None, "待确认"),
        ("见习单位", "邀请面谈", None, "邀请面谈"),
        ("见习单位", "确认通过", "待确认", "确认通过"),
        ("见习人员", "确认意愿", "确认通过", "确认意愿"),
        ("人社经办人员", "确认审核通过", "确认意愿", "确认审核通过"),
        ("见习人员", "补交毕业证书", None, "补交毕业证书"),
        ("见习单位", "退回毕业证书", None, "退回毕业证书"),
    ]
    assert [one["office"] for one in mine] == [None] * 4 + [OFFICE, None, None]
    assert mine[-1]["reason"] == {"code": "not_readable", "label": "文件无法辨认", "text": "示例：太模糊"}
    assert not any(secret in str(mine) for secret in ("示例：内部意见", "示例大厦", unit.id, "stf_"))


@pytest.mark.rule("R14", "R20")
async def test_an_officer_reads_applications_of_the_region_alone(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    for region in ("520102", "520100", "520000"):
        read = await programme.do("GET", f"/applications/{id}", officer(region))
        assert (read["status"], read["talk"], read["notes"], read["previews"]) == ("PENDING", None, [], [])
    await programme.refused("unknown_application", 404, "GET", f"/applications/{id}", officer("520103"))
    await programme.refused("unknown_application", 404, "GET", f"/applications/{new_id('app')}", officer("520102"))
    for who in (intern, unit):
        await programme.refused("forbidden", 403, "GET", f"/applications/{id}", who)


@pytest.mark.rule("R2")
async def test_what_the_preview_shows_is_what_the_answer_does(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    wanted, offered, waiting = [await programme.submit(intern, await programme.posting(unit)) for _ in range(3)]
    for id in (wanted, offered):
        await programme.do("POST", f"{UNIT}/{id}/offer", unit)
    previews = {one["deed"]: one for one in (await programme.do("GET", f"{ME}/{wanted}", intern))["previews"]}
    accept, decline = previews["accept"], previews["decline"]
    assert (accept["deed_name"], accept["blocked"], accept["pending"], accept["max_pending"]) == ("确认意愿", True, 0, 10)
    assert (decline["to_name"], decline["others"], decline["blocked"], decline["pending"]) == ("确认无意愿", [], True, 1)
    told = {one["application_id"]: (one["to"], one["reason"]["label"]) for one in accept["others"]}
    assert told == {offered: ("UNWILLING", "已确认其他岗位"), waiting: ("WITHDRAWN", "已失效（已确认其他岗位）")}
    await programme.do("POST", f"{ME}/{wanted}/accept", intern)
    assert {id: await programme.status(intern, id) for id in told} == {id: to for id, (to, _) in told.items()}
    assert (await programme.do("GET", f"{UNIT}/{wanted}", unit))["previews"] == []


@pytest.mark.rule("R18", "R20")
async def test_a_rejection_and_an_early_end_say_why_to_everyone(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    rejected = await programme.submit(intern, await programme.posting(unit))
    await programme.do("POST", f"{UNIT}/{rejected}/reject", unit, REASON)
    ended = await programme.submit(intern, await programme.posting(unit))
    await programme.bring(intern, unit, ended, Status.APPROVED)
    await programme.do("POST", f"{UNIT}/{ended}/onboard", unit, TERM)
    appraisal = (await programme.upload(f"{UNIT}/{ended}/documents", unit, kind="appraisal"))["id"]
    ending = {"kind": "early", "end": "2026-11-02", "retained": False, "reason": {"code": "personal", "text": "示例：家中有事"}}
    await programme.do("POST", f"{UNIT}/{ended}/terminate", unit, ending | {"documents": [{"id": appraisal, "kind": "appraisal"}]})
    for id, label in ((rejected, "专业或技能与岗位要求不符"), (ended, "个人原因")):
        assert {lines[-1]["reason"]["label"] for lines in await timelines(programme, id, intern, unit)} == {label}


@pytest.mark.rule("R19", "R24")
async def test_what_others_read_of_a_minor_and_of_files_is_noted_before_it_leaves(programme: Programme) -> None:
    unit, minor, grown = await programme.unit(), await programme.verified(), await owing_intern(programme)
    await programme.hear(minor.id, PersonVerified(person_id=minor.id, birth_date=date(2009, 5, 1)))
    await programme.do("PUT", "/me/intent", minor, youth())
    posting_id = await programme.posting(unit)
    young, old = await programme.submit(minor, posting_id), await programme.submit(grown, posting_id)
    for id, intern in ((young, minor), (old, grown)):
        await timelines(programme, id, intern, unit)
    [form] = (await programme.do("GET", "/me/intent", grown))["form"]["documents"]
    for reader in (grown, officer("520102")):
        assert (await programme.call("GET", f"/documents/{form['id']}", reader)).status_code == 200
    await programme.refused("not_found", 404, "GET", f"/documents/{form['id']}", officer("520300"))
    rows = await programme.parts.notes.collection.find({}).to_list()
    noted = [SecurityNoted.model_validate_json(event["data"]) for row in rows for event in row["pending"]]
    assert sorted((note.kind, note.actor_role, note.subject, note.application_id or "") for note in noted) == [
        ("document_read", Role.OFFICER, form["id"], ""),
        ("minor_read", Role.OFFICER, minor.id, young),
        ("minor_read", Role.UNIT, minor.id, young),
    ]

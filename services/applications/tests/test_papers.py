"""Files about one application over HTTP: the owed diploma, the guardian's consent, the files of the end, and who may read them."""

from datetime import date
from typing import Any

import pytest
from applications.domain import uploads
from common.contracts.people import PersonVerified, ResumeSaved
from common.contracts.words import Role, Status
from common.decision import Actor
from common.ids import new_id

from .builders import PDF, owing, youth
from .conftest import ME, UNIT, Programme
from .domain.builders import DAY, NOON

TERM = {"start": "2026-11-02", "planned_end": "2027-05-01"}
OTHER_PDF = PDF + b" again"


async def owing_intern(programme: Programme) -> Actor:
    intern = await programme.verified()
    file = await programme.upload("/me/intent/documents", intern, PDF + intern.id.encode(), kind="recommendation_form")
    await programme.do("PUT", "/me/intent", intern, owing(file["id"]))
    return intern


async def approved(programme: Programme, intern: Actor, unit: Actor) -> str:
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.bring(intern, unit, id, Status.APPROVED)
    return id


@pytest.mark.rule("G13", "R18")
async def test_the_owed_diploma_is_delivered_refused_delivered_and_accepted_before_onboarding(programme: Programme) -> None:
    intern, unit = await owing_intern(programme), await programme.unit()
    id = await approved(programme, intern, unit)
    await programme.refused("diploma_owed", 409, "POST", f"{UNIT}/{id}/onboard", unit, TERM)
    await programme.refused("diploma_not_delivered", 409, "POST", f"{UNIT}/{id}/accept-diploma", unit)
    delivered = await programme.upload(f"{ME}/{id}/diploma", intern)
    assert delivered["diploma"]["state"] == "DELIVERED"
    await programme.refused("reason_needed", 422, "POST", f"{UNIT}/{id}/refuse-diploma", unit, {})
    await programme.do("POST", f"{UNIT}/{id}/refuse-diploma", unit, {"reason": {"code": "not_readable", "text": "示例：太暗"}})
    shown = (await programme.do("GET", f"{ME}/{id}", intern))["diploma"]
    assert (shown["state"], shown["refusal"]["label"], shown["refusal"]["text"]) == ("REFUSED", "文件无法辨认", "示例：太暗")
    scanned = await programme.upload(f"{UNIT}/{id}/documents", unit, OTHER_PDF, kind="diploma")
    assert scanned["application"]["diploma"] == {"state": "DELIVERED", "document_id": scanned["id"], "refusal": None}
    await programme.do("POST", f"{UNIT}/{id}/accept-diploma", unit)
    assert (await programme.do("POST", f"{UNIT}/{id}/onboard", unit, TERM))["status"] == "ONBOARDED"
    said = [event["diploma"] for event in await programme.said(intern.id) if event["type"] == "application.diploma_changed.v1"]
    assert said == ["DELIVERED", "REFUSED", "DELIVERED", "ACCEPTED"]
    lines = (await programme.do("GET", f"{ME}/{id}", intern))["history"]
    assert [line["reason"]["label"] for line in lines if line["to"] == "diploma REFUSED"] == ["文件无法辨认"]


@pytest.mark.rule("G13")
async def test_a_diploma_that_is_not_owed_is_not_taken(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    file = {"files": {"file": ("a.pdf", PDF)}}
    await programme.refused("wrong_status", 409, "POST", f"{ME}/{id}/diploma", intern, **file)
    await programme.bring(intern, unit, id, Status.WILLING)
    await programme.refused("diploma_not_owed", 409, "POST", f"{ME}/{id}/diploma", intern, **file)
    await programme.refused("invalid_input", 422, "POST", f"{ME}/{id}/diploma", intern)
    owing = await owing_intern(programme)
    other = await approved(programme, owing, unit)
    await programme.refused("file_type_refused", 415, "POST", f"{ME}/{other}/diploma", owing, files={"file": ("a.pdf", b"text")})


@pytest.mark.rule("G13", "R20")
async def test_the_same_key_with_another_file_is_refused(programme: Programme) -> None:
    intern, unit, key = await owing_intern(programme), await programme.unit(), new_id("key")
    id = await approved(programme, intern, unit)
    path = f"{ME}/{id}/diploma"
    first = await programme.do("POST", path, intern, key=key, files={"file": ("a.pdf", PDF)})
    assert await programme.do("POST", path, intern, key=key, files={"file": ("a.pdf", PDF)}) == first
    await programme.refused("idempotency_key_reused", 422, "POST", path, intern, key=key, files={"file": ("a.pdf", OTHER_PDF)})
    assert (await programme.do("GET", f"{ME}/{id}", intern))["diploma"] == first["diploma"]


@pytest.mark.rule("R20", "R19", "R17")
async def test_the_history_names_each_paper_that_the_unit_hands_in(programme: Programme) -> None:
    intern, unit = await owing_intern(programme), await programme.unit()
    id = await approved(programme, intern, unit)
    path = f"{UNIT}/{id}/documents"
    for kind in ("guardian_consent", "diploma"):
        await programme.upload(path, unit, kind=kind)
    await programme.do("POST", f"{UNIT}/{id}/accept-diploma", unit)
    await programme.do("POST", f"{UNIT}/{id}/onboard", unit, TERM)
    assert "hand_in" in (await programme.upload(path, unit, kind="appraisal"))["application"]["commands"]
    lines = (await programme.do("GET", f"{ME}/{id}", intern))["history"]
    deeds = [(line["by"], line["deed"]) for line in lines if line["from_status"] not in Status.__members__.values()]
    assert deeds[1:] == [
        ("unit", "提交监护人同意书"),
        ("unit", "补交毕业证书"),
        ("unit", "接收毕业证书"),
        ("unit", "上传终止材料"),
    ]


@pytest.mark.rule("R19")
async def test_a_minor_needs_the_guardians_consent_before_onboarding(programme: Programme) -> None:
    intern, unit = Actor(id=new_id("per"), role=Role.INTERN), await programme.unit()
    await programme.hear(intern.id, PersonVerified(person_id=intern.id, birth_date=date(2009, 6, 1)))
    await programme.hear(intern.id, ResumeSaved(person_id=intern.id, resume_version=1))
    await programme.do("PUT", "/me/intent", intern, youth())
    await programme.decide(intern)
    id = await approved(programme, intern, unit)
    await programme.refused("consent_needed", 409, "POST", f"{UNIT}/{id}/onboard", unit, TERM)
    given = await programme.upload(f"{ME}/{id}/consent", intern)
    assert [document["kind"] for document in given["documents"]] == ["guardian_consent"]
    assert (await programme.do("POST", f"{UNIT}/{id}/onboard", unit, TERM))["status"] == "ONBOARDED"


@pytest.mark.rule("G10", "R17", "R23", "R3", "R8")
async def test_a_termination_asks_for_its_files_and_ends_the_internship(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, posting_id := await programme.posting(unit))
    await programme.bring(intern, unit, id, Status.ONBOARDED)
    programme.at(NOON + 200 * DAY)
    path, ending = f"{UNIT}/{id}/terminate", {"kind": "completed", "end": "2027-05-01", "retained": True, "contract_date": "2027-05-02"}
    await programme.refused("termination_files_missing", 422, "POST", path, unit, ending)
    file = await programme.upload(f"{UNIT}/{id}/documents", unit, kind="appraisal")
    named = {"documents": [{"id": file["id"], "kind": "appraisal"}]}
    for changes, code in (
        ({"documents": [{"id": new_id("doc"), "kind": "appraisal"}]}, "unknown_document"),
        ({"documents": [{"id": file["id"], "kind": "agreement"}]}, "unknown_document"),
        (named | {"end": "2027-04-30"}, "not_completed"),
        (named | {"contract_date": None}, "contract_date"),
        (named | {"kind": "early"}, "reason_needed"),
        (named | {"kind": "early", "reason": {"code": "magic"}}, "reason_unknown"),
        (named | {"end": "2099-01-01"}, "end_date"),
        (named | {"kind": "over"}, "invalid_input"),
        (named | {"retained": None}, "invalid_input"),
        (named | {"note": "示例"}, "invalid_input"),
    ):
        await programme.refused(code, 422, "POST", path, unit, ending | changes)
    ended = await programme.do("POST", path, unit, ending | named)
    assert (ended["status"], ended["internship"]["end_kind"], ended["internship"]["retained"]) == ("TERMINATED", "completed", True)
    assert (await programme.seats(posting_id)).holders == (id,)
    last = (await programme.said(intern.id))[-1]
    assert (last["to"], last["end_kind"], last["end"], last["retained"]) == ("TERMINATED", "completed", "2027-05-01", True)
    await programme.refused("once_only", 409, "POST", ME, intern, {"posting_id": await programme.posting(unit)})


@pytest.mark.rule("R17")
async def test_files_of_the_end_are_taken_only_while_the_internship_runs(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    request = {"files": {"file": ("a.pdf", PDF)}}
    await programme.refused("wrong_status", 409, "POST", f"{UNIT}/{id}/documents", unit, data={"kind": "appraisal"}, **request)
    await programme.refused("invalid_input", 422, "POST", f"{UNIT}/{id}/documents", unit, data={"kind": "recommendation_form"}, **request)
    kept = programme.parts.candidacies.mongo.collection("documents")
    assert await kept.count_documents({"kind": {"$ne": "diploma"}}) == 0


@pytest.mark.rule("R17", "R20")
async def test_a_file_of_the_end_belongs_to_its_key_and_there_are_never_too_many(programme: Programme) -> None:
    intern, unit, key = await programme.intern(youth()), await programme.unit(), new_id("key")
    await programme.decide(intern)
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.bring(intern, unit, id, Status.ONBOARDED)
    path, kind = f"{UNIT}/{id}/documents", {"kind": "attendance"}

    def file(number: int) -> dict[str, Any]:
        return {"files": {"file": ("a.pdf", PDF + b"%d" % number)}, "data": kind}

    await programme.do("POST", path, unit, key=key, **file(1))
    await programme.refused("idempotency_key_reused", 422, "POST", path, unit, key=key, **file(2))
    for number in range(1, uploads.LIMIT + 1):
        await programme.do("POST", path, unit, **file(number))
    await programme.refused("files_full", 409, "POST", path, unit, **file(0))
    assert await kept(programme) == uploads.LIMIT


async def kept(programme: Programme) -> int:
    return await programme.parts.candidacies.mongo.collection("documents").count_documents({})

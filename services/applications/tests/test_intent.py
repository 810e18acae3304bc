"""The intent over HTTP: its gates, its files, its versions, and the eligibility answer."""

import asyncio
from typing import Any

import httpx2
import pytest
from applications.domain.intent_form import Declarations
from common.contracts.people import PersonVerified, ResumeSaved
from common.contracts.words import PostingStatus, Role, Verdict
from common.decision import Actor
from common.ids import new_id

from .builders import PDF, graduate, owing, posting_changed, youth
from .conftest import ME, Programme
from .domain.builders import PERSON

EMPLOYED = Declarations(not_employed=False, no_business_licence=True, no_earlier_internship=True)
INTENT, FILES, ELIGIBILITY = "/me/intent", "/me/intent/documents", "/me/eligibility"


@pytest.mark.rule("G2", "G3")
async def test_real_name_and_resume_come_before_the_intent(programme: Programme) -> None:
    intern = Actor(id=new_id("per"), role=Role.INTERN)
    await programme.refused("real_name_needed", 409, "PUT", INTENT, intern, youth())
    assert PERSON.birth_date
    await programme.hear(intern.id, PersonVerified(person_id=intern.id, birth_date=PERSON.birth_date), seq=1)
    await programme.refused("resume_needed", 409, "PUT", INTENT, intern, youth())
    await programme.refused("no_intent_yet", 404, "GET", INTENT, intern)
    assert await programme.said(intern.id) == []


@pytest.mark.rule("G2")
async def test_an_intent_sent_a_moment_before_its_grant_is_heard_of_is_registered(programme: Programme) -> None:
    intern = Actor(id=new_id("per"), role=Role.INTERN)
    sent = asyncio.create_task(programme.do("PUT", INTENT, intern, youth()))
    await asyncio.sleep(0)
    assert PERSON.birth_date
    await programme.hear(intern.id, PersonVerified(person_id=intern.id, birth_date=PERSON.birth_date), seq=1)
    await programme.hear(intern.id, ResumeSaved(person_id=intern.id, resume_version=1), seq=2)
    assert (await sent)["version"] == 1


@pytest.mark.rule("G3", "R12", "R13")
async def test_each_change_of_the_intent_is_a_version_and_the_same_form_is_none(programme: Programme) -> None:
    intern = await programme.intern(youth())
    again = await programme.do("PUT", INTENT, intern, youth())
    changed = await programme.do("PUT", INTENT, intern, youth(wanted_months=6))
    assert (again["version"], changed["version"], changed["check"]) == (1, 2, "CHECKING")
    assert await programme.do("GET", INTENT, intern) == changed
    assert [(event["type"], event["intent_version"]) for event in await programme.said(intern.id)] == [
        ("intent.registered.v1", 1),
        ("intent.registered.v1", 2),
    ]


@pytest.mark.rule("R13", "R18")
async def test_the_verdict_on_the_registration_is_shown_with_its_reason(programme: Programme) -> None:
    intern = await programme.intern(youth())
    await programme.decide(intern, verdict=Verdict.DISAPPROVE, reason_code="no_registration")
    shown = await programme.do("GET", INTENT, intern)
    assert (shown["check"], shown["check_reason"]["label"]) == ("FAILED", "未查到失业登记")


@pytest.mark.rule("G3")
async def test_a_file_is_what_its_content_says_and_the_same_content_is_one_file(programme: Programme) -> None:
    intern = await programme.verified()
    first, second = [await programme.upload(FILES, intern, kind="diploma") for _ in range(2)]
    assert first == second == {**first, "kind": "diploma", "content_type": "application/pdf", "size": len(PDF)}
    for content, kind, code, status in (
        (b"MZ not a document", "diploma", "file_type_refused", 415),
        (b"", "diploma", "file_type_refused", 415),
        (PDF, "appraisal", "invalid_input", 422),
        (PDF + b"0" * 10 * 1024 * 1024, "diploma", "body_too_large", 413),
    ):
        await programme.refused(code, status, "POST", FILES, intern, files={"file": ("a.pdf", content)}, data={"kind": kind})
    await programme.refused("invalid_input", 422, "POST", FILES, intern, {"kind": "diploma"})


@pytest.mark.rule("G3", "R20")
async def test_the_same_key_with_another_file_is_refused_and_nothing_of_it_is_kept(programme: Programme) -> None:
    intern, key = await programme.verified(), new_id("key")

    async def answer(content: bytes) -> httpx2.Response:
        return await programme.call("POST", FILES, intern, key=key, files={"file": ("a.pdf", content)}, data={"kind": "diploma"})

    first, repeated, other = [await answer(content) for content in (PDF, PDF, PDF + b" another")]
    assert (first.status_code, repeated.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await programme.parts.candidacies.mongo.collection("documents").count_documents({}) == 1


@pytest.mark.rule("G3")
async def test_an_intent_names_only_own_files_of_the_right_kind(programme: Programme) -> None:
    intern, other = await programme.verified(), await programme.verified()
    own = await programme.upload(FILES, intern, kind="recommendation_form")
    others = await programme.upload(FILES, other, kind="diploma")
    for document_id in (own["id"], others["id"], new_id("doc")):
        await programme.refused("unknown_document", 422, "PUT", INTENT, intern, graduate(document_id))
    assert (await programme.do("PUT", INTENT, intern, owing(own["id"])))["check"] == "NOT_NEEDED"


MALFORMED: list[tuple[dict[str, Any], str]] = [
    ({"more": 1}, "more（不认识的字段）"),
    ({"category": "pensioner"}, "category"),
    ({"school": " "}, "school"),
    ({"household_region": "52"}, "household_region"),
    ({"household_region": "000000"}, "household_region"),
    ({"residence_region": "520199"}, "常住地"),
    ({"graduation_date": "2026-13-01"}, "graduation_date"),
    ({"declarations": {"not_employed": True}}, "declarations.no_business_licence（必填）"),
    ({"education": "示例"}, "education"),
    ({"wanted_kinds": ["research"] * 5}, "wanted_kinds"),
    ({"education": "magic"}, "学历"),
]


@pytest.mark.rule("G3", "R20")
async def test_a_malformed_intent_is_refused_by_field_and_registers_nothing(programme: Programme) -> None:
    intern = await programme.verified()
    for wrong, problem in MALFORMED:
        answer = await programme.call("PUT", INTENT, intern, youth() | wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
        assert problem in answer.json()["detail"]
    assert await programme.said(intern.id) == []


@pytest.mark.rule("R20")
async def test_malformed_json_and_a_missing_key_are_refused(programme: Programme) -> None:
    intern = await programme.verified()
    await programme.refused("malformed_json", 400, "PUT", INTENT, intern, content=b"{")
    await programme.refused("idempotency_key_missing", 400, "PUT", INTENT, intern, youth(), key=None)
    await programme.refused("invalid_input", 422, "PUT", INTENT, intern, youth(), key="short")
    await programme.refused("unauthenticated", 401, "PUT", INTENT, None, youth())
    assert await programme.said(intern.id) == []


@pytest.mark.rule("R11", "G17")
async def test_eligibility_lists_every_rule_and_whom_to_ask(programme: Programme) -> None:
    intern = await programme.intern(youth())
    answer = await programme.do("GET", ELIGIBILITY, intern)
    results = {finding["line"]["rule"]: finding["line"]["result"] for finding in answer["findings"]}
    passed = dict.fromkeys(("age", "once_only", "employment", "licence", "consent"), "pass")
    assert results == {**passed, "registration": "pending"}
    assert (answer["day"], answer["eligible"], answer["may_apply"], answer["refused"]) == ("2026-11-02", True, True, None)
    assert [office["region"] for office in answer["ask"]] == ["520103", "support"]
    refused = (await programme.call("PUT", INTENT, intern, {})).json()
    assert refused["ask"].startswith(answer["ask"][0]["office"])
    [registration] = [finding for finding in answer["findings"] if finding["line"]["rule"] == "registration"]
    assert (registration["name"], registration["result_name"], registration["source"]["rule"]) == ("失业登记", "待办", "R13")
    assert registration["facts"] == [{"name": "office", "label": "失业登记机构", "value": "示例街道公共就业服务中心"}]
    assert [office["region"] for office in registration["offices"]] == ["520102", "support"]
    await programme.do("PUT", INTENT, intern, youth(declarations=EMPLOYED))
    answer = await programme.do("GET", ELIGIBILITY, intern)
    assert (answer["eligible"], answer["refused"]["gate"], answer["may_apply"]) == (False, "eligibility", False)


@pytest.mark.rule("R11")
async def test_eligibility_for_a_posting_says_what_would_refuse_it_and_does_nothing(programme: Programme) -> None:
    intern, unit = await programme.intern(), await programme.unit()
    posting_id = await programme.posting(unit)
    before = await programme.said(intern.id)
    assert (await programme.do("GET", ELIGIBILITY, intern, params={"posting_id": posting_id}))["refused"] is None
    assert unit.unit_id
    await programme.hear(posting_id, posting_changed(posting_id, unit.unit_id, PostingStatus.PAUSED))
    refused = (await programme.do("GET", ELIGIBILITY, intern, params={"posting_id": posting_id}))["refused"]
    assert (refused["gate"], refused["code"], "暂停" in refused["detail"]) == ("posting", "posting_paused", True)
    assert await programme.said(intern.id) == before
    await programme.refused("unknown_posting", 404, "GET", ELIGIBILITY, intern, params={"posting_id": new_id("pst")})
    await programme.refused("invalid_input", 422, "GET", ELIGIBILITY, intern, params={"posting_id": "$x"})


@pytest.mark.rule("R11", "G2", "G4")
async def test_before_the_intent_the_answer_names_the_step_that_is_missing(programme: Programme) -> None:
    answer = await programme.do("GET", ELIGIBILITY, await programme.verified())
    assert (answer["may_apply"], answer["eligible"], answer["findings"]) == (False, None, [])
    assert (answer["refused"]["gate"], answer["refused"]["code"]) == ("intent", "intent_needed")
    assert [step["result"] for step in answer["steps"]][:4] == ["pass", "pass", "fail", "pending"]
    assert [office["region"] for office in answer["ask"]] == ["520000", "support"]


@pytest.mark.rule("R12")
async def test_the_category_is_locked_while_an_application_blocks(programme: Programme) -> None:
    intern, unit = await programme.intern(youth()), await programme.unit()
    id = await programme.submit(intern, await programme.posting(unit))
    await programme.do("POST", f"/units/me/applications/{id}/offer", unit)
    file = await programme.upload(FILES, intern, kind="diploma")
    await programme.refused("category_locked", 409, "PUT", INTENT, intern, graduate(file["id"]))
    assert (await programme.do("PUT", INTENT, intern, youth(wanted_months=3)))["version"] == 2
    assert (await programme.do("GET", f"{ME}/{id}", intern))["intent_version"] == 1

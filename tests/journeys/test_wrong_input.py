"""Wrong input of every kind: the right answer with a stable code, and nothing changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from jianxi_local.caller import Caller, Json, Refused, Upload
from jianxi_local.people import Intern, Officer, Unit, pdf
from jianxi_local.town import Town


@dataclass
class People:
    """Somebody of each kind, and an application that waits."""

    town: Town
    visitor: Caller
    fresh: Intern
    intern: Intern
    stranger: Intern
    unit: Unit
    other_unit: Unit
    officer: Officer
    posting_id: str
    application_id: str
    used_key: str

    def all_they_see(self) -> list[Json]:
        """What any of these commands could change."""
        interns, units = (self.fresh, self.intern, self.stranger), (self.unit, self.other_unit)
        mine = [intern.get(path) for intern in interns for path in ("/me", "/me/applications")]
        ours = [unit.get(path) for unit in units for path in ("/units/me", "/units/me/postings")]
        return [*mine, self.intern.get("/me/intent"), *ours, self.unit.received(self.application_id)]


@pytest.fixture(scope="module")
def people(town: Town, unit: Unit, other_unit: Unit, nanming: Officer) -> People:
    intern = town.ready_intern()
    posting_id = unit.publish(nanming)
    application = intern.apply(posting_id)
    key = town.new_key()
    intern.patch("/me", {"email": "shili@example.com"}, key=key)
    return People(
        town, town.visitor(), town.intern(), intern, town.ready_intern(), unit, other_unit, nanming, posting_id, application["id"], key
    )


Attempt = Callable[[People], httpx2.Response]
JSON = {"content-type": "application/json"}


def call(who: str, method: str, path: str, **request: Any) -> Attempt:
    """`who` is a field of People; {posting_id} and {application_id} in the path are filled in, and the posting for THE_POSTING."""

    def attempt(people: People) -> httpx2.Response:
        caller: Caller = getattr(people, who)
        if request.get("json") is THE_POSTING:
            return caller.call(method, path, json={"posting_id": people.posting_id})
        return caller.call(method, path.format(**vars(people)), **request)

    return attempt


def without_key(people: People) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {people.intern.token}"}
    return people.town.http.post("/me/applications", json={"posting_id": people.posting_id}, headers=headers)


def key_reused(people: People) -> httpx2.Response:
    return people.intern.call("PATCH", "/me", json={"email": "shili2@example.com"}, key=people.used_key)


def raw(who: str, path: str, content: bytes, headers: dict[str, str] = JSON) -> Attempt:
    """A body as it stands; the caller's own client would send sound JSON only."""

    def attempt(people: People) -> httpx2.Response:
        caller: Caller = getattr(people, who)
        sent = {**headers, "Authorization": f"Bearer {caller.token}", "Idempotency-Key": people.town.new_key()}
        return people.town.http.post(path.format(**vars(people)), content=content, headers=sent)

    return attempt


def upload(kind: str, file: Upload) -> Attempt:
    return call("intern", "POST", "/me/intent/documents", files={"file": file}, data={"kind": kind})


def token(text: str) -> Attempt:
    return lambda people: people.town.http.get("/me/applications", headers={"Authorization": text})


APPLY = "/me/applications"
OFFER = "/units/me/applications/{application_id}/offer"
THE_POSTING = object()
STUDY = {"school": "示例学院", "major": "示例专业", "level": "bachelor", "start": "2019-09-01", "end": "2023-06-30"}
RESUME = {"education": [STUDY]}
HTML = ("page.html", b"<html></html>", "text/html")
DISGUISED = ("diploma.pdf", b"MZ\x90\x00", "application/pdf")
CASES: dict[str, tuple[Attempt, int, str]] = {
    "a resume before the real name": (call("fresh", "PUT", "/me/resume", json=RESUME), 409, "resume_needs_real_name"),
    "an application before all else": (call("fresh", "POST", APPLY, json=THE_POSTING), 409, "real_name_needed"),
    "a posting that nobody knows": (call("intern", "POST", APPLY, json={"posting_id": "pst_x"}), 404, "unknown_posting"),
    "no token": (token(""), 401, "unauthenticated"),
    "a forged token": (token("Bearer eyJhbGciOiJub25lIn0.e30."), 401, "unauthenticated"),
    "another role": (call("unit", "POST", APPLY, json={"posting_id": "pst_x"}), 403, "forbidden"),
    "an intern as a unit": (call("intern", "POST", OFFER), 403, "forbidden"),
    "a unit as an officer": (call("unit", "GET", "/cases"), 403, "forbidden"),
    "an officer as an administrator": (call("officer", "GET", "/staff"), 403, "forbidden"),
    "another unit's application": (call("other_unit", "POST", OFFER), 404, "unknown_application"),
    "another intern's application": (call("stranger", "GET", "/me/applications/{application_id}"), 404, "unknown_application"),
    "another intern's answer": (call("stranger", "POST", "/me/applications/{application_id}/withdraw"), 404, "unknown_application"),
    "another unit's posting": (call("other_unit", "POST", "/units/me/postings/{posting_id}/close"), 404, "not_found"),
    "an unknown path": (call("intern", "GET", "/me/nothing"), 404, "not_found"),
    "another method": (call("intern", "PUT", APPLY), 405, "method_not_allowed"),
    "malformed JSON": (raw("intern", APPLY, b'{"posting_id":'), 400, "malformed_json"),
    "not UTF-8": (raw("intern", APPLY, b'{"posting_id": "\xff\xfe"}'), 400, "malformed_json"),
    "deep JSON": (raw("intern", APPLY, b"[" * 20_000), 400, "malformed_json"),
    "unknown fields": (call("intern", "POST", APPLY, json={"posting_id": "pst_x", "status": "APPROVED"}), 422, "invalid_input"),
    "an operator for a value": (call("intern", "POST", APPLY, json={"posting_id": {"$gt": ""}}), 422, "invalid_input"),
    "a missing field": (call("intern", "POST", APPLY, json={}), 422, "invalid_input"),
    "no body": (call("intern", "POST", APPLY), 422, "invalid_input"),
    "an oversized body": (raw("intern", APPLY, b'"' + b"x" * 100_000 + b'"'), 413, "body_too_large"),
    "a wrong file type": (upload("diploma", HTML), 415, "file_type_refused"),
    "a disguised file": (upload("diploma", DISGUISED), 415, "file_type_refused"),
    "an unknown kind of file": (upload("poem", pdf("x")), 422, "invalid_input"),
    "no key": (without_key, 400, "idempotency_key_missing"),
    "a key reused with another body": (key_reused, 422, "idempotency_key_reused"),
    "an answer before the offer": (call("intern", "POST", "/me/applications/{application_id}/accept"), 409, "wrong_status"),
    "a refusal without a reason": (call("unit", "POST", "/units/me/applications/{application_id}/reject", json={}), 422, "reason_needed"),
}  # fmt: skip


RULES = {
    "a resume before the real name": pytest.mark.rule("G2"),
    "an application before all else": pytest.mark.rule("G4"),
    "no key": pytest.mark.rule("R20"),
    "a key reused with another body": pytest.mark.rule("R20"),
    "another unit's application": pytest.mark.rule("R24"),
    "a refusal without a reason": pytest.mark.rule("R18"),
}


@pytest.mark.parametrize("case", [pytest.param(case, marks=RULES.get(case, ())) for case in CASES])
def test_it_is_answered_and_changes_nothing(people: People, case: str) -> None:
    attempt, status, code = CASES[case]
    before = people.all_they_see()
    answer = attempt(people)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["detail"].endswith("。")
    assert people.all_they_see() == before


@pytest.mark.rule("G2", "G4")
def test_each_gate_says_which_step_is_missing(town: Town, unit: Unit, nanming: Officer) -> None:
    posting_id = unit.publish(nanming)
    intern = town.intern()
    codes = []
    for step in (lambda: None, intern.verify, intern.write_resume):
        step()
        with pytest.raises(Refused) as refused:
            intern.apply(posting_id)
        codes.append(refused.value.code)
    assert codes == ["real_name_needed", "resume_needed", "intent_needed"]
    intern.register_intent()
    assert intern.apply(posting_id)["status"] == "PENDING"

"""What people of the full sample set go through: each scene plays in one county and leaves what it is about behind."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from common.ids import derived_id

from jianxi_local.people import Intern, Officer, Unit, eligibility_case, pdf, unemployment_case, until
from jianxi_local.town import Town

OTHER = {"code": "other", "text": "示例说明"}
Scene = Callable[["Place"], object]


@dataclass(frozen=True)
class Place:
    """A county with its officer, one recognised unit and its open postings, which scenes take in turn."""

    town: Town
    officer: Officer
    unit: Unit
    postings: Sequence[str]
    turn: "itertools.count[int]"

    def openings(self, count: int) -> list[str]:
        """That many different postings, other ones each time."""
        first = next(self.turn)
        return [self.postings[(first + number) % len(self.postings)] for number in range(count)]

    def applied(self, **who: Any) -> tuple[Intern, str]:
        """A graduate with one application."""
        intern = self.town.ready_intern(**who)
        id: str = intern.apply(self.openings(1)[0])["id"]
        return intern, id

    def brought(self, *deeds: str) -> tuple[Intern, str]:
        """Along the straight way: offer, accept, approve, onboard, terminate."""
        intern, id = self.applied()
        for deed in deeds:
            self.do(deed, intern, id)
        return intern, id

    def do(self, deed: str, intern: Intern, id: str) -> None:
        if deed == "offer":
            self.unit.answer(id, "offer")
        elif deed == "accept":
            intern.answer(id, "accept")
        elif deed == "approve":
            self.officer.approve(eligibility_case(intern, intern.application(id)))
            intern.await_status(id, "APPROVED")
        elif deed == "onboard":
            self.unit.onboard(id)
        else:
            file = self.unit.attach(id, "appraisal")
            end = {"kind": "early", "end": self.town.today.isoformat(), "retained": False, "documents": [file], "reason": OTHER}
            self.unit.answer(id, "terminate", **end)

    def decide(self, case_id: str, verb: str, **body: Any) -> None:
        """What the officer does with a case, once it is there."""
        self.officer.case(case_id)
        self.officer.post(f"/cases/{case_id}/{verb}", body or None)

    def case_of(self, kind: str, intern: Intern, id: str) -> str:
        return derived_id("cas", kind, intern.id, id, "1")


WILLING = ("offer", "accept")
APPROVED = (*WILLING, "approve")
ONBOARDED = (*APPROVED, "onboard")
ENDED = (*ONBOARDED, "terminate")


def withdrawn(place: Place) -> None:
    intern, id = place.applied()
    intern.answer(id, "withdraw")


def rejected(place: Place) -> None:
    _, id = place.applied()
    place.unit.answer(id, "reject", reason=OTHER)


def declined(place: Place) -> None:
    intern, id = place.brought("offer")
    intern.answer(id, "decline")


def superseded(place: Place) -> None:
    """Two offers and one waiting application, of which one is accepted."""
    intern = place.town.ready_intern()
    ids = [intern.apply(posting_id)["id"] for posting_id in place.openings(3)]
    for id in ids[:2]:
        place.unit.answer(id, "offer")
    intern.answer(ids[0], "accept")


def reviewed(verb: str, **body: Any) -> Scene:
    """A review that an officer has claimed, returned or turned down."""

    def scene(place: Place) -> None:
        intern, id = place.brought(*WILLING)
        place.decide(eligibility_case(intern, intern.application(id)), verb, **body)

    return scene


def absent(place: Place) -> None:
    _, id = place.brought(*APPROVED)
    place.unit.answer(id, "absent", reason={"code": "did_not_come", "text": "示例说明"})


def release_asked(place: Place) -> None:
    intern, id = place.brought(*APPROVED)
    intern.post(f"/me/applications/{id}/release")


def asked(path: str, cause: str, *deeds: str) -> Scene:
    """A question that an intern asks officers."""

    def scene(place: Place) -> None:
        intern, id = place.brought(*deeds)
        intern.post(f"/me/applications/{id}/{path}", {"cause": cause, "text": "示例说明"})

    return scene


def upheld(place: Place) -> None:
    intern, id = place.brought(*ENDED)
    intern.post(f"/me/applications/{id}/objection", {"cause": "wrong_reason", "text": "示例说明"})
    place.decide(place.case_of("objection", intern, id), "approve", reason_code="unit", note="示例说明")


def youth(verb: str, age: int) -> Scene:
    """A registered unemployed youth whose registration is checked, turned down, or waits (`verb` empty)."""

    def scene(place: Place) -> None:
        intern = place.town.intern(age=age)
        intern.verify()
        intern.write_resume()
        county = place.officer.region
        intent = until(
            lambda: place.town.granted(lambda: intern.register_youth_intent(county, residence_region=county)), "the intent is registered"
        )
        if verb == "disapprove":
            place.decide(unemployment_case(intern, intent), verb, reason={"code": "no_registration", "text": "示例说明"})
        elif verb:
            place.decide(unemployment_case(intern, intent), verb)

    return scene


def identity(place: Place) -> None:
    intern = place.town.intern("示例·阿依")
    file = intern.upload("/me/identity-review/documents", pdf(f"{intern.id} 证明"))
    claimed = {"name": intern.name, "id_number": intern.id_number}
    intern.post("/me/identity-review", {**claimed, "region": place.officer.region, "documents": [file["id"]]})


NEW: Sequence[Scene] = (
    lambda place: place.applied(), withdrawn, rejected, lambda place: place.brought("offer"), declined, superseded,
    lambda place: place.brought(*WILLING), reviewed("claim"), reviewed("return", reason={"code": "evidence_missing", "text": "示例说明"}),
    reviewed("disapprove", reason=OTHER), lambda place: place.brought(*APPROVED), absent, lambda place: place.brought(*ONBOARDED),
    lambda place: place.brought(*ENDED), asked("objection", "wrong_reason", *ENDED), upheld, asked("lift", "unit_fault", *ENDED),
    asked("complaint", "no_mentor", *ONBOARDED), asked("end-request", "end_personal", *ONBOARDED),
    youth("", 16), youth("approve", 24), youth("disapprove", 20), identity,
)  # fmt: skip
"""What is done today."""
OLD: Sequence[Scene] = (
    lambda place: place.brought("offer"), lambda place: place.brought(*APPROVED), release_asked, lambda place: place.applied(),
)  # fmt: skip
"""What was begun some weeks ago and left: answers, reports and releases that have run out by today."""

"""The people of sample data, demo and journeys. Each acts through the public door only; all are plainly invented."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from common.ids import derived_id
from common.testing.people import make_mobile, make_uscc

from jianxi_local.caller import Caller, Json, Refused, Upload

if TYPE_CHECKING:
    from jianxi_local.town import Town

T = TypeVar("T")
PATIENCE_SECONDS = 45.0
PAUSE_SECONDS = 0.05
WAGE_FEN = 220_000


def until(probe: Callable[[], T | None], what: str) -> T:
    """What the probe finds, asked again and again: facts travel by Kafka. AssertionError when it takes too long."""
    end = time.monotonic() + PATIENCE_SECONDS
    while (found := probe()) is None:
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE_SECONDS:.0f} s: {what}")
        time.sleep(PAUSE_SECONDS)
    return found


def pdf(text: str) -> Upload:
    """A file that is one by its first bytes; every text makes another."""
    return f"{text}.pdf", f"%PDF-1.4\n% {text}\n%%EOF\n".encode(), "application/pdf"


class Registered(Caller):
    """Somebody who registered at the door: with a code sent to their phone."""

    def __init__(self, town: "Town", serial: int, login: str, path: str, profile: Mapping[str, Any]) -> None:
        super().__init__(town)
        self.town = town
        self.login = login
        self.phone = make_mobile(serial)
        self.post("/phone-codes", {"phone": self.phone, "purpose": "registration"})
        entry = {"login": login, "password": town.password, "phone": self.phone, "phone_code": town.sms_code(self.phone), **profile}
        self.post(path, entry)
        pair = self.log_in(login, town.password)
        self.id: str = pair["actor_id"]
        self.unit_id: str = pair["unit_id"] or ""


class Intern(Registered):
    """见习人员. Methods are the guide's steps, in its order."""

    def __init__(self, town: "Town", name: str, id_number: str, serial: int, login: str) -> None:
        super().__init__(town, serial, login, "/interns", {})
        self.name = name
        self.id_number = id_number

    def verify(self) -> Json:
        return self.post("/me/real-name", {"name": self.name, "id_number": self.id_number})

    def write_resume(self, skill: str = "办公软件") -> Json:
        study = {"school": "示例学院", "major": "示例专业", "level": "bachelor", "start": "2019-09-01", "end": "2023-06-30"}
        return self.put("/me/resume", {"education": [study], "skills": [skill]})

    def hand_in(self, kind: str) -> str:
        """The id of the uploaded file."""
        document: str = self.upload("/me/intent/documents", pdf(f"{self.id} {kind}"), kind=kind)["id"]
        return document

    def register_intent(self, *, months_since_diploma: int = 5, **changes: Any) -> Json:
        """As a graduate with the diploma attached, unless `changes` of the form say otherwise."""
        graduated = self.town.today - timedelta(days=30 * months_since_diploma)
        form: Json = {
            "category": "graduate",
            "education": "bachelor",
            "school": "示例学院",
            "major": "示例专业",
            "graduation_date": graduated.isoformat(),
            "household_region": "520102",
            "residence_region": "520103",
            "wanted_kinds": ["technical"],
            "declarations": {"not_employed": True, "no_business_licence": True, "no_earlier_internship": True},
        }
        if "category" not in changes and "documents" not in changes:
            form |= {"diploma_issued": graduated.isoformat(), "documents": [{"id": self.hand_in("diploma"), "kind": "diploma"}]}
        return self.put("/me/intent", form | changes)

    def register_youth_intent(self, registration_region: str, **changes: Any) -> Json:
        """As a registered unemployed youth."""
        registration = {"office": "示例街道办事处", "region": registration_region, "day": (self.town.today - timedelta(days=7)).isoformat()}
        schooling: Json = {"education": "senior_high", "graduation_date": (self.town.today - timedelta(days=400)).isoformat()}
        return self.register_intent(category="youth", registration=registration, **schooling, **changes)

    def apply(self, posting_id: str, *, key: str | None = None) -> Json:
        return self.post("/me/applications", {"posting_id": posting_id}, key=key)

    def application(self, id: str) -> Json:
        return self.get(f"/me/applications/{id}")

    def applications(self) -> list[Json]:
        items: list[Json] = self.get("/me/applications")["items"]
        return items

    def answer(self, id: str, answer: str) -> Json:
        """accept, decline or withdraw."""
        return self.post(f"/me/applications/{id}/{answer}")

    def deliver_diploma(self, id: str) -> Json:
        return self.upload(f"/me/applications/{id}/diploma", pdf(f"{id} 毕业证书"))

    def await_status(self, id: str, status: str) -> Json:
        """The application once it shows this status."""

        def probe() -> Json | None:
            application = self.application(id)
            return application if application["status"] == status else None

        return until(probe, f"the application is {status}")


class Unit(Registered):
    """见习单位, in the person of its first user."""

    def __init__(self, town: "Town", name: str, region: str, serial: int, login: str) -> None:
        profile = {"name": name, "uscc": make_uscc(serial), "region": region, "staff_insured": 50}
        super().__init__(town, serial, login, "/units", profile)
        self.name = name
        self.region = region

    def request_recognition(self) -> str:
        """The id of the case that an officer now has."""
        licence = self.upload("/units/me/documents", pdf(f"{self.unit_id} 营业执照"), kind="licence")["id"]
        asked = {"contact_name": "示例联系人", "contact_phone": self.phone, "document_ids": [licence], "not_labour_dispatch": True}
        request = self.post("/units/me/recognition", asked)["request"]
        return derived_id("cas", "recognition", self.unit_id, "", str(request))

    def draft(self, title: str = "示例岗位", *, headcount: int = 5, days_open: int = 60, **changes: Any) -> Json:
        content = {
            "title": title,
            "kind": "technical",
            "duties": "在带教老师指导下完成示例工作",
            "region": self.region,
            "headcount": headcount,
            "months": 6,
            "allowance_fen": WAGE_FEN,
            "mentor": "示例带教老师",
            "deadline": (self.town.today + timedelta(days=days_open)).isoformat(),
            "contact": {"name": "示例联系人", "phone": self.phone},
            "report_to": "示例大厦一楼前台，工作日9时",
        }
        return self.post("/units/me/postings", content | changes)

    def publish(self, officer: "Officer", title: str = "示例岗位", **content: Any) -> str:
        """The id of a posting that the officer has approved."""
        posting_id, case_id = self.declare(title, **content)
        officer.approve(case_id)
        self.await_posting(posting_id, "PUBLISHED")
        return posting_id

    def declare(self, title: str = "示例岗位", **content: Any) -> tuple[str, str]:
        """A posting submitted for approval: its id and its case's."""
        posting = self.draft(title, **content)
        submitted = self.post(f"/units/me/postings/{posting['id']}/submit")
        return submitted["id"], derived_id("cas", "posting", submitted["id"], "", str(submitted["revision"]))

    def received(self, id: str) -> Json:
        """An application to this unit."""
        return self.get(f"/units/me/applications/{id}")

    def answer(self, id: str, answer: str, **body: Any) -> Json:
        """offer, reject, accept-diploma, refuse-diploma, onboard, absent or terminate."""
        return self.post(f"/units/me/applications/{id}/{answer}", body or None)

    def onboard(self, id: str, months: int = 6) -> Json:
        start = self.town.today
        return self.answer(id, "onboard", start=start.isoformat(), planned_end=(start + timedelta(days=30 * months)).isoformat())

    def attach(self, id: str, kind: str) -> Json:
        """A file for the end of an internship, as the report of the end names it."""
        document = self.upload(f"/units/me/applications/{id}/documents", pdf(f"{id} {kind}"), kind=kind)
        return {"id": document["id"], "kind": kind}

    def await_posting(self, id: str, status: str) -> Json:
        def probe() -> Json | None:
            posting = self.get(f"/units/me/postings/{id}")
            return posting if posting["status"] == status else None

        return until(probe, f"the posting is {status}")

    def await_recognised(self) -> Json:
        def probe() -> Json | None:
            unit = self.get("/units/me")
            return unit if unit["status"] == "RECOGNISED" else None

        return until(probe, "the unit is recognised")


class Officer(Caller):
    """人社经办人员 of one office."""

    def __init__(self, town: "Town", login: str, region: str) -> None:
        super().__init__(town)
        self.login = login
        self.region = region
        self.log_in(login, town.password)

    def case(self, id: str) -> Json:
        """The case, waited for: it opens with an event."""

        def probe() -> Json | None:
            try:
                return self.get(f"/cases/{id}")
            except Refused as refused:
                if refused.status != 404:
                    raise
                return None

        return until(probe, f"the case {id} is open")

    def approve(self, id: str) -> Json:
        self.case(id)
        return self.post(f"/cases/{id}/approve")

    def disapprove(self, id: str, code: str, text: str) -> Json:
        self.case(id)
        return self.post(f"/cases/{id}/disapprove", {"reason": {"code": code, "text": text}})

    def await_case(self, id: str, status: str) -> Json:
        def probe() -> Json | None:
            case = self.case(id)
            return case if case["status"] == status else None

        return until(probe, f"the case is {status}")


def eligibility_case(intern: Intern, application: Json) -> str:
    """The id of the case about a WILLING application."""
    return derived_id("cas", "eligibility", intern.id, application["id"], str(application["intent_version"]))


def unemployment_case(intern: Intern, intent: Json) -> str:
    return derived_id("cas", "unemployment", intern.id, "", str(intent["version"]))

"""Who may take part, over HTTP: every rule with its result and its why, before applying and when applying (R11, G3, R31)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from jianxi_local.caller import Refused
from jianxi_local.people import Intern, Officer, Unit, eligibility_case, until
from jianxi_local.town import Town

from ..conftest import NANMING

ONE_DAY = timedelta(days=1)
Rules = dict[str, tuple[str, str]]
"""Result and why, by rule."""

FOR_ALL: Rules = {
    "once_only": ("pass", "first_internship"),
    "employment": ("pass", "not_employed"),
    "licence": ("pass", "no_business_licence"),
    "consent": ("pass", "of_age"),
}
RECENT, CHECKING = ("pass", "diploma_recent"), ("pending", "registration_checking")


def years_before(day: date, years: int) -> date:
    """The same day so many years ago; the last of February where it has none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def ready(town: Town, birth: date) -> Intern:
    """With real name and resume."""
    intern = town.intern(birth=birth)
    intern.verify()
    intern.write_resume()
    return intern


def with_diploma(town: Town, *, issued: date, birth: date | None = None) -> Intern:
    intern = ready(town, birth or years_before(town.today, 22))
    document = intern.hand_in("diploma")
    intern.register_intent(
        graduation_date=issued.isoformat(), diploma_issued=issued.isoformat(), documents=[{"id": document, "kind": "diploma"}]
    )
    return intern


def graduate(town: Town) -> Intern:
    return with_diploma(town, issued=town.today - timedelta(days=100))


def graduate_with_the_form(town: Town) -> Intern:
    intern = ready(town, years_before(town.today, 22))
    form = intern.hand_in("recommendation_form")
    intern.register_intent(graduation_date=town.today.isoformat(), documents=[{"id": form, "kind": "recommendation_form"}])
    return intern


def graduate_of_24_months_and_a_day(town: Town) -> Intern:
    return with_diploma(town, issued=years_before(town.today - ONE_DAY, 2))


def graduate_of_30(town: Town) -> Intern:
    return with_diploma(town, issued=town.today - timedelta(days=100), birth=years_before(town.today, 30))


def youth_born(town: Town, birth: date) -> Intern:
    intern = ready(town, birth)
    intern.register_youth_intent(NANMING)
    return intern


def youth_of_16(town: Town) -> Intern:
    """Since today."""
    return youth_born(town, years_before(town.today, 16))


def youth_of_24(town: Town) -> Intern:
    """Until today."""
    return youth_born(town, years_before(town.today, 25) + ONE_DAY)


def youth_of_25(town: Town) -> Intern:
    """Since today."""
    return youth_born(town, years_before(town.today, 25))


def former_participant(town: Town) -> Intern:
    """Who says so."""
    intern = graduate(town)
    intern.register_intent(declarations={"not_employed": True, "no_business_licence": True, "no_earlier_internship": False})
    return intern


EXPECTED: dict[Callable[[Town], Intern], Rules] = {
    graduate: {"diploma": RECENT, **FOR_ALL},
    graduate_with_the_form: {"diploma": ("pending", "diploma_owed"), **FOR_ALL},
    graduate_of_24_months_and_a_day: {"diploma": ("fail", "diploma_too_old"), **FOR_ALL},
    graduate_of_30: {"diploma": RECENT, **FOR_ALL},
    youth_of_16: {"age": ("pass", "age_fits"), "registration": CHECKING, **FOR_ALL, "consent": ("pending", "consent_needed")},
    youth_of_24: {"age": ("pass", "age_fits"), "registration": CHECKING, **FOR_ALL},
    youth_of_25: {"age": ("fail", "too_old"), "registration": CHECKING, **FOR_ALL},
    former_participant: {"diploma": RECENT, **FOR_ALL, "once_only": ("fail", "took_part_before")},
}


@pytest.fixture(scope="module")
def posting_id(unit: Unit, nanming: Officer) -> str:
    return unit.publish(nanming, "示例资格岗位")


@pytest.mark.rule("R11", "G3", "R18", "R19", "G17")
@pytest.mark.parametrize("somebody", EXPECTED, ids=lambda somebody: somebody.__name__)
def test_each_is_told_every_rule_and_let_in_or_refused_by_it(town: Town, posting_id: str, somebody: Callable[[Town], Intern]) -> None:
    intern, rules = somebody(town), EXPECTED[somebody]
    failing = [rule for rule, (result, _) in rules.items() if result == "fail"]
    for query in ({}, {"posting_id": posting_id}):
        answer = intern.get("/me/eligibility", **query)
        told = {finding["line"]["rule"]: (finding["line"]["result"], finding["line"]["why"]) for finding in answer["findings"]}
        assert (told, answer["eligible"]) == (rules, not failing)
        assert all(finding["sentence"] and finding["offices"] and finding["source"]["text"] for finding in answer["findings"])
        assert all(finding["remedy"] for finding in answer["findings"] if finding["line"]["result"] != "pass")
    if not failing:
        assert intern.apply(posting_id)["status"] == "PENDING"
        return
    with pytest.raises(Refused, match="not_eligible") as refused:
        intern.apply(posting_id)
    sentences = [finding["sentence"] + finding["remedy"] for finding in answer["findings"] if finding["line"]["rule"] in failing]
    assert refused.value.detail == f"您目前不符合见习条件：{''.join(sentences)}"
    assert intern.applications() == []


@pytest.mark.rule("R3", "R11", "G11")
def test_who_took_part_here_before_is_refused_by_name_and_told_why(town: Town, unit: Unit, nanming: Officer, posting_id: str) -> None:
    intern = graduate(town)
    application = intern.apply(posting_id)
    unit.answer(application["id"], "offer")
    nanming.approve(eligibility_case(intern, intern.answer(application["id"], "accept")))
    intern.await_status(application["id"], "APPROVED")
    unit.onboard(application["id"])
    files = [unit.attach(application["id"], kind) for kind in ("appraisal", "agreement")]
    reason = {"code": "personal", "text": "示例：本人另有安排"}
    ending = {"kind": "early", "end": town.today.isoformat(), "retained": False, "documents": files, "reason": reason}
    assert unit.answer(application["id"], "terminate", **ending)["status"] == "TERMINATED"
    answer = intern.get("/me/eligibility", posting_id=posting_id)
    once = next(finding["line"] for finding in answer["findings"] if finding["line"]["rule"] == "once_only")
    assert (answer["refused"]["gate"], once["result"], once["why"]) == ("once_only", "fail", "took_part_before")
    with pytest.raises(Refused, match="once_only"):
        intern.apply(posting_id)


@pytest.mark.rule("R31", "G2")
def test_a_second_account_with_the_same_number_is_refused_and_shown_the_way_back(town: Town, posting_id: str) -> None:
    first, second = graduate(town), town.intern()
    second.id_number, second.name = first.id_number, first.name
    with pytest.raises(Refused, match="id_number_taken") as refused:
        second.verify()
    assert "找回" in refused.value.detail
    assert second.get("/me/eligibility", posting_id=posting_id)["refused"]["gate"] == "real_name"
    until(lambda: first.apply(posting_id)["status"] == "PENDING" or None, "the first account goes on")

"""Who may take part (R11): a list of findings, one per rule, each with its why, what to do, and the facts it used.

One pure function serves the preview at the intent, the answer before applying, and the measurement on the day of submission.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from common.contracts.applications import RuleResult
from common.contracts.words import Category, Check, Status
from common.identity import age_on
from common.policy import Policy
from common.values import Value

from applications.domain.candidacy import Candidacy
from applications.domain.dates import months_after
from applications.domain.eligibility_words import WHYS
from applications.domain.intent_form import Intent, IntentDocumentKind, IntentForm

Answer = tuple[str, dict[str, str]]
"""The code of a why in `WHYS`, and the facts its sentence names."""


class Finding(Value):
    """`line` is what events and cases carry; `sentence` and `remedy` are what people read."""

    line: RuleResult
    sentence: str
    remedy: str
    facts: dict[str, str]


@dataclass(frozen=True)
class Subject:
    """Everything the rules look at. `day` is the day measured on; `took_part`: an earlier internship is on record."""

    form: IntentForm
    check: Check
    birth_date: date
    took_part: bool
    day: date
    policy: Policy


def explain(intent: Intent, birth_date: date, took_part: bool, day: date, policy: Policy) -> tuple[Finding, ...]:
    """Every rule of the intent's category, then those for all."""
    subject = Subject(intent.form, intent.check, birth_date, took_part, day, policy)
    return tuple(_finding(rule, judge(subject)) for rule, judge in {**RULES[intent.form.category], **COMMON_RULES}.items())


def took_part(candidacy: Candidacy) -> bool:
    """Whether an internship of this person has ended on record (R3)."""
    return bool(candidacy.in_status(Status.TERMINATED))


def age_band(birth_date: date, day: date) -> str:
    """The band that events and statistics carry instead of an age."""
    age = age_on(birth_date, day)
    return next((band for below, band in ((16, "under_16"), (18, "16_17"), (25, "18_24"), (30, "25_29")) if age < below), "30_plus")


def _finding(rule: str, answer: Answer) -> Finding:
    code, facts = answer
    why = WHYS[code]
    line = RuleResult(rule=rule, result=why.result, why=code)
    return Finding(line=line, sentence=why.sentence.format(**facts), remedy=why.remedy.format(**facts), facts=facts)


def _diploma(subject: Subject) -> Answer:
    issued = subject.form.diploma_issued
    if subject.form.attaches(IntentDocumentKind.DIPLOMA) and issued is not None:
        last_day = months_after(issued, subject.policy.graduate_months)
        facts = {"issued": str(issued), "last_day": str(last_day), "months": str(subject.policy.graduate_months)}
        return ("diploma_recent" if subject.day <= last_day else "diploma_too_old"), facts
    facts = {"year": str(subject.form.graduation_date.year)}
    if not subject.policy.recommendation_form_allowed:
        return "form_not_allowed", facts
    return ("diploma_owed" if subject.form.graduation_date.year == subject.day.year else "form_outdated"), facts


def _age(subject: Subject) -> Answer:
    age, low, high = age_on(subject.birth_date, subject.day), subject.policy.age_min, subject.policy.age_max
    code = "too_young" if age < low else "too_old" if age > high else "age_fits"
    return code, {"age": str(age), "low": str(low), "high": str(high), "day": str(subject.day)}


def _registration(subject: Subject) -> Answer:
    office = subject.form.registration.office if subject.form.registration else ""
    codes = {Check.PASSED: "registration_passed", Check.FAILED: "registration_failed"}
    return codes.get(subject.check, "registration_checking"), {"office": office}


def _once_only(subject: Subject) -> Answer:
    if not subject.took_part and subject.form.declarations.no_earlier_internship:
        return "first_internship", {}
    return ("took_part_before" if subject.policy.once_only else "may_take_part_again"), {}


def _employment(subject: Subject) -> Answer:
    return ("not_employed" if subject.form.declarations.not_employed else "employed"), {}


def _licence(subject: Subject) -> Answer:
    return ("no_business_licence" if subject.form.declarations.no_business_licence else "business_licence"), {}


RULES: dict[Category, dict[str, Callable[[Subject], Answer]]] = {
    Category.GRADUATE: {"diploma": _diploma},
    Category.YOUTH: {"age": _age, "registration": _registration},
}
COMMON_RULES: dict[str, Callable[[Subject], Answer]] = {"once_only": _once_only, "employment": _employment, "licence": _licence}

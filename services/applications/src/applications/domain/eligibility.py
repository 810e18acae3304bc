"""Who may take part (R11): a list of findings, one per rule, each with its why, what to do, whom to ask, and the facts it used.

One pure function serves the preview at the intent, the answer before applying, and the measurement on the day of submission. A review
and the first day at work look again at those rules alone that no delay can turn (`STANDING`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from common.contracts.applications import RuleResult
from common.contracts.eligibility import RULE_NAMES
from common.contracts.words import Category, Check, Status
from common.identity import age_on
from common.policy import Policy
from common.values import Value

from applications.domain.candidacy import Candidacy
from applications.domain.dates import adult_on, months_after
from applications.domain.eligibility_words import FACT_NAMES, SOURCES, WHYS
from applications.domain.intent_form import IntentDocumentKind, IntentForm

Answer = tuple[str, dict[str, str]]
"""The code of a why in `WHYS`, and the facts its sentence names."""


class Fact(Value):
    """What a rule looked at, for the person it is about; `name` is the code, `label` the word for it."""

    name: str
    label: str
    value: str


class Source(Value):
    """What a rule rests on: its id in the programme, what it asks, and the entries of policy in force (`region:effective:version`)."""

    rule: str
    text: str
    policy: tuple[str, ...]


class Finding(Value):
    """`line` is what events and cases carry; the rest is what people read. `ask` is the region whose office to ask."""

    line: RuleResult
    name: str
    sentence: str
    remedy: str
    facts: tuple[Fact, ...]
    ask: str
    source: Source


@dataclass(frozen=True)
class Standing:
    """What may turn out otherwise after the submission. `took_part`: an earlier internship is on record; `lifted`: one binds no more."""

    form: IntentForm
    check: Check
    took_part: bool
    policy: Policy
    lifted: bool = field(default=False, kw_only=True)


@dataclass(frozen=True)
class Subject(Standing):
    """Everything the rules look at. `day` is the day measured on; `region` that of the posting, else of the residence."""

    birth_date: date
    day: date
    region: str


def explain(subject: Subject) -> tuple[Finding, ...]:
    """Every rule of the intent's category, then those for all."""
    return tuple(_finding(rule, _judge(rule, subject), subject) for rule in RULES[subject.form.category])


def measure(subject: Subject) -> tuple[RuleResult, ...]:
    """The same answer in codes alone."""
    return tuple(_line(rule, _judge(rule, subject)[0]) for rule in RULES[subject.form.category])


def still(standing: Standing) -> dict[str, str]:
    """What a review and the first day look at again: the why of each of these rules."""
    return {rule: STANDING[rule](standing)[0] for rule in RULES[standing.form.category] if rule in STANDING}


def lifted(candidacy: Candidacy) -> bool:
    """Whether officers have lifted the block of an earlier internship (R3)."""
    return any(one.lifted_at is not None for one in candidacy.applications)


def took_part(candidacy: Candidacy) -> bool:
    """Whether an internship of this person has ended on record (R3)."""
    return any(one.lifted_at is None for one in candidacy.in_status(Status.TERMINATED))


def age_band(birth_date: date, day: date) -> str:
    """The band that events and statistics carry instead of an age."""
    age = age_on(birth_date, day)
    return next((band for below, band in ((16, "under_16"), (18, "16_17"), (25, "18_24"), (30, "25_29")) if age < below), "30_plus")


def _finding(rule: str, answer: Answer, subject: Subject) -> Finding:
    (code, facts), (source, text) = answer, SOURCES[rule]
    why = WHYS[code]
    registration = subject.form.registration
    return Finding(
        line=_line(rule, code),
        name=RULE_NAMES[rule],
        sentence=why.sentence.format(**facts),
        remedy=why.remedy.format(**facts),
        facts=tuple(Fact(name=name, label=FACT_NAMES[name], value=value) for name, value in facts.items()),
        ask=registration.region if rule == "registration" and registration else subject.region,
        source=Source(rule=source, text=text, policy=subject.policy.versions),
    )


def _line(rule: str, code: str) -> RuleResult:
    return RuleResult(rule=rule, result=WHYS[code].result, why=code)


def _judge(rule: str, subject: Subject) -> Answer:
    return MEASURED[rule](subject) if rule in MEASURED else STANDING[rule](subject)


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


def _registration(standing: Standing) -> Answer:
    office = standing.form.registration.office if standing.form.registration else ""
    codes = {Check.PASSED: "registration_passed", Check.FAILED: "registration_failed"}
    return codes.get(standing.check, "registration_checking"), {"office": office}


def _once_only(standing: Standing) -> Answer:
    if not standing.took_part and standing.form.declarations.no_earlier_internship:
        return "first_internship", {}
    if standing.lifted and not standing.took_part:
        return "block_lifted", {}
    return ("took_part_before" if standing.policy.once_only else "may_take_part_again"), {}


def _employment(standing: Standing) -> Answer:
    return ("not_employed" if standing.form.declarations.not_employed else "employed"), {}


def _licence(standing: Standing) -> Answer:
    return ("no_business_licence" if standing.form.declarations.no_business_licence else "business_licence"), {}


def _consent(subject: Subject) -> Answer:
    adult = adult_on(subject.birth_date)
    return (
        ("of_age", {"day": str(subject.day)})
        if adult <= subject.day
        else ("consent_needed", {"day": str(subject.day), "adult_on": str(adult)})
    )


MEASURED: dict[str, Callable[[Subject], Answer]] = {"diploma": _diploma, "age": _age, "consent": _consent}
"""By the day of submission, for good: nobody loses by others' delay."""

STANDING: dict[str, Callable[[Standing], Answer]] = {
    "registration": _registration,
    "once_only": _once_only,
    "employment": _employment,
    "licence": _licence,
}

_FOR_ALL = ("once_only", "employment", "licence", "consent")
RULES: dict[Category, tuple[str, ...]] = {
    Category.GRADUATE: ("diploma", *_FOR_ALL),
    Category.YOUTH: ("age", "registration", *_FOR_ALL),
}
"""Of each category, in the order in which they are told."""

"""What is looked at again after the submission: what may have changed since (R11), and an old pass of the unemployment check (R13)."""

from dataclasses import replace
from datetime import timedelta

from common.calendar import local_date
from common.contracts.applications import IntentRecheckAsked
from common.contracts.words import Check, Status
from common.decision import Command, Entry
from common.errors import RefusalKind
from common.reference import Reference

from applications.domain import eligibility, refusals
from applications.domain.candidacy import Application, Candidacy
from applications.domain.change import SeatedDecision
from applications.domain.eligibility import Standing
from applications.domain.intent_form import Intent
from applications.domain.status import COMMANDS

_FAILURES: dict[str, RefusalKind] = {
    "registration_failed": refusals.CHECK_NOT_PASSED,
    "took_part_before": refusals.TOOK_PART,
    "employed": refusals.EMPLOYED,
    "business_licence": refusals.LICENCE_HELD,
}
_OTHERWISE = {"approve": "确认审核不通过或退回补正", "onboard": "由其更新见习意愿，或确认未到岗"}
"""What else the party may do that is kept from a deed."""


def check_still(candidacy: Candidacy, application: Application, deed: str, reference: Reference, command: Command) -> None:
    """Evidence, once-only, employment and licence, as declared last; never age or months (R11). A review waits for the unemployment
    check (R13); the first day at work is hindered only by one that has failed since.

    Refuses with `unemployment_check_not_passed`, `intern_took_part`, `intern_employed` or `intern_holds_licence`.
    """
    whys = eligibility.still(_standing(candidacy, application, reference, command))
    label, otherwise = COMMANDS[deed].label, _OTHERWISE[deed]
    if application.status is Status.WILLING and whys.get("registration") == "registration_checking":
        raise refusals.CHECK_NOT_PASSED(deed=label)
    for why in whys.values():
        if why in _FAILURES:
            raise _FAILURES[why](deed=label, otherwise=otherwise)


def _standing(candidacy: Candidacy, application: Application, reference: Reference, command: Command) -> Standing:
    """The evidence of the application's category, with the declarations of the newest intent of any."""
    intent, newest = counting(candidacy, application), candidacy.intent
    assert newest is not None, "an application is made with an intent"
    form = intent.form.but(declarations=newest.form.declarations)
    policy = reference.policy(application.region, local_date(command.at))
    return Standing(form, intent.check, eligibility.took_part(candidacy), policy, lifted=eligibility.lifted(candidacy))


def counting(candidacy: Candidacy, application: Application) -> Intent:
    """The newest intent of the application's category, so that a corrected registration counts."""
    return [
        intent
        for intent in candidacy.intents
        if intent.form.category is application.category and intent.version >= application.intent_version
    ][-1]  # fmt: skip


def ask_where_old(decision: SeatedDecision, application: Application, reference: Reference, command: Command) -> SeatedDecision:
    """With the check of an outdated pass under way again; the same decision where it is not needed."""
    candidacy = decision.state
    intent, day = counting(candidacy, application), local_date(command.at)
    lasts = timedelta(days=reference.policy(application.region, day).evidence_recheck_days)
    if intent.check is not Check.PASSED or intent.checked_at is None or day <= local_date(intent.checked_at) + lasts:
        return decision
    asked = intent.but(check=Check.CHECKING, checked_at=None, check_case_id=None, check_reason=None)
    return replace(
        decision,
        state=candidacy.but(intents=tuple(asked if known.version == asked.version else known for known in candidacy.intents)),
        events=(*decision.events, _asked(candidacy.person_id, asked, application.age_band)),
        history=(*decision.history, Entry(to=asked.check, from_=intent.check, subject=f"intent {intent.version}")),
    )


def _asked(person_id: str, intent: Intent, age_band: str) -> IntentRecheckAsked:
    form = intent.form
    return IntentRecheckAsked(
        person_id=person_id,
        intent_version=intent.version,
        category=form.category,
        education=form.education,
        age_band=age_band,
        household_region=form.household_region,
        residence_region=form.residence_region,
        priority_group=form.priority_group,
        check=intent.check,
        registration_region=form.registration.region if form.registration else None,
    )

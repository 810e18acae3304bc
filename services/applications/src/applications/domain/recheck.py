"""A pass of the unemployment check lasts only so long: a review asks for an older one again (R13)."""

from dataclasses import replace
from datetime import timedelta

from common.calendar import local_date
from common.contracts.applications import IntentRecheckAsked
from common.contracts.words import Check
from common.decision import Command, Entry
from common.reference import Reference

from applications.domain.candidacy import Application, Candidacy
from applications.domain.change import SeatedDecision
from applications.domain.intent_form import Intent


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

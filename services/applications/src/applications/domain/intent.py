"""见习意愿登记 (G2, G3, R12, R13): registering and replacing the intent, and the verdict on its unemployment registration."""

from datetime import date

from common.calendar import local_date
from common.contracts.applications import IntentChecked, IntentRegistered
from common.contracts.words import OFFICIAL, Category, Check, Verdict
from common.decision import Command, Decision, Entry
from common.reference import Reference
from common.refusals import INVALID_INPUT

from applications.domain import refusals
from applications.domain.candidacy import Candidacy
from applications.domain.change import require_role
from applications.domain.eligibility import age_band
from applications.domain.facts import PersonFacts
from applications.domain.intent_form import Intent, IntentDocumentKind, IntentForm


def steps_before(person: PersonFacts) -> tuple[date, int]:
    """The birth date and the version of the resume. Refuses with `real_name_needed` or `resume_needed` (G2)."""
    if person.birth_date is None:
        raise refusals.REAL_NAME_NEEDED()
    if person.resume_version is None:
        raise refusals.RESUME_NEEDED()
    return person.birth_date, person.resume_version


def register(candidacy: Candidacy, form: IntentForm, person: PersonFacts, reference: Reference, command: Command) -> Decision[Candidacy]:
    """The first version or the next one; the same form again changes nothing (R12)."""
    require_role("register", command.actor)
    birth_date, _ = steps_before(person)
    day = local_date(command.at)
    current = candidacy.intent
    if current is not None and current.form == form:
        return Decision(candidacy)
    _check_choices(form, reference)
    _check_regions(form, reference, day)
    _check_category(candidacy, form)
    _check_evidence(form, day, reference)
    intent = _next_version(candidacy, form, command)
    return Decision(
        candidacy.but(intents=(*_kept(candidacy), intent)),
        (_registered(candidacy.person_id, intent, age_band(birth_date, day)),),
        (Entry(to=f"intent {intent.version}", from_=f"intent {current.version}" if current else None),),
    )


def apply_check(
    candidacy: Candidacy, version: int, verdict: Verdict, reason_code: str | None, case_id: str, command: Command
) -> Decision[Candidacy]:
    """The officer's verdict on the registration of one version (R13). Told twice it changes nothing; refuses with `intent_moved_on`."""
    require_role("check", command.actor)
    intent = next((known for known in candidacy.intents if known.version == version), None)
    if intent is None or intent.check is Check.NOT_NEEDED:
        raise refusals.INTENT_MOVED_ON()
    if intent.check_case_id == case_id:
        return Decision(candidacy)
    check = Check.PASSED if verdict is Verdict.APPROVE else Check.FAILED
    checked = intent.but(check=check, checked_at=command.at, check_case_id=case_id, check_reason=reason_code)
    event = IntentChecked(
        person_id=candidacy.person_id, intent_version=version, check=check, reason_code=reason_code, case_id=case_id
    )  # fmt: skip
    return Decision(
        candidacy.but(intents=tuple(checked if known.version == version else known for known in candidacy.intents)),
        (event,),
        (Entry(to=check, from_=intent.check, subject=f"intent {version}", reason_code=reason_code),),
    )


def _check_choices(form: IntentForm, reference: Reference) -> None:
    """What statistics count by comes from the lists of reference data."""
    if form.education not in reference.choices["education"]:
        raise INVALID_INPUT(problems="学历请从列表中选择")
    if form.priority_group is not None and form.priority_group not in reference.choices["priority_group"]:
        raise INVALID_INPUT(problems="重点群体请从列表中选择")


def _check_regions(form: IntentForm, reference: Reference, day: date) -> None:
    """The cases of an intent belong to offices of these regions (R14). The household may be registered anywhere."""
    if not reference.regions.contains(form.residence_region, day):
        raise INVALID_INPUT(problems="常住地请从地区列表中选择")
    if form.registration is not None and not reference.regions.contains(form.registration.region, day):
        raise INVALID_INPUT(problems="失业登记地请从地区列表中选择")


def _check_category(candidacy: Candidacy, form: IntentForm) -> None:
    """R12."""
    current = candidacy.intent
    if current is None or current.form.category is form.category:
        return
    for application in (one for one in candidacy.applications if one.binds):
        raise refusals.CATEGORY_LOCKED(status=OFFICIAL[application.status])


def _check_evidence(form: IntentForm, day: date, reference: Reference) -> None:
    """G3."""
    if form.category is Category.YOUTH:
        _check_registration(form, day, reference)
    elif form.attaches(IntentDocumentKind.DIPLOMA):
        if form.diploma_issued is None or form.diploma_issued > day:
            raise refusals.DIPLOMA_DATE()
    elif not form.attaches(IntentDocumentKind.RECOMMENDATION_FORM, IntentDocumentKind.OTHER_PROOF):
        raise refusals.PROOF_NEEDED()
    elif form.graduation_date.year != day.year or not reference.policy(form.residence_region, day).recommendation_form_allowed:
        raise refusals.DIPLOMA_NEEDED()


def _check_registration(form: IntentForm, day: date, reference: Reference) -> None:
    """At home, where a 户籍地 that was abolished since is its successor (R14)."""
    registration = form.registration
    if registration is None:
        raise refusals.REGISTRATION_NEEDED()
    if registration.day > day:
        raise refusals.REGISTRATION_DATE()
    if not any(reference.regions.is_within(home, registration.region) for home in (form.household_region, form.residence_region)):
        raise refusals.REGISTRATION_PLACE()


def _next_version(candidacy: Candidacy, form: IntentForm, command: Command) -> Intent:
    """A registration that is known keeps the state of its check, whatever was registered in between; a new one has to be checked."""
    version = candidacy.intent.version + 1 if candidacy.intent else 1
    for known in reversed(candidacy.intents):
        if (known.form.category, known.form.registration) == (form.category, form.registration):
            return known.but(version=version, registered_at=command.at, form=form)
    check = Check.CHECKING if form.category is Category.YOUTH else Check.NOT_NEEDED
    return Intent(version=version, registered_at=command.at, form=form, check=check)


def _kept(candidacy: Candidacy) -> tuple[Intent, ...]:
    """The versions that an application was made with, and the newest of each registration an officer has decided about (R13)."""
    used = {application.intent_version for application in candidacy.applications}
    decided = {known.form.registration: known.version for known in candidacy.intents if known.check in (Check.PASSED, Check.FAILED)}
    return tuple(known for known in candidacy.intents if known.version in used or known.version in decided.values())


def _registered(person_id: str, intent: Intent, band: str) -> IntentRegistered:
    form = intent.form
    return IntentRegistered(
        person_id=person_id,
        intent_version=intent.version,
        category=form.category,
        education=form.education,
        age_band=band,
        household_region=form.household_region,
        residence_region=form.residence_region,
        priority_group=form.priority_group,
        check=intent.check,
        registration_region=form.registration.region if form.registration and form.category is Category.YOUTH else None,
    )

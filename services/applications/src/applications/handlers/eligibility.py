"""Whether a person may take part, and may apply now (R11)."""

from common.decision import Actor

from applications.domain import eligibility, gates
from applications.domain.candidacy import Candidacy
from applications.domain.facts import PersonFacts
from applications.domain.gates import Attempt, Goal
from applications.explanations import EligibilityView
from applications.handlers import facts
from applications.repository import Applications


async def explain(applications: Applications, intern: Actor, posting_id: str | None) -> EligibilityView:
    """As of today: for one posting, or by the policy of the residence. Refuses with `unknown_posting`."""
    candidacy = await applications.candidacies.get(intern.id) or Candidacy(person_id=intern.id)
    person, goal = await _facts(applications, intern.id, posting_id)
    reference, day = await applications.reference(), applications.clock.today()
    attempt = Attempt(candidacy, person, goal, day, reference)
    steps = gates.look(attempt)
    findings = () if any(step.result == "pending" for step in steps) else eligibility.explain(attempt.subject())
    return EligibilityView.of(day, posting_id, steps, findings, attempt.region, reference)


async def _facts(applications: Applications, person_id: str, posting_id: str | None) -> tuple[PersonFacts, Goal | None]:
    if posting_id is None:
        return await facts.verified_person(applications, person_id), None
    wanted = await facts.submission(applications, person_id, posting_id)
    return wanted.person, Goal(wanted.posting, wanted.unit)

"""What facts of other services do here: they open cases, close them, and open them again.

Each effect first notes where the subject stands (only forward), then brings the cases into line with that: any order,
any repetition and any crash in between end in the same cases.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from common.contracts.applications import (
    ApplicationStatusChanged,
    CaseAsked,
    CaseSettled,
    CaseSupplemented,
    DecisionRefused,
    IntentChecked,
    IntentRecheckAsked,
    IntentRegistered,
    ReleaseAsked,
)
from common.contracts.cases import ReferenceChangeProposed, ReferenceChangeSettled, ReferenceDecisionRefused
from common.contracts.envelope import Event
from common.contracts.people import (
    PersonDecisionRefused,
    PersonReviewAsked,
    PersonReviewSettled,
    UnitDecisionRefused,
    UnitRecognitionRequested,
    UnitRegistered,
    UnitStatusChanged,
)
from common.contracts.postings import PostingDecisionRefused, PostingStatusChanged
from common.contracts.words import CaseKind, Check, PostingStatus, Status, UnitStatus
from common.decision import Command, Decision
from common.messaging.consumer import Effects
from common.web.command import by_the_clock, caused_by

from audit.cases import questions
from audit.cases.domain import facts
from audit.cases.domain.case import Case, Opening, Question, Standing, county_or_above
from audit.cases.handlers.case import due_instant
from audit.cases.repository import Cases, UnitRegion


class CaseSubscriber:
    """The effects, over the parts of `audit.cases`."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    def effects(self) -> Effects:
        return {
            UnitRegistered: self._unit_known,
            UnitRecognitionRequested: self._recognition_requested,
            UnitStatusChanged: self._unit_status_changed,
            PostingStatusChanged: self._posting_status_changed,
            IntentRegistered: self._intent_registered,
            IntentChecked: self._intent_checked,
            IntentRecheckAsked: self._intent_recheck_asked,
            ApplicationStatusChanged: self._application_status_changed,
            ReleaseAsked: self._release_asked,
            CaseAsked: self._case_asked,
            CaseSettled: self._case_settled,
            CaseSupplemented: self._case_supplemented,
            PersonReviewAsked: self._review_asked,
            PersonReviewSettled: self._review_settled,
            PersonDecisionRefused: self._decision_refused,
            UnitDecisionRefused: self._decision_refused,
            PostingDecisionRefused: self._decision_refused,
            DecisionRefused: self._decision_refused,
            ReferenceChangeProposed: self._change_proposed,
            ReferenceChangeSettled: self._change_settled,
            ReferenceDecisionRefused: self._decision_refused,
        }

    async def _unit_known(self, event: Event, message: UnitRegistered | UnitRecognitionRequested | UnitStatusChanged) -> None:
        await self._cases.units.put([(event, UnitRegion(region=message.region))])
        await self._align(message.unit_id)

    async def _recognition_requested(self, event: Event, message: UnitRecognitionRequested) -> None:
        await self._unit_known(event, message)
        await self._ask(event, questions.recognition(event, message))

    async def _unit_status_changed(self, event: Event, message: UnitStatusChanged) -> None:
        await self._unit_known(event, message)
        if message.case_id or message.to is UnitStatus.REVOKED:
            question = Question(kind=CaseKind.RECOGNITION, subject=message.unit_id, subject_version=message.request)
            await self._settle(event, question, message.case_id)

    async def _posting_status_changed(self, event: Event, message: PostingStatusChanged) -> None:
        unit = await self._cases.units.get(message.unit_id)
        question = questions.posting(event, message, unit.region if unit else message.region)
        if message.to is PostingStatus.SUBMITTED:
            await self._ask(event, question)
            await self._align(message.unit_id)
        else:
            await self._settle(event, question, message.case_id)

    async def _intent_registered(self, event: Event, message: IntentRegistered) -> None:
        await self._cases.note_check(event, message)
        question = questions.unemployment(event, message)
        await (self._ask(event, question) if message.check is Check.CHECKING else self._settle(event, question))
        await self._supplement(event, subject=message.person_id)

    async def _intent_checked(self, event: Event, message: IntentChecked) -> None:
        await self._cases.note_check(event, message)
        if message.check is not Check.CHECKING:
            question = Question(kind=CaseKind.UNEMPLOYMENT, subject=message.person_id, subject_version=message.intent_version)
            await self._settle(event, question, message.case_id)

    async def _intent_recheck_asked(self, event: Event, message: IntentRecheckAsked) -> None:
        await self._cases.note_check(event, message)
        await self._ask(event, questions.unemployment(event, message))

    async def _application_status_changed(self, event: Event, message: ApplicationStatusChanged) -> None:
        question = questions.eligibility(event, message)
        if message.to is Status.WILLING:
            await self._ask(event, question)
        elif message.from_ is Status.WILLING:
            await self._settle(event, question, message.case_id)

    async def _release_asked(self, event: Event, message: ReleaseAsked) -> None:
        for case in await self._cases.live(CaseKind.ELIGIBILITY, subject=message.person_id, application_id=message.application_id):
            due = await self._review_due(case.region, event)
            await self._apply(case.id, event, partial(facts.ask_release, seq=event.seq, at=event.time, due_at=due))

    async def _case_asked(self, event: Event, message: CaseAsked) -> None:
        await self._ask(event, questions.of_application(event, message))

    async def _case_settled(self, event: Event, message: CaseSettled) -> None:
        question = Question(
            kind=message.kind, subject=message.person_id, subject_version=message.number, application_id=message.application_id
        )
        await self._settle(event, question, message.case_id)

    async def _case_supplemented(self, event: Event, message: CaseSupplemented) -> None:
        await self._supplement(event, subject=message.person_id, application_id=message.application_id)

    async def _review_asked(self, event: Event, message: PersonReviewAsked) -> None:
        await self._ask(event, questions.identity(event, message))

    async def _review_settled(self, event: Event, message: PersonReviewSettled) -> None:
        question = Question(kind=CaseKind.IDENTITY, subject=message.person_id, subject_version=message.request)
        await self._settle(event, question, message.case_id)

    async def _change_proposed(self, event: Event, message: ReferenceChangeProposed) -> None:
        await self._ask(event, questions.policy(event, message))

    async def _change_settled(self, event: Event, message: ReferenceChangeSettled) -> None:
        question = Question(kind=CaseKind.POLICY, subject=message.proposal_id, subject_version=1)
        await self._settle(event, question, message.case_id)

    async def _decision_refused(
        self,
        event: Event,
        message: UnitDecisionRefused | PostingDecisionRefused | DecisionRefused | PersonDecisionRefused | ReferenceDecisionRefused,
    ) -> None:
        if await self._cases.store.get(message.case_id):
            await self._apply(message.case_id, event, partial(facts.refuse, seq=event.seq, reason_code=message.reason_code))

    async def _supplement(self, event: Event, **fields: str) -> None:
        """What the person hands in now answers the returned eligibility cases with these fields (R10)."""
        for case in await self._cases.live(CaseKind.ELIGIBILITY, **fields):
            due = await self._review_due(case.region, event)
            await self._apply(case.id, event, partial(facts.supplement_later, at=event.time, due_at=due))

    async def _ask(self, event: Event, opening: Opening) -> None:
        """The subject waits for a decision: open its case, unless it is known to have moved on; close those it has left behind."""
        standing = await self._cases.stand(event, opening, waiting=True)
        await self._close_what_waits_no_more(event, opening, standing)
        if standing.seq == event.seq:
            fresh = opening.case(await self._review_due(opening.region, event))
            command = caused_by("follow_subject", event.id, self._cases.clock.now())
            await self._cases.store.execute(fresh.id, command, lambda case: facts.open_case(case, fresh))

    async def _settle(self, event: Event, question: Question, case_id: str | None = None) -> None:
        """The subject waits no more; `case_id` names the decision that ended it."""
        standing = await self._cases.stand(event, question, waiting=False, case_id=case_id)
        await self._close_what_waits_no_more(event, question, standing)

    async def _close_what_waits_no_more(self, event: Event, question: Question, standing: Standing) -> None:
        for case in await self._cases.live(question.kind, **question.concerned):
            await self._apply(case.id, event, partial(facts.settle, standing=standing))

    async def _align(self, unit_id: str) -> None:
        """Posting cases belong to the county of the unit (R14), whichever of the two is heard of first."""
        unit = await self._cases.units.get(unit_id)
        if unit is None:
            return
        for case in await self._cases.live(CaseKind.POSTING, unit_id=unit_id):
            command = by_the_clock("align_with_unit", self._cases.clock.now())
            await self._execute(case.id, command, partial(facts.belong, region=county_or_above(unit.region)))

    async def _review_due(self, region: str, event: Event) -> datetime:
        return await due_instant(self._cases, county_or_above(region), event.time, lambda policy: policy.review_working_days)

    async def _apply(self, id: str, event: Event, decide: Callable[[Case], Decision[Case]]) -> None:
        await self._execute(id, caused_by("follow_subject", event.id, self._cases.clock.now()), decide)

    async def _execute(self, id: str, command: Command, decide: Callable[[Case], Decision[Case]]) -> None:
        def decide_existing(case: Case | None) -> Decision[Case]:
            assert case is not None, "cases are never deleted"
            return decide(case)

        await self._cases.store.execute(id, command, decide_existing)

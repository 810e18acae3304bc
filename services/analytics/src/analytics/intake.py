"""What each event is in a generation of histories: a step of an application or a case, or the newest state of a posting."""

from collections.abc import Sequence

from common.contracts.applications import ApplicationStatusChanged, EndCorrected, SeatsChanged
from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.postings import PostingChanged, PostingStatusChanged
from common.contracts.topics import APPLICATIONS, CASES, POSTINGS, SEATS
from common.contracts.words import PostingStatus
from common.regions import ancestors
from common.store.mongo import Document

from analytics.domain.history import CaseStep, Correction, Seats, Step
from analytics.repository import Histories, PostingRow, found_in, setting

TOPICS = (APPLICATIONS.name, CASES.name, POSTINGS.name, SEATS.name)
_OPEN = (PostingStatus.PUBLISHED, PostingStatus.PAUSED)


async def take_in(histories: Histories, events: Sequence[Event]) -> None:
    """A batch, in its order; what is not counted is passed over."""
    said = [(event, event.data) for event in events]
    await histories.grow(histories.applications, [row for event, _ in said if (row := _application_row(event)) is not None])
    await histories.grow(histories.cases, [_case_row(event, one) for event, one in said if isinstance(one, CaseStatusChanged)])
    for event, one in said:
        if isinstance(one, PostingStatusChanged):
            await histories.postings.put([(event, _posting(one))])
        elif isinstance(one, PostingChanged):
            await histories.postings.merge([(event, {"headcount": one.headcount})])
    seats = [(event, Seats(headcount=one.headcount, taken=one.taken)) for event, one in said if isinstance(one, SeatsChanged)]
    await histories.seats.put(seats)


def _application_row(event: Event) -> tuple[str, Document] | None:
    said = event.data
    if isinstance(said, ApplicationStatusChanged):
        stated = said.model_dump(include={"to", "reason_code", "reinstated", "end_kind", "retained"})
        step = Step(seq=event.seq, at=event.time, **stated)
        facts = said.model_dump(include={"region", "posting_id", "unit_id", "category", "age_band", "education"})
        return said.application_id, found_in(said.region) | setting(facts=facts, **{f"steps.{event.seq}": step.model_dump()})
    if isinstance(said, EndCorrected):
        corrected = Correction(seq=event.seq, at=event.time, **said.model_dump(include={"end_kind", "reason_code", "retained"}))
        return said.application_id, setting(**{f"corrections.{event.seq}": corrected.model_dump()})
    return None


def _case_row(event: Event, said: CaseStatusChanged) -> tuple[str, Document]:
    """A case may be transferred: it is found in every place that it ever belonged to, and belongs where its newest step says."""
    step = CaseStep(seq=event.seq, at=event.time, to=said.to, region=said.region, due_at=said.due_at)
    return said.case_id, found_in(said.region) | setting(facts={"kind": said.kind}, **{f"steps.{event.seq}": step.model_dump()})


def _posting(said: PostingStatusChanged) -> PostingRow:
    return PostingRow(
        unit_id=said.unit_id,
        region=said.region,
        places=ancestors(said.region),
        kind=said.kind,
        headcount=said.headcount,
        published=said.to in _OPEN,
    )

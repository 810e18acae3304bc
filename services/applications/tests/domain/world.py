"""The pure domain as its handlers use it: candidacies with their seats, the facts of others, what was said and written down."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from applications.domain import seats as places
from applications.domain.candidacy import Candidacy
from applications.domain.change import SeatedDecision
from applications.domain.facts import PersonFacts
from applications.domain.intent_form import IntentForm
from applications.domain.seats import Seats
from common.calendar import Calendar, local_date
from common.contracts.applications import ApplicationStatusChanged
from common.contracts.effects import effects_of
from common.contracts.words import Status
from common.decision import Actor, Command, Decision
from common.errors import Refusal
from common.policy import PolicyEntry, PolicyTable
from common.reference import Reference

from . import builders as b
from .model import ARROWS, Model, Person, Rules

START = datetime(2026, 10, 12, 1, tzinfo=UTC)
LATEST = date(2027, 1, 12)
"""No holiday of the following spring is near a term that begins until then."""
HEADCOUNT = {"pos_1": 1, "pos_2": 1, "pos_3": 2, "pos_4": 3}
HOLIDAY = date(2027, 1, 1)

FORMS: dict[str, tuple[IntentForm, PersonFacts, date]] = {
    "per_1": (b.graduate_form(diploma_issued=date(2024, 12, 1)), b.PERSON, date(2026, 12, 1)),
    "per_2": (b.owing_form(), b.PERSON, date(2026, 12, 31)),
    "per_3": (b.youth_form(registration=b.REGISTRATION), PersonFacts(birth_date=date(2001, 12, 8), resume_version=1), date(2026, 12, 7)),
    "per_4": (b.graduate_form(diploma_issued=date(2026, 9, 1)), b.PERSON, date(2028, 9, 1)),
}
"""A diploma that soon is too old, one that is owed, a youth who soon is 25, and one whom no day stops."""


@dataclass(frozen=True)
class Mail:
    """An officer's decision on its way: about an application, or about the registration of an intent version."""

    case: str
    seq: int
    verdict: str
    application: str | None = None
    person: str | None = None
    version: int = 0


@dataclass
class World:
    now: datetime = START
    reference: Reference = b.REFERENCE
    people: dict[str, Candidacy] = field(default_factory=dict)
    seats: dict[str, Seats] = field(default_factory=dict)
    chains: dict[str, Status | None] = field(default_factory=dict)
    said: list[ApplicationStatusChanged] = field(default_factory=list)
    commands: int = 0

    def __post_init__(self) -> None:
        self.people = {id: b.registered(form, START, facts).but(person_id=id) for id, (form, facts, _) in FORMS.items()}
        self.seats = {posting: Seats(posting_id=posting, headcount=count) for posting, count in HEADCOUNT.items()}

    @property
    def today(self) -> date:
        return local_date(self.now)

    def by(self, actor: Actor) -> Command:
        self.commands += 1
        return b.by(actor, self.now, key=str(self.commands))

    def perform(self, person: str, decide: Callable[[Candidacy], Decision[Candidacy]]) -> bool:
        """Candidacy and seats together, or not at all."""
        try:
            decision = decide(self.people[person])
            moves = decision.moves if isinstance(decision, SeatedDecision) else ()
            moved = {move.posting_id: places.move(self.seats[move.posting_id], move).state for move in moves}
        except Refusal:
            return False
        self._write_down(decision)
        self.people[person] = decision.state
        self.seats |= moved
        return True

    def _write_down(self, decision: Decision[Candidacy]) -> None:
        """Each change of status is one event and one line of history that continues the last one, along an arrow with a row of effects."""
        events = [event for event in decision.events if isinstance(event, ApplicationStatusChanged)]
        lines = [entry for entry in decision.history if entry.to in set(Status)]
        assert [(event.application_id, event.from_, event.to) for event in events] == [(e.subject, e.from_, e.to) for e in lines]
        for event in events:
            assert (event.from_, event.to) in ARROWS
            assert self.chains.get(event.application_id) == event.from_
            assert effects_of(event)
            self.chains[event.application_id] = event.to
        self.said += events

    def set_policy(self, policies: dict[date, tuple[int, int, bool]]) -> None:
        entries = [
            PolicyEntry(
                region=b.COUNTY,
                effective=since,
                version=1,
                changes={"max_pending": pending, "answer_working_days": days, "once_only": once},
            )
            for since, (pending, days, once) in policies.items()
        ]
        self.reference = replace(self.reference, policies=PolicyTable.of(entries))

    def set_calendar(self, version: int, off: set[date]) -> None:
        """Days off beside those of the package, from a newer notice."""
        years = {
            number: year.but(holidays={**year.holidays, **{day: "示例假日" for day in off if day.year == number}})
            for number, year in b.REFERENCE.calendar.years.items()
        }
        self.reference = replace(self.reference, calendar=Calendar(version=version, years=years))

    def wait(self, wanted: timedelta) -> None:
        last = datetime(LATEST.year, LATEST.month, LATEST.day, tzinfo=UTC)
        self.now = max(self.now, min(self.now + wanted, last))


def modelled(world: World) -> Model:
    """The model of a world that has just begun."""
    people = {
        id: Person(last_day=last_day, check="CHECKING" if form.registration else "NOT_NEEDED", registered_at=START)
        for id, (form, _, last_day) in FORMS.items()
    }
    rules = Rules({date(2026, 1, 1): (3, 5, True)}, {HOLIDAY}, world.reference.calendar.version)
    world.set_policy(rules.policies)
    return Model(dict(HEADCOUNT), people, rules)

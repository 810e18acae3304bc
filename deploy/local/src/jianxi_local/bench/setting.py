"""Who and what a benchmark acts with: a hundred units with their postings, an officer for each county, a fresh intern for each flow."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from common.contracts.words import Permission, Role
from common.decision import Actor
from common.testing.crowd import Crowd
from common.testing.tokens import sign
from common.tokens import TokenVerifier

from jianxi_local import fill
from jianxi_local.caller import Caller, Json
from jianxi_local.people import Officer, Unit, until
from jianxi_local.sample import NANMING, PROVINCE, create_first_administrator
from jianxi_local.stack import Stack
from jianxi_local.town import Town

UNITS, POSTINGS = 100, 200
HOT_SEATS = 5
SEED = "jianxi-bench"


@dataclass(frozen=True)
class Place:
    """A posting, and a token of the unit's user who answers."""

    posting_id: str
    unit: str


@dataclass
class Setting:
    """`places`, `officers` by region and `interns` hold tokens of the round that has begun."""

    stack: Stack
    town: Town
    hot_unit: Unit
    hot_officer: Officer
    _places: Sequence[Mapping[str, str]]
    _officers: Mapping[str, Actor]
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    places: list[Place] = field(default_factory=list)
    officers: dict[str, str] = field(default_factory=dict)

    def begin(self) -> None:
        """New tokens for all who stay: they live for minutes."""
        units = {row["user_id"]: row["unit_id"] for row in self._places}
        tokens = {
            user: self.sign(Actor(id=user, role=Role.UNIT, unit_id=unit, permissions=frozenset(Permission))) for user, unit in units.items()
        }
        self.places = [Place(row["posting_id"], tokens[row["user_id"]]) for row in self._places]
        self.officers = {region: self.sign(actor) for region, actor in self._officers.items()}

    def interns(self, count: int) -> list[str]:
        """Tokens of so many who have not applied yet."""
        people = itertools.islice(self._numbers, count)
        return [self.sign(Actor(id=Crowd.CANDIDATES.person_id(number), role=Role.INTERN)) for number in people]

    def hot_place(self) -> Place:
        """A new posting that everybody wants."""
        posting_id = self.hot_unit.publish(self.hot_officer, "示例抢手岗位", headcount=HOT_SEATS)
        unit = Actor(id=self.hot_unit.id, role=Role.UNIT, unit_id=self.hot_unit.unit_id, permissions=frozenset(Permission))
        return Place(posting_id, self.sign(unit))

    def sign(self, actor: Actor) -> str:
        return sign(self.stack.keys.token_private, actor, seconds=3600)


def prepare(stack: Stack, interns: int, closed: int = 0) -> Setting:
    """By the door and by the services' own handlers and stores, as `./jianxi fill` does it."""
    town = Town.of(stack, SEED)
    create_first_administrator(stack, "admin", town.password)
    administrator = town.logged_in("admin")
    _need_no_files(administrator, town)
    size = fill.Size(queue=0, applicants=0, closed=closed, postings=POSTINGS, units=UNITS, candidates=interns)
    filled = fill.fill(stack, town, administrator, size, {})
    verifier = TokenVerifier(stack.keys.token_public)
    officers = {region: verifier.actor(str(officer.token)) for region, officer in filled.officers.items()}
    officer = town.officer(administrator, NANMING)
    officers[NANMING] = verifier.actor(str(officer.token))
    return Setting(stack, town, town.recognised_unit("示例抢手见习单位", officer), officer, filled.places, officers)


def _need_no_files(administrator: Caller, town: Town) -> None:
    """A policy under which units end internships without files (R17), from today on."""
    province = town.officer(administrator, PROVINCE)
    change = {"region": PROVINCE, "effective": town.today.isoformat(), "changes": {"termination_files": []}, "note": "示例：测量用"}
    entered = administrator.put("/policy", change)

    def case() -> Json | None:
        return next((one for one in province.get("/cases", kind="policy")["items"] if one["subject"] == entered["id"]), None)

    province.approve(until(case, "the policy case is open")["id"])
    until(lambda: administrator.get(f"/proposals/{entered['id']}")["status"] == "APPLIED" or None, "the change is applied")

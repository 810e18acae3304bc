"""Every refusal says whom to ask, from the reference data (G17)."""

import asyncio

import pytest
from common.contracts.words import Role
from common.decision import Actor
from common.errors import Refusal, RefusalKind
from common.reference import Reference, ReferenceItem
from common.refusals import INTERNAL, NOT_FOUND
from common.web.ask import SUPPORT_ALONE, WhomToAsk

SAMPLE = Reference.sample()
ABOUT_A_PLACE = RefusalKind("about_a_place", 409, "{region}", "")
OFFICER = Actor(id="stf_1", role=Role.OFFICER, region="520103")
UNIT = Actor(id="usr_1", role=Role.UNIT, unit_id="unt_1")


class Kept:
    """Reference data that counts how often it is looked at, and may be slow or away."""

    def __init__(self, reference: Reference = SAMPLE, *, away: bool = False, slow: bool = False) -> None:
        self.kept, self._away, self._slow = reference, away, slow
        self.looks = 0

    async def current(self) -> Reference:
        self.looks += 1
        if self._slow:
            await asyncio.Event().wait()
        if self._away:
            raise ConnectionError
        return self.kept


async def in_huaxi(actor: Actor) -> str | None:
    return "520111" if actor.unit_id else None


@pytest.mark.rule("G17")
@pytest.mark.parametrize(
    ("refused", "actor", "office"),
    [
        (ABOUT_A_PLACE(region="520222"), OFFICER, "示例盘州市"),
        (ABOUT_A_PLACE(region="nowhere"), OFFICER, "示例云岩区"),
        (NOT_FOUND(), OFFICER, "示例云岩区"),
        (NOT_FOUND(), UNIT, "示例花溪区"),
        (NOT_FOUND(), Actor(id="per_1", role=Role.INTERN), "示例贵州省"),
        (NOT_FOUND(), None, "示例贵州省"),
    ],
)
async def test_the_office_is_the_matters_else_the_actors_else_the_provinces(refused: Refusal, actor: Actor | None, office: str) -> None:
    said = await WhomToAsk(Kept(), in_huaxi).sentence(refused, actor)
    assert said.startswith(office)
    assert said.endswith("技术支持电话：0851-85837345")


@pytest.mark.rule("G17")
async def test_an_administrators_change_of_a_phone_is_what_the_next_refusal_says() -> None:
    value = {"region": "support", "office": "示例", "phone": "0851-00000001"}
    changed = SAMPLE.with_items([ReferenceItem(kind="contact", key="support", version=2, value=value)])
    assert "0851-00000001" in await WhomToAsk(Kept(changed)).sentence(NOT_FOUND(), None)


@pytest.mark.rule("G17")
async def test_where_nothing_is_known_the_support_answers() -> None:
    assert await WhomToAsk().sentence(NOT_FOUND(), OFFICER) == SUPPORT_ALONE
    support = "技术支持电话：0851-85837345"
    assert await WhomToAsk(Kept(Reference.from_items([]))).sentence(NOT_FOUND(), OFFICER) == support
    province = [item for item in SAMPLE.items() if (item.kind, item.key) == ("contact", "520000")]
    heard_in_part = Reference.from_items(province)
    assert (await WhomToAsk(Kept(heard_in_part)).sentence(NOT_FOUND(), OFFICER)).endswith(f"0851-00520000；{support}")


@pytest.mark.rule("G17")
async def test_a_service_that_fails_looks_nothing_up_and_a_database_that_is_away_holds_up_no_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("common.web.ask._LOOK_SECONDS", 0.01)
    failing = Kept(away=True)
    assert (await WhomToAsk(failing).sentence(INTERNAL(), UNIT)).startswith("示例贵州省")
    assert failing.looks == 0
    for kept in (Kept(away=True), Kept(slow=True)):
        assert (await WhomToAsk(kept, in_huaxi).sentence(NOT_FOUND(), UNIT)).startswith("示例贵州省")

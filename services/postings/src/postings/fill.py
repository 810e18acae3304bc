"""Many postings declared: ``python -m postings.fill --count 500`` for each unit's user that standard input names, on a local platform."""

import argparse
import asyncio
import json
from datetime import timedelta

from common.clock import Clock
from common.contracts.words import PostingKind, Role
from common.decision import Actor, Command
from common.ids import derived_id
from common.settings import Settings, from_environment
from common.store.reference import ReferenceData
from common.testing.crowd import for_each, local_database
from common.values import Value

from postings import handlers
from postings.domain.posting import ContactPerson, PostingContent
from postings.repository import Postings

_TITLES = ("软件测试", "数据标注", "设备运维", "测绘数据处理", "文献整理", "行政助理", "人事助理", "社区工作")
_KINDS = tuple(PostingKind)


class Declarer(Value):
    """The user of a unit who declares; `region` is where the work is."""

    user_id: str
    unit_id: str
    region: str

    def posting_id(self, number: int) -> str:
        """The one that its handler makes for this key."""
        return derived_id("pst", self.user_id, _key(number))


async def fill(settings: Settings, declarers: list[Declarer], count: int, headcount: int) -> None:
    """So many of each, submitted; those that are there already stay as they are."""
    async with local_database(settings, "postings") as (mongo, clock):
        postings = Postings.on(mongo, ReferenceData(mongo), clock, settings.request_seconds)

        async def posting(place: int) -> None:
            number, who = divmod(place, len(declarers))
            declarer = declarers[who]
            actor = Actor(id=declarer.user_id, role=Role.UNIT, unit_id=declarer.unit_id)
            if await postings.store.get(declarer.posting_id(number)):
                return
            content = _content(number, declarer.region, headcount, clock)
            drafted = await handlers.draft(postings, Command("draft_posting", actor, _key(number), clock.now()), content)
            await handlers.submit(postings, drafted["id"], Command("submit_posting", actor, f"{_key(number)}:submit", clock.now()))

        await for_each(range(count * len(declarers)), posting)


def _key(number: int) -> str:
    return f"fill:{number}"


def _content(number: int, region: str, headcount: int, clock: Clock) -> PostingContent:
    return PostingContent(
        title=f"示例{_TITLES[number % len(_TITLES)]}见习{number}",
        kind=_KINDS[number % len(_KINDS)],
        duties="示例职责：在带教老师指导下完成日常工作。",
        region=region,
        headcount=headcount,
        months=3 + number % 10,
        allowance_fen=200_000 + 1_000 * (number % 50),
        mentor=f"示例导师{number}",
        deadline=clock.today() + timedelta(days=60),
        contact=ContactPerson(name="示例联系人", phone="19900000001"),
        report_to="示例大厦一楼前台，工作日9时",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="装入虚构的岗位（仅限本机平台），各单位用户从标准输入读取")
    parser.add_argument("--count", type=int, required=True, help="每个单位的岗位数")
    parser.add_argument("--headcount", type=int, default=20, help="每个岗位的招收人数")
    arguments = parser.parse_args()
    declarers = [Declarer.model_validate(one) for one in json.loads(input())]
    asyncio.run(fill(from_environment(Settings), declarers, arguments.count, arguments.headcount))


if __name__ == "__main__":
    main()

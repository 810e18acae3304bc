"""Many invented people with verified names and resumes: ``python -m accounts.fill --crowd queue --count 10000``, on a local platform."""

import argparse
import asyncio
from datetime import date

from common.contracts.words import Role
from common.decision import Actor, Command
from common.settings import from_environment
from common.testing.crowd import Crowd, for_each, local_database

from accounts.domain.resume import Education, Resume
from accounts.handlers import me
from accounts.handlers.registration import open_account
from accounts.repository import Deps
from accounts.settings import AccountsSettings

_STUDY = Education(school="示例学院", major="示例专业", level="bachelor", start=date(2019, 9, 1), end=date(2023, 6, 30))
_RESUME = Resume(education=(_STUDY,), skills=("办公软件",))


async def fill(settings: AccountsSettings, crowd: Crowd, count: int, password: str) -> None:
    """The first `count` of the crowd, as the handlers make them; those that are there already stay as they are."""
    async with local_database(settings, "accounts") as (mongo, clock):
        deps = Deps.on(mongo, clock, settings)

        async def person(number: int) -> None:
            actor = Actor(id=crowd.person_id(number), role=Role.INTERN)

            def command(name: str) -> Command:
                return Command(name, actor, f"fill:{name}", clock.now())

            if (known := await deps.people.get(actor.id)) and known.resumes:
                return
            phone, login = crowd.mobile(number), f"{crowd}{number}"
            await open_account(deps, actor.id, login, password, phone, command("register_intern"), role=Role.INTERN, profile_due=True)
            await me.verify_real_name(deps, "示例见习人员", crowd.resident_id(number), command("verify_real_name"))
            await me.save_resume(deps, _RESUME, command("save_resume"))

        await for_each(range(count), person)


def main() -> None:
    parser = argparse.ArgumentParser(description="装入虚构的见习人员（仅限本机平台），密码从标准输入读取")
    parser.add_argument("--crowd", type=Crowd, required=True, choices=list(Crowd))
    parser.add_argument("--count", type=int, required=True)
    arguments = parser.parse_args()
    asyncio.run(fill(from_environment(AccountsSettings), arguments.crowd, arguments.count, input()))


if __name__ == "__main__":
    main()

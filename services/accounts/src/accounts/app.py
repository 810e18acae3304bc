"""The accounts service: its table of contents."""

from common.clock import Clock
from common.decision import Actor
from common.messaging.consumer import facts
from common.service import Job, Service
from common.settings import from_environment
from common.store.mongo import Mongo

from accounts import checks
from accounts.api import administrator, entry, intern, office, office_units, review, unit
from accounts.handlers import decisions, first_users, registration
from accounts.notices import api as notices
from accounts.notices.handlers import deliver, remind
from accounts.notices.subscribers import NoticeSubscriber
from accounts.repository import Deps
from accounts.settings import AccountsSettings
from accounts.subscribers import AccountSubscriber

_SWEEP_SECONDS = 5.0
_DELIVERY_SECONDS = 1.0


def build(settings: AccountsSettings | None = None) -> Service:
    settings = settings or from_environment(AccountsSettings)
    mongo = Mongo(settings.mongo, settings.database("accounts"))
    deps = Deps.on(mongo, Clock(settings.clock_file), settings)

    async def region_of(actor: Actor) -> str | None:
        unit = await deps.units.get(actor.unit_id) if actor.unit_id else None
        return unit.facts.region if unit else None

    return Service(
        name="accounts",
        settings=settings,
        mongo=mongo,
        clock=deps.clock,
        deps=deps,
        routers=[
            entry.router,
            intern.router,
            unit.router,
            review.router,
            office_units.router,
            office.router,
            administrator.router,
            notices.router,
        ],
        stores=[deps.accounts, deps.people, deps.units, deps.notes],
        collections=[
            deps.sessions,
            deps.phone_codes,
            deps.resumes,
            deps.applications,
            deps.cases,
            deps.relations,
            deps.notices,
            deps.reference,
        ],
        subscriptions=[
            facts("accounts", AccountSubscriber(deps).effects(), deps.reference.effects()),
            NoticeSubscriber(deps.notices).subscription(),
        ],
        region_of=region_of,
        checks=checks.of(deps),
        jobs=[
            Job("complete_profiles", _SWEEP_SECONDS, lambda: registration.complete_profiles(deps)),
            Job("expire_recognitions", _SWEEP_SECONDS, lambda: decisions.expire_recognitions(deps)),
            Job("succeed_earlier_users", _SWEEP_SECONDS, lambda: first_users.succeed_all(deps)),
            Job("deliver_notices", _DELIVERY_SECONDS, lambda: deliver.deliver_due(deps.notices)),
            Job("remind", _SWEEP_SECONDS, lambda: remind.remind_all(deps.notices)),
        ],
    )

"""The accounts service: its table of contents."""

from common.clock import Clock
from common.service import Job, Service
from common.settings import from_environment
from common.store.mongo import Mongo

from accounts.api import administrator, entry, intern, office, unit
from accounts.handlers import decisions, first_users, registration
from accounts.repository import Deps
from accounts.settings import AccountsSettings
from accounts.subscribers import AccountSubscriber

_SWEEP_SECONDS = 5.0


def build(settings: AccountsSettings | None = None) -> Service:
    settings = settings or from_environment(AccountsSettings)
    mongo = Mongo(settings.mongo, settings.database("accounts"))
    deps = Deps.on(mongo, Clock(settings.clock_file), settings)
    return Service(
        name="accounts",
        settings=settings,
        mongo=mongo,
        clock=deps.clock,
        deps=deps,
        routers=[entry.router, intern.router, unit.router, office.router, administrator.router],
        stores=[deps.accounts, deps.people, deps.units, deps.notes],
        collections=[deps.sessions, deps.phone_codes, deps.resumes, deps.applications, deps.cases, deps.reference],
        subscriptions=[*AccountSubscriber(deps).subscriptions(), deps.reference.subscription("accounts")],
        jobs=[
            Job("complete_profiles", _SWEEP_SECONDS, lambda: registration.complete_profiles(deps)),
            Job("expire_recognitions", _SWEEP_SECONDS, lambda: decisions.expire_recognitions(deps)),
            Job("succeed_earlier_users", _SWEEP_SECONDS, lambda: first_users.succeed_all(deps)),
        ],
    )

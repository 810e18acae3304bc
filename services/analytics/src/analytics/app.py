"""The analytics service: its table of contents."""

from common.clock import Clock
from common.messaging.consumer import facts
from common.service import Job, Service
from common.settings import from_environment
from common.store.mongo import Mongo

from analytics import api, parquet
from analytics.repository import Analytics
from analytics.settings import AnalyticsSettings
from analytics.subscribers import history

_EXPORT_SECONDS = 3600.0


def build(settings: AnalyticsSettings | None = None) -> Service:
    settings = settings or from_environment(AnalyticsSettings)
    mongo = Mongo(settings.mongo, settings.database("analytics"))
    clock = Clock(settings.clock_file)
    analytics = Analytics.on(mongo, clock, settings.request_seconds)
    folder = settings.parquet_folder
    return Service(
        name="analytics",
        settings=settings,
        mongo=mongo,
        clock=clock,
        deps=analytics,
        routers=[api.router],
        stores=[analytics.notes],
        collections=[analytics, analytics.reference],
        subscriptions=[history(analytics), facts("analytics", analytics.reference.effects())],
        jobs=[Job("parquet", _EXPORT_SECONDS, lambda: parquet.export(analytics, folder))] if folder else [],
    )

"""A service in the process of a test: HTTP by ASGI, events handed to its subscriptions, on a real database."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import httpx2

from common.contracts.cases import ReferenceItemSet
from common.contracts.envelope import Event
from common.reference import ReferenceItem, package_items
from common.service import Service
from common.tokens import TokenVerifier


def reference_events(at: datetime, wanted: Callable[[ReferenceItem], bool] = lambda _: True) -> list[Event]:
    """The package's reference data, or what is wanted of it, as audit says it."""
    items = [item for item in package_items() if wanted(item)]
    said = [ReferenceItemSet(kind=item.kind, key=item.key, item_version=item.version, value=item.value) for item in items]
    return [Event(f"{one.kind}:{one.key}", 1, "audit", at, one) for one in said]


@asynccontextmanager
async def in_process(service: Service, reference: Sequence[Event]) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of its API. The stores are prepared and this reference data is heard; the database is dropped afterwards."""
    app = service.app("api")
    app.state.verifier = TokenVerifier(service.settings.token_public_key_file)
    for part in (*service.stores, *service.collections):
        await part.prepare()
    hear = next(one for one in service.subscriptions if one.group == f"{service.name}.facts")
    await hear.handle(list(reference))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=f"http://{service.name}") as client:
        yield client
    await service.mongo.client.drop_database(service.mongo.database)
    await service.mongo.close()

"""Whom to ask, in every problem document (G17): the nearest office and the technical support, from the reference data."""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable
from typing import Protocol

from common.decision import Actor
from common.errors import Refusal
from common.lists import SUPPORT, package_contacts
from common.reference import Reference


class KeptReference(Protocol):
    """The reference data of a service (`common.store.reference.ReferenceData`)."""

    @property
    def kept(self) -> Reference: ...

    async def current(self) -> Reference: ...


RegionOf = Callable[[Actor], Awaitable[str | None]]
"""Where an actor without an office belongs, as far as a service knows: the region of the unit, the residence of the intern."""

_LOOK_SECONDS = 0.5
_PACKAGED = next(contact for contact in package_contacts() if contact.region == SUPPORT)
SUPPORT_ALONE = f"技术支持电话：{_PACKAGED.phone}，或咨询属地人社部门"
"""Where no reference data is at hand: at the gateway, which has no database, and in a service that has heard none yet."""


async def nowhere(_: Actor) -> str | None:
    return None


class WhomToAsk:
    """Asked for refusals alone, and from a value that is kept: what succeeds costs nothing."""

    def __init__(self, data: KeptReference | None = None, region_of: RegionOf = nowhere) -> None:
        self._data = data
        self._region_of = region_of

    async def sentence(self, refused: Refusal, actor: Actor | None) -> str:
        """The office of the refused matter's region, else of the actor's, else of the province; and the support.

        When the service itself fails, nothing is looked up.
        """
        if self._data is None:
            return SUPPORT_ALONE
        reference, region = self._data.kept, str(refused.facts.get("region", ""))
        if refused.kind.status < 500:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(_LOOK_SECONDS):
                    reference = await self._data.current()
                    region = region if re.fullmatch("[0-9]{6}", region) else await self._region(actor)
        return _said(reference, region)

    async def _region(self, actor: Actor | None) -> str:
        return "" if actor is None else actor.region or await self._region_of(actor) or ""


def _said(reference: Reference, region: str) -> str:
    known = reference.whom_to_ask(region)
    offices = "".join(f"{office.office}：{office.phone}；" for office in known if office.region != SUPPORT)
    support = reference.contacts.get(SUPPORT, _PACKAGED)
    return f"{offices}技术支持电话：{support.phone}"

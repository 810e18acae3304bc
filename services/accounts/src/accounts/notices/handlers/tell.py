"""Telling: one notice per cause, recipient and template, and the messages that go with it (R21).

Everything written has an id that follows from the cause, and is only ever inserted: told again, in whatever order, it changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.notices.domain.delivery import FRESH, Channel, Delivery
from accounts.notices.domain.notice import Notice, Recipient, Told
from accounts.notices.domain.preferences import Preferences
from accounts.notices.domain.wording import FILLED_LATER, templates
from accounts.notices.repository import Notices


@dataclass(frozen=True)
class Cause:
    """`id` is that of an event, or names a reminder; `at` the instant from which it is told."""

    id: str
    at: datetime
    told: Told


@dataclass(frozen=True)
class _Sent:
    """A notice with whom it is for and until when its messages make sense."""

    notice: Notice
    to: Recipient
    until: datetime | None


async def tell(notices: Notices, causes: Sequence[Cause]) -> None:
    """Notices first, then the messages: a crash in between leaves the event to be heard again."""
    causes = await _completed(notices, causes)
    recipients = await notices.recipients(cause.told.audience for cause in causes)
    sent = [
        _Sent(Notice.of(cause.told, recipient.id, cause.id, cause.at), recipient, cause.told.until)
        for cause in causes
        for recipient in recipients
        if cause.told.audience.takes(recipient)
    ]
    await notices.add(one.notice for one in sent)
    await notices.outbox.add(await _deliveries(notices, sent))


async def _completed(notices: Notices, causes: Sequence[Cause]) -> list[Cause]:
    """With the facts that follow from the application, and the unit of a posting as audience."""
    ids = {cause.told.facts["application_id"] for cause in causes if "application_id" in cause.told.facts}
    known = await notices.application_facts(ids)
    completed = []
    for cause in causes:
        told = cause.told
        about = known.get(told.facts.get("application_id", ""), {})
        told = told.but(facts={**{name: about[name] for name in FILLED_LATER if name in about}, **told.facts})
        if told.audience.kind == "posting":
            unit_id = await notices.unit_of_posting(told.audience.id)
            told = told.but(audience=told.audience.but(kind="unit", id=unit_id or ""), facts={"posting_id": told.audience.id, **told.facts})
        completed.append(Cause(cause.id, cause.at, told))
    return completed


async def _deliveries(notices: Notices, sent: Iterable[_Sent]) -> list[Delivery]:
    """By the channels that the template has, the recipient can be reached by and wants. What is old already needs no message."""
    now = notices.clock.now()
    fresh = [one for one in sent if one.notice.at > now - FRESH and (one.until is None or one.until > now)]
    wishes = await notices.preferences_of(one.to.id for one in fresh)
    with_mail = await notices.with_mail(one.to.id for one in fresh) if notices.mail else set()
    deliveries = []
    for one in fresh:
        template = templates()[one.notice.template]
        reachable = {Channel.SMS: bool(template.wording(one.notice.facts).sms and one.to.has_phone), Channel.MAIL: one.to.id in with_mail}
        wanted = wishes.get(one.to.id, Preferences())
        channels = [channel for channel in Channel if reachable[channel] and wanted.wants(template.group, channel)]
        deliveries += [Delivery.of(one.notice, channel, one.until, now) for channel in channels]
    return deliveries

"""Delivery: every message that is due goes out at least once, whichever replica takes it (R21)."""

import hashlib
from datetime import datetime
from typing import Any

import structlog
from common.sweep import each
from common.web.command import by_the_clock
from prometheus_client import Counter

from accounts.domain import phone_code
from accounts.domain.carrier import TooOften
from accounts.notices.domain.delivery import LEASE, TRIES, Channel, Delivery, DeliveryStatus, awake, pause
from accounts.notices.domain.notice import Notice
from accounts.notices.domain.wording import templates, words
from accounts.notices.repository import Notices

log = structlog.get_logger()
_BATCH = 200
DELIVERIES = Counter(
    "jianxi_deliveries_total", "Messages of notices by what became of them; a failed one was given up: an alarm", ["channel", "outcome"]
)
for _channel in Channel:  # shown as 0 from the start: the first one that is given up raises the alarm too
    DELIVERIES.labels(_channel, DeliveryStatus.FAILED)


async def deliver_due(notices: Notices) -> None:
    """The sweep of every worker."""
    due = await notices.outbox.due(notices.clock.now(), _BATCH)
    await each("deliver_notices", due, lambda id: deliver(notices, id))


async def deliver(notices: Notices, id: str) -> None:
    """Try once. Taken by another replica meanwhile, or done, it is passed over."""
    now = notices.clock.now()
    delivery = await notices.outbox.take(id, now, now + LEASE)
    if delivery is None:
        return
    try:
        sent = await _send(notices, delivery, now)
    except TooOften as full:
        await notices.outbox.note(delivery, next_at=awake(delivery.channel, now + full.wait), attempts=delivery.attempts - 1)
        _count(delivery, "waits")
    except Exception as error:
        await _failed(notices, delivery, now, error)
    else:
        await _ended(notices, delivery, now, DeliveryStatus.SENT if sent else DeliveryStatus.DROPPED)


async def _send(notices: Notices, delivery: Delivery, now: datetime) -> bool:
    """False when there is nothing to say any more, or nobody to say it to. Raises `TooOften`, and whatever the provider does."""
    notice = await notices.get(delivery.notice_id)
    if notice is None or now >= delivery.until or not await _still_so(notices, notice):
        return False
    text = templates()[notice.template].wording(notice.facts)
    said = words(notice.facts, await notices.names([notice.facts]), (await notices.reference.current()).reasons)
    if delivery.channel is Channel.SMS:
        return bool(text.sms) and await _send_sms(notices, delivery, (text.sms or "").format(**said), now)
    return await _send_mail(notices, delivery, text.title.format(**said), text.body.format(**said), now)


async def _still_so(notices: Notices, notice: Notice) -> bool:
    """A reminder of one application or case is for its status alone: who has done what was due is reminded no more."""
    facts = notice.facts
    if "status" in facts:
        application = await notices.applications.get(facts["application_id"])
        return application is not None and application.status == facts["status"]
    if "case_status" in facts:
        case = await notices.cases.get(facts["case_id"])
        return case is not None and case.status == facts["case_status"]
    return True


async def _send_sms(notices: Notices, delivery: Delivery, text: str, now: datetime) -> bool:
    account = await notices.accounts.get(delivery.to)
    if account is None or not account.active or account.phone is None:
        return False
    id, command = phone_code.codes_id(account.phone.hash), by_the_clock("tell_phone", now)
    await notices.phone_codes.execute(id, command, lambda state: phone_code.tell(state, now))
    await notices.sms.tell(notices.sealer.open("phone", account.phone.sealed), text, delivery.id, now)
    return True


async def _send_mail(notices: Notices, delivery: Delivery, title: str, text: str, now: datetime) -> bool:
    person = await notices.people.get(delivery.to)
    if notices.mail is None or person is None or person.email_sealed is None:
        return False
    await notices.mail.send(notices.sealer.open("email", person.email_sealed), title, text, delivery.id, now)
    return True


async def _failed(notices: Notices, delivery: Delivery, now: datetime, error: Exception) -> None:
    """Again after a pause, or given up after so many tries. Of the error only the kind is kept: its text may quote a phone."""
    kind = type(error).__name__
    if delivery.attempts >= TRIES:
        log.error("delivery_given_up", delivery=delivery.id, channel=delivery.channel, error=kind)
        await _ended(notices, delivery, now, DeliveryStatus.FAILED, error=kind)
        return
    again = now + pause(delivery.attempts, _share(delivery))
    await notices.outbox.note(delivery, next_at=awake(delivery.channel, again), error=kind)
    _count(delivery, "retry")


async def _ended(notices: Notices, delivery: Delivery, now: datetime, status: DeliveryStatus, **more: Any) -> None:
    await notices.outbox.note(delivery, status=status.value, ended_at=now, **more)
    _count(delivery, status)


def _share(delivery: Delivery) -> float:
    """Spreads the repeats of one outage, the same for the same attempt."""
    return hashlib.sha256(f"{delivery.id}:{delivery.attempts}".encode()).digest()[0] / 256


def _count(delivery: Delivery, outcome: str) -> None:
    DELIVERIES.labels(delivery.channel, outcome).inc()

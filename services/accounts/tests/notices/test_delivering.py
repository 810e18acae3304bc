"""Messages beside the notices (R21): at least once, never too many to a phone, by whichever replica comes first, with a log."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from accounts.app import build
from accounts.notices.domain.delivery import FRESH, LEASE, TRIES
from accounts.notices.handlers.deliver import DELIVERIES, deliver_due
from accounts.settings import AccountsSettings
from accounts.sms import FileMail, Sms
from common.contracts.words import Role, Status
from common.decision import Actor

from ..builders import application
from ..conftest import ADMINISTRATOR, Desk
from .conftest import Post

pytestmark = pytest.mark.rule("R21")


class Provider:
    """Takes a notice, or fails before or after it took it."""

    def __init__(self, sms: Sms) -> None:
        self._sms = sms
        self.fails_before = self.fails_after = False

    async def send(self, phone: str, text: str, code: str, at: datetime) -> None:
        await self._sms.send(phone, text, code, at)

    async def tell(self, phone: str, text: str, id: str, at: datetime) -> None:
        if self.fails_before:
            raise ConnectionError("19900001111")
        await self._sms.tell(phone, text, id, at)
        if self.fails_after:
            raise ConnectionError


@pytest.fixture
def provider(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Provider:
    provider = Provider(desk.parts.sms)
    monkeypatch.setitem(vars(desk.parts.notices), "sms", provider)
    return provider


async def offered(desk: Desk, post: Post) -> tuple[Actor, Actor, str]:
    """An intern with an offer, the unit, and the intern's phone."""
    form = await desk.registration()
    intern, unit = Actor(id=(await desk.ok("POST", "/interns", None, form))["id"], role=Role.INTERN), await desk.unit()
    desk.later(minutes=2)
    await post.applies(intern, unit, Status.OFFERED, due_at=post.now + timedelta(days=5))
    return intern, unit, form["phone"]


def notices_to(desk: Desk, phone: str) -> list[dict[str, str]]:
    return [message for message in desk.messages(phone) if "id" in message]


async def test_an_offer_goes_to_the_phone_once_and_names_neither_posting_nor_unit(desk: Desk, post: Post) -> None:
    _, _, phone = await offered(desk, post)
    for _ in range(3):
        await post.deliver()
    [message] = notices_to(desk, phone)
    [delivery] = await post.deliveries()
    assert message["id"] == delivery["_id"]
    assert message["text"].startswith("【青年就业见习】有单位对您确认通过。")
    assert (delivery["status"], delivery["attempts"], delivery["error"]) == ("sent", 1, None)
    assert phone not in json.dumps([await post.rows(), await post.deliveries()], default=str)


async def test_a_provider_that_fails_is_tried_again_with_growing_pauses_and_the_same_id(desk: Desk, post: Post, provider: Provider) -> None:
    _, _, phone = await offered(desk, post)
    provider.fails_before = True
    await post.deliver()
    [failed] = await post.deliveries()
    assert (failed["status"], failed["attempts"], failed["error"]) == ("queued", 1, "ConnectionError")
    assert timedelta(seconds=14) < failed["next_at"] - post.now <= timedelta(seconds=30)
    await post.deliver()
    assert (await post.deliveries())[0]["attempts"] == 1
    provider.fails_before, provider.fails_after = False, True
    desk.later(minutes=1)
    await post.deliver()
    provider.fails_after = False
    desk.later(minutes=2)
    await post.deliver()
    assert [message["id"] for message in notices_to(desk, phone)] == [failed["_id"]] * 2
    assert (await post.deliveries())[0]["status"] == "sent"


async def test_what_cannot_be_sent_is_given_up_after_so_many_tries_and_raises_an_alarm(desk: Desk, post: Post, provider: Provider) -> None:
    _, _, phone = await offered(desk, post)
    provider.fails_before = True
    counted = DELIVERIES.labels("sms", "failed")._value.get()
    while (delivery := (await post.deliveries())[0])["status"] == "queued":
        if delivery["next_at"] > post.now:
            post.until(delivery["next_at"])
        await post.deliver()
    assert (delivery["status"], delivery["attempts"]) == ("failed", TRIES)
    assert DELIVERIES.labels("sms", "failed")._value.get() == counted + 1
    log = await desk.ok("GET", "/notices/deliveries", ADMINISTRATOR)
    assert [(item["id"], item["status"], item["error"]) for item in log["items"]] == [(delivery["_id"], "failed", "ConnectionError")]
    assert log["next"] is None
    assert phone not in json.dumps(log)
    one = await desk.ok("GET", f"/notices/{delivery['notice_id']}/deliveries", ADMINISTRATOR)
    assert one["items"] == log["items"]
    assert (await desk.ok("GET", "/notices/deliveries", ADMINISTRATOR, status="sent"))["items"] == []
    assert (await desk.refused("GET", "/notices/deliveries", await desk.intern()))[0] == 403


async def test_replicas_that_sweep_together_send_once(desk: Desk, post: Post, accounts_settings: AccountsSettings, tmp_path: Path) -> None:
    """By mail: to a phone the carrier's limit would let none through twice."""
    replicas = [build(accounts_settings.model_copy(update={"mail_file": tmp_path / "mail.jsonl"})) for _ in range(3)]
    intern = await desk.intern()
    await desk.ok("PATCH", "/me", intern, {"email": "shili@example.com"})
    heard = Post(Desk(replicas[0], accounts_settings, desk._keys, desk._client))
    await heard.happens(intern.id, application(intern.id, "unt_1", Status.OFFERED))
    await asyncio.gather(*(deliver_due(replica.deps.notices) for replica in replicas))
    assert len((tmp_path / "mail.jsonl").read_text().splitlines()) == 1
    for replica in replicas:
        await replica.mongo.close()


async def test_a_delivery_whose_replica_died_is_another_ones_after_its_lease(desk: Desk, post: Post) -> None:
    _, _, phone = await offered(desk, post)
    [delivery] = await post.deliveries()
    taken = await post.parts.outbox.take(delivery["_id"], post.now, post.now + LEASE)
    assert taken
    await post.deliver()
    assert notices_to(desk, phone) == []
    desk.later(seconds=LEASE.total_seconds() + 1)
    await post.deliver()
    assert len(notices_to(desk, phone)) == 1
    await post.parts.outbox.note(taken, status="failed")
    assert (await post.deliveries())[0]["status"] == "sent"


async def test_who_was_late_with_a_delivery_does_not_put_off_whoever_has_it_now(desk: Desk, post: Post) -> None:
    await offered(desk, post)
    [delivery] = await post.deliveries()
    outbox, now = post.parts.outbox, post.now
    late = await outbox.take(delivery["_id"], now, now + LEASE)
    other = await outbox.take(delivery["_id"], now + LEASE, now + 2 * LEASE)
    assert late
    assert other
    await outbox.note(late, next_at=now + FRESH)
    assert (await post.deliveries())[0]["next_at"] == other.next_at
    assert await outbox.take(delivery["_id"], now + LEASE, now + 2 * LEASE) is None


async def test_a_second_message_to_a_phone_waits_a_minute_and_no_code_waits_for_either(desk: Desk, post: Post) -> None:
    intern, unit, phone = await offered(desk, post)
    await post.applies(intern, unit, Status.APPROVED)
    await post.deliver()
    await post.deliver()
    assert len(notices_to(desk, phone)) == 1
    [waits] = await post.deliveries(status="queued")
    assert waits["attempts"] == 0
    assert timedelta(seconds=50) < waits["next_at"] - post.now <= timedelta(seconds=60)
    await desk.code(phone, "password_reset")
    desk.later(seconds=59)
    await post.deliver()
    assert len(notices_to(desk, phone)) == 1
    desk.later(seconds=62)
    await post.deliver()
    assert len(notices_to(desk, phone)) == 2


async def test_who_has_switched_a_channel_off_gets_no_message_and_every_notice(desk: Desk, post: Post) -> None:
    intern, unit = await desk.intern(), await desk.unit()
    await desk.ok("PUT", "/me/notice-preferences", intern, {"items": [{"group": "due", "sms": False, "mail": False}]})
    await post.applies(intern, unit, Status.OFFERED)
    await post.applies(intern, unit, Status.APPROVED)
    assert len(await post.inbox(intern)) == 2
    [delivery] = await post.deliveries()
    assert delivery["notice_id"] == (await post.inbox(intern))[0]["id"]


async def test_a_mail_goes_to_whoever_gave_an_address(desk: Desk, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(desk.parts.notices), "mail", FileMail(tmp_path / "mail.jsonl"))
    intern, unit = await desk.intern(), await desk.unit()
    await post.applies(intern, unit, Status.ONBOARDED)
    assert await post.deliveries(channel="mail") == []
    await desk.ok("PATCH", "/me", intern, {"email": "shili@example.com"})
    await post.applies(intern, unit, Status.OFFERED)
    await post.deliver()
    [line] = (tmp_path / "mail.jsonl").read_text().splitlines()
    mail = json.loads(line)
    [delivery] = await post.deliveries(channel="mail")
    assert (mail["address"], mail["title"], mail["id"]) == ("shili@example.com", "单位已确认通过，请您答复", delivery["_id"])
    await post.applies(intern, unit, Status.APPROVED)
    await desk.ok("PATCH", "/me", intern, {"email": None})
    await post.deliver()
    assert {row["status"] for row in await post.deliveries(channel="mail")} == {"sent", "dropped"}


async def test_old_facts_heard_late_are_told_in_the_platform_alone(desk: Desk, post: Post) -> None:
    intern, unit = await desk.intern(), await desk.unit()
    event = post.event(intern.id, application(intern.id, str(unit.unit_id), Status.OFFERED))
    desk.later(seconds=FRESH.total_seconds())
    await post.hear(event)
    assert len(await post.inbox(intern)) == 1
    assert await post.deliveries() == []


async def test_a_message_that_could_not_go_out_for_a_week_says_nothing_new(desk: Desk, post: Post) -> None:
    _, _, phone = await offered(desk, post)
    desk.later(days=7)
    await post.deliver()
    assert notices_to(desk, phone) == []
    assert [row["status"] for row in await post.deliveries()] == ["dropped"]

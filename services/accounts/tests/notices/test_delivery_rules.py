"""When a message may go out (R21): what a carrier lets through, by day, and how repeats space out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from accounts.domain import carrier, phone_code
from accounts.domain.carrier import LIMITS, TooOften
from accounts.domain.phone_code import PhoneCodes, Purpose
from accounts.notices.domain import preferences
from accounts.notices.domain.delivery import KEPT, TRIES, Channel, Delivery, awake, pause
from accounts.notices.domain.notice import Group, Notice
from accounts.notices.domain.preferences import NoticeWish, Preferences
from common.calendar import SHANGHAI
from common.errors import Refusal
from hypothesis import given
from hypothesis import strategies as st

from ..builders import NOON

pytestmark = pytest.mark.rule("R21")
MINUTE = timedelta(minutes=1)
SECONDS = st.lists(st.integers(0, 4_000), max_size=60)
"""Pauses between wishes."""


def told(state: PhoneCodes | None, at: datetime) -> tuple[PhoneCodes, timedelta]:
    """The state after a notice is wished for, and for how long it has to wait."""
    try:
        return phone_code.tell(state, at).state, timedelta()
    except TooOften as full:
        return state or PhoneCodes(), full.wait


@given(pauses=SECONDS)
def test_no_minute_hour_or_day_ever_sees_more_messages_than_the_carrier_lets_through(pauses: list[int]) -> None:
    state, now = PhoneCodes(), NOON
    sent: list[datetime] = []
    for seconds in pauses:
        now += timedelta(seconds=seconds)
        state, wait = told(state, now)
        if not wait:
            sent.append(now)
    for span, limit in LIMITS:
        for first in sent:
            assert sum(first <= instant < first + span for instant in sent) <= limit


@given(pauses=SECONDS)
def test_whoever_waits_as_long_as_told_gets_through_and_no_sooner(pauses: list[int]) -> None:
    state, now = PhoneCodes(), NOON
    for seconds in pauses:
        now += timedelta(seconds=seconds)
        state, wait = told(state, now)
        if wait:
            assert told(state, now + wait)[1] == timedelta()
            assert told(state, now + wait - timedelta(milliseconds=1))[1] > timedelta()


def test_a_notice_waits_for_a_code_and_no_code_for_a_notice() -> None:
    code = phone_code.issue(None, Purpose.REGISTRATION, "hash", "sealed", NOON).state
    assert told(code, NOON + 20 * timedelta(seconds=1))[1] == timedelta(seconds=40)
    full, now = PhoneCodes(), NOON
    for _ in range(5):
        full, wait = told(full, now)
        assert wait == timedelta()
        now += MINUTE
    assert told(full, now)[1] == timedelta(minutes=55)
    with_code = phone_code.issue(full, Purpose.PASSWORD_RESET, "hash", "sealed", now).state
    assert (len(with_code.told), len(with_code.sent)) == (5, 1)
    with pytest.raises(Refusal):
        phone_code.issue(with_code, Purpose.PASSWORD_RESET, "hash", "sealed", now + timedelta(seconds=59))


def test_what_was_sent_a_day_ago_counts_no_more() -> None:
    assert carrier.of_last_day([NOON, NOON - carrier.DAY, NOON - carrier.DAY + MINUTE], NOON) == (NOON - carrier.DAY + MINUTE, NOON)
    assert carrier.wait((), NOON) == timedelta()


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("24 07:59", "24 08:00"), ("24 08:00", "24 08:00"), ("24 20:59", "24 20:59"), ("24 21:00", "25 08:00"), ("24 00:00", "24 08:00")],
)
def test_a_short_message_waits_for_the_day_and_a_mail_does_not(clock: str, expected: str) -> None:
    at, wakes = (datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI) for text in (clock, expected))
    assert awake(Channel.SMS, at) == wakes
    assert awake(Channel.MAIL, at) == at


def test_repeats_come_after_pauses_that_double_up_to_two_hours_and_spread() -> None:
    assert [pause(attempts, 1).total_seconds() for attempts in range(1, 12)] == [30, 60, 120, 240, 480, 960, 1920, 3840, 7200, 7200, 7200]
    assert pause(TRIES, 0) == timedelta(hours=1)
    assert pause(10**6, 1) == timedelta(hours=2)


@given(attempts=st.integers(1, 100), share=st.floats(0, 1))
def test_a_pause_lies_between_half_and_all_of_its_step(attempts: int, share: float) -> None:
    assert pause(attempts, 0) <= pause(attempts, share) <= pause(attempts, 1) == 2 * pause(attempts, 0)


def test_a_delivery_follows_from_its_notice_and_ends_with_what_it_speaks_of() -> None:
    notice = Notice(id="ntc_1", to="per_1", at=NOON, cause="per_1:1", template="application.OFFERED.intern", facts={})
    one = Delivery.of(notice, Channel.SMS, None, NOON)
    assert one == Delivery.of(notice, Channel.SMS, None, NOON)
    assert one.id != Delivery.of(notice, Channel.MAIL, None, NOON).id
    assert (one.next_at, one.until) == (NOON, NOON + KEPT)
    assert Delivery.of(notice, Channel.SMS, NOON + MINUTE, NOON).until == NOON + MINUTE
    night = datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert Delivery.of(notice, Channel.SMS, None, night).next_at == datetime(2026, 11, 25, 0, tzinfo=UTC)


def test_everything_is_on_until_it_is_switched_off_group_by_group() -> None:
    assert all(Preferences().wants(group, channel) for group in Group for channel in Channel)
    first = preferences.choose(None, (NoticeWish(group=Group.DUE, sms=False, mail=True),)).state
    second = preferences.choose(first, (NoticeWish(group=Group.UNIT, sms=True, mail=False),)).state
    off = {(group, channel) for group in Group for channel in Channel if not second.wants(group, channel)}
    assert off == {(Group.DUE, Channel.SMS), (Group.UNIT, Channel.MAIL)}
    wishes: tuple[Any, ...] = (NoticeWish(group=Group.DUE, sms=True, mail=True),)
    assert preferences.choose(second, wishes).state == Preferences(off=("unit:mail",))

"""Phone codes: 6 digits, 5 minutes, 5 tries, single use; 1 a minute, 5 an hour, 10 a day (G1, R31)."""

from datetime import datetime, timedelta

import pytest
from accounts.domain import phone_code
from accounts.domain.phone_code import TERM, TRIES, PhoneCodes, Purpose
from accounts.sms import Sms
from common.errors import Refusal
from hypothesis import given
from hypothesis import strategies as st

from .builders import NOON, PASSWORD
from .conftest import Desk

P = Purpose.REGISTRATION
SECOND = timedelta(seconds=1)
LIMITS = ((60, 1), (3_600, 5), (86_400, 10))
PHONE = "19900000000"


def issued(at: datetime = NOON, state: PhoneCodes | None = None, purpose: Purpose = P, hash: str = "right") -> PhoneCodes:
    return phone_code.issue(state, purpose, hash, f"sealed {hash}", at).state


def wait_for_message(state: PhoneCodes | None, at: datetime) -> int:
    """Seconds until a message may go, 0 for now."""
    try:
        issued(at, state)
    except Refusal as refused:
        assert refused.code == "phone_code_too_often"  # noqa: PT017
        return int(refused.facts["seconds"])
    return 0


def accepted(state: PhoneCodes | None, hash: str, at: datetime, purpose: Purpose = P) -> tuple[bool, PhoneCodes | None]:
    """Whether the code does, and the state after the try."""
    try:
        after = phone_code.use(state, purpose, hash, at).state
    except Refusal as refused:
        assert refused.code == "phone_code_wrong"  # noqa: PT017
        return False, state
    return phone_code.is_used(after, purpose), after


@pytest.mark.rule("R31")
@given(st.lists(st.integers(0, 4_000), max_size=40))
def test_no_span_of_time_holds_more_messages_than_its_limit_and_the_wait_is_exact(pauses: list[int]) -> None:
    state: PhoneCodes | None = None
    sent: list[int] = []
    now = 0

    def room(second: int) -> bool:
        return all(sum(second - at < span for at in sent) < limit for span, limit in LIMITS)

    for pause in pauses:
        now += pause
        wait = wait_for_message(state, NOON + timedelta(seconds=now))
        assert room(now + wait)
        assert wait == 0 or not room(now + wait - 1)
        if wait == 0:
            state = issued(NOON + timedelta(seconds=now), state)
            sent.append(now)


@pytest.mark.rule("G1", "R31")
@pytest.mark.parametrize(("after", "works"), [(timedelta(), True), (TERM - SECOND, True), (TERM, False), (timedelta(days=1), False)])
def test_a_code_works_for_five_minutes(after: timedelta, works: bool) -> None:
    assert accepted(issued(), "right", NOON + after)[0] is works


@pytest.mark.rule("R31")
@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_a_code_serves_once_and_within_five_tries(tries: list[bool]) -> None:
    state: PhoneCodes | None = issued()
    outcomes = []
    for right in tries:
        worked, state = accepted(state, "right" if right else "wrong", NOON)
        outcomes.append(worked)
    first = tries.index(True) if True in tries else None
    expected = first if first is not None and first < TRIES else None
    assert [at for at, worked in enumerate(outcomes) if worked] == ([] if expected is None else [expected])


@pytest.mark.rule("R31")
def test_a_code_serves_the_purpose_it_was_asked_for_and_the_newest_replaces_the_last() -> None:
    later = NOON + timedelta(minutes=2)
    state = issued(later, issued(), Purpose.PASSWORD_RESET, "other")
    assert not accepted(state, "right", later, Purpose.PASSWORD_RESET)[0]
    assert accepted(state, "other", later, Purpose.PASSWORD_RESET)[0]
    assert accepted(state, "right", later)[0]
    newer = issued(later, issued(), hash="newer")
    assert not accepted(newer, "right", later)[0]
    assert accepted(newer, "newer", later)[0]
    assert not accepted(None, "right", NOON)[0]


@pytest.mark.rule("R31")
def test_a_code_waits_for_its_message_until_that_is_noted_or_the_code_is_over() -> None:
    state = issued()
    assert phone_code.unsent(state, P, NOON + TERM - SECOND) == "sealed right"
    assert phone_code.unsent(state, P, NOON + TERM) is None
    assert phone_code.unsent(state, Purpose.PASSWORD_RESET, NOON) is None
    assert phone_code.note_sent(state, P, "sealed before").state == state
    noted = phone_code.note_sent(state, P, "sealed right").state
    assert phone_code.unsent(noted, P, NOON) is None
    assert accepted(noted, "right", NOON)[0]
    used = phone_code.use(state, P, "right", NOON).state
    assert phone_code.note_sent(used, P, "sealed right").state == used


@pytest.mark.rule("G1", "R31")
async def test_a_code_is_sent_as_six_digits_and_again_only_after_a_minute(desk: Desk) -> None:
    body = {"phone": PHONE, "purpose": "registration"}
    assert await desk.ok("POST", "/phone-codes", None, body) == {"expires_in": 300}
    [message] = desk.messages(PHONE)
    assert len(message["code"]) == 6
    assert message["code"].isdigit()
    assert message["code"] in message["text"]
    answer = await desk.call("POST", "/phone-codes", None, body)
    assert (answer.status_code, answer.json()["code"]) == (429, "phone_code_too_often")
    assert 0 < int(answer.headers["retry-after"]) <= 60
    desk.later(minutes=1)
    await desk.ok("POST", "/phone-codes", None, body)
    assert len(desk.messages(PHONE)) == 2


@pytest.mark.rule("R20")
async def test_a_repeated_request_sends_no_second_message(desk: Desk) -> None:
    for _ in range(2):
        await desk.ok("POST", "/phone-codes", None, {"phone": PHONE, "purpose": "password_reset"}, key="key-of-one-wish")
    assert len(desk.messages(PHONE)) == 1


class Carrier:
    """Takes a message, or loses the connection before or after it took it."""

    def __init__(self, sms: Sms) -> None:
        self._sms = sms
        self.fails_before = self.fails_after = False

    async def send(self, phone: str, text: str, code: str, at: datetime) -> None:
        if self.fails_before:
            raise ConnectionError
        await self._sms.send(phone, text, code, at)
        if self.fails_after:
            raise ConnectionError


@pytest.mark.rule("R20", "R31")
async def test_a_message_that_may_not_have_gone_out_is_sent_by_the_repeat_of_its_request(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"phone": PHONE, "purpose": "registration"}
    carrier = Carrier(desk.parts.sms)
    monkeypatch.setitem(vars(desk.parts), "sms", carrier)
    carrier.fails_before = True
    assert (await desk.call("POST", "/phone-codes", None, body, key="key-of-one-wish")).status_code == 500
    carrier.fails_before, carrier.fails_after = False, True
    assert (await desk.call("POST", "/phone-codes", None, body, key="key-of-one-wish")).status_code == 500
    carrier.fails_after = False
    for _ in range(2):
        await desk.ok("POST", "/phone-codes", None, body, key="key-of-one-wish")
    codes = {message["code"] for message in desk.messages(PHONE)}
    assert (len(desk.messages(PHONE)), len(codes)) == (2, 1)
    registration = {"login": "shili.spaet", "password": PASSWORD, "phone": PHONE, "phone_code": codes.pop()}
    await desk.ok("POST", "/interns", None, registration)


@pytest.mark.rule("R31")
async def test_a_repeat_after_the_term_sends_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier = Carrier(desk.parts.sms)
    monkeypatch.setitem(vars(desk.parts), "sms", carrier)
    carrier.fails_before = True
    body = {"phone": PHONE, "purpose": "registration"}
    await desk.call("POST", "/phone-codes", None, body, key="key-of-one-wish")
    carrier.fails_before = False
    desk.later(seconds=TERM.total_seconds())
    await desk.ok("POST", "/phone-codes", None, body, key="key-of-one-wish")
    assert desk.messages(PHONE) == []


async def test_a_malformed_wish_for_a_code_is_refused(desk: Desk) -> None:
    for body, code in (
        ({"phone": "12345678901", "purpose": "registration"}, "phone_form"),
        ({"phone": PHONE, "purpose": "other"}, "invalid_input"),
        ({"phone": PHONE}, "invalid_input"),
        ({"phone": PHONE, "purpose": "registration", "more": 1}, "invalid_input"),
        ({"phone": 19900000000, "purpose": "registration"}, "invalid_input"),
    ):
        assert await desk.refused("POST", "/phone-codes", None, body) == (422, code)
    assert desk.messages(PHONE) == []

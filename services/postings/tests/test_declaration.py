"""What a submission must keep to, what is flagged, and what a published posting may still change."""

from datetime import date, timedelta
from typing import Any

import pytest
from common.calendar import local_date
from common.contracts.postings import PostingChanged
from common.contracts.words import PostingStatus, UnitStatus
from common.decision import SYSTEM
from common.errors import Refusal
from common.policy import PolicyEntry
from common.reference import ReferenceItem
from hypothesis import given
from hypothesis import strategies as st
from postings.domain import declare, places
from postings.domain.facts import SeatsFacts
from postings.domain.posting import PostingContent
from postings.domain.wording import FIELDS, flags, marks
from pydantic import ValidationError

from .builders import NOON, RECOGNISED, REFERENCE, around, by, content, posting

TODAY = local_date(NOON)
WAGE = 189000


def submitted(**changes: Any) -> str:
    """`ok`, or the code of the refusal."""
    try:
        declare.submit(posting(content=content(**changes)), around(), by())
    except Refusal as refused:
        return refused.code
    return "ok"


@pytest.mark.rule("R16")
@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"months": 2}, "posting_months"),
        ({"months": 3}, "ok"),
        ({"months": 12}, "ok"),
        ({"months": 13}, "posting_months"),
        ({"allowance_fen": WAGE}, "ok"),
        ({"allowance_fen": WAGE - 1}, "allowance_too_low"),
        ({"region": "520121", "allowance_fen": 176000}, "ok"),
        ({"deadline": TODAY}, "ok"),
        ({"deadline": TODAY - timedelta(days=1)}, "posting_deadline_past"),
        ({"deadline": date(2028, 11, 24)}, "ok"),
        ({"deadline": date(2028, 11, 25)}, "posting_deadline_far"),
        ({"region": "520100"}, "posting_region"),
        ({"region": "520000"}, "posting_region"),
        ({"region": "110101"}, "posting_region"),
    ],
)
def test_a_submission_keeps_to_policy_wage_region_and_deadline(changes: dict[str, Any], outcome: str) -> None:
    assert submitted(**changes) == outcome


@pytest.mark.rule("R16")
def test_the_submission_notes_what_it_was_checked_against() -> None:
    entry = PolicyEntry(region="520102", effective=date(2026, 11, 1), version=2, changes={"months_min": 6})
    item = ReferenceItem(kind="policy", key=entry.key, version=2, value=entry.model_dump(mode="json", exclude={"version"}))
    after = declare.submit(posting(), around(reference=REFERENCE.with_items([item])), by()).state
    assert after.declared_under == ("520000:2022-01-01:1", "520102:2026-11-01:2", "minimum_wage:520102:2023-02-01")
    assert (after.unit_name, after.places) == (RECOGNISED.name, ("520102", "520100", "520000"))


@pytest.mark.rule("G15", "R15")
@pytest.mark.parametrize("standing", UnitStatus)
def test_the_unit_must_be_recognised_and_not_expired(standing: UnitStatus) -> None:
    unit = RECOGNISED.but(status=standing)
    assert unit.recognised_on(TODAY) is (standing is UnitStatus.RECOGNISED)
    assert unit.but(recognised_until=None).recognised_on(TODAY) is (standing is UnitStatus.RECOGNISED)
    for lacking in (None, RECOGNISED.but(recognised_until=TODAY - timedelta(days=1)), RECOGNISED.but(status=UnitStatus.SUSPENDED)):
        with pytest.raises(Refusal, match="recognised_unit_needed"):
            declare.submit(posting(), around(lacking), by())
    assert RECOGNISED.but(recognised_until=TODAY).recognised_on(TODAY)


@pytest.mark.rule("R16")
@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("title", "示例前台（仅限女性）", [("sex", "仅限女性", 5, 9)]),
        ("duties", "示例：男性优先，男性优先", [("sex", "男性优先", 3, 7), ("sex", "男性优先", 8, 12)]),
        (
            "requirements",
            "汉族优先，乙肝勿扰，无宗教信仰",
            [("ethnicity", "汉族优先", 0, 4), ("health", "乙肝", 5, 7), ("religion", "无宗教信仰", 10, 15)],
        ),
        ("requirements", "男女不限，残疾青年同等条件下优先", []),
    ],
)
def test_discriminating_words_are_marked_where_they_stand(field: str, text: str, expected: list[tuple[str, str, int, int]]) -> None:
    found = marks(content(**{field: text}))
    assert [(mark.ground, mark.word, mark.start, mark.end) for mark in found] == expected
    assert {mark.field for mark in found} <= {field}
    assert flags(content(**{field: text})) == tuple(sorted({f"{ground}:{word}" for ground, word, _, _ in expected}))


@pytest.mark.rule("R16")
@given(st.text(max_size=60), st.sampled_from(["仅限男性", "乙肝", "不信教", "限汉族"]), st.text(max_size=60), st.sampled_from(FIELDS))
def test_a_discriminating_word_is_marked_whatever_stands_around_it(before: str, word: str, after: str, field: str) -> None:
    text = f"{before}。{word}。{after}"
    found = marks(content(**{field: text}))
    assert word in {mark.word for mark in found}
    assert all(text[mark.start : mark.end] == mark.word for mark in found if mark.field == field)


@pytest.mark.rule("R16")
def test_flags_travel_with_the_submission() -> None:
    [event] = declare.submit(posting(content=content(title="示例岗位限男性")), around(), by()).events
    assert event.model_dump()["flags"] == ("sex:限男性",)


@pytest.mark.rule("R16", "R24")
@pytest.mark.parametrize(
    "wrong",
    [{"title": " "}, {"headcount": 0}, {"kind": "other"}, {"contact": {"name": "示例", "phone": "123"}}, {"deadline": "soon"}, {"more": 1}],
)
def test_a_malformed_content_is_no_content(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PostingContent.model_validate({**content().model_dump(), **wrong})


@pytest.mark.rule("R8", "R9")
@given(before=st.integers(1, 20), wanted=st.integers(1, 20), taken=st.integers(0, 20), days=st.integers(-3, 3))
def test_a_published_posting_keeps_taken_places_and_an_earlier_deadline(before: int, wanted: int, taken: int, days: int) -> None:
    deadline = TODAY + timedelta(days=1)
    published = posting(PostingStatus.PUBLISHED, content=content(headcount=before, deadline=deadline))
    asked = published.content.but(headcount=wanted, deadline=deadline + timedelta(days=days))
    seats = SeatsFacts(headcount=before, taken=taken)
    code = "deadline_only_later" if days < 0 else "headcount_below_taken" if wanted < min(before, taken) else None
    if code:
        with pytest.raises(Refusal, match=code):
            places.adjust(published, asked, around(seats=seats), by())
        return
    decision = places.adjust(published, asked, around(seats=seats), by())
    assert decision.state.content == asked
    assert bool(decision.events) is (asked != published.content)
    assert all(isinstance(event, PostingChanged) for event in decision.events)


@pytest.mark.rule("R16")
@pytest.mark.parametrize("field", PostingContent.model_fields)
def test_only_what_no_officer_approves_changes_while_published(field: str) -> None:
    other = {
        "title": "示例其他岗位",
        "kind": "management",
        "duties": "示例其他职责",
        "region": "520103",
        "headcount": 9,
        "months": 7,
        "allowance_fen": 300000,
        "requirements": "示例其他要求",
        "mentor": "示例其他导师",
        "deadline": date(2027, 7, 1),
        "contact": {"name": "示例其他联系人", "phone": "19900000009"},
        "report_to": "示例其他地点",
    }
    published = posting(PostingStatus.PUBLISHED)
    asked = PostingContent.model_validate(published.content.model_dump() | {field: other[field]})
    if field in ("headcount", "deadline", "contact", "report_to"):
        assert places.adjust(published, asked, around(), by()).state.content == asked
    else:
        with pytest.raises(Refusal, match="posting_text_fixed"):
            places.adjust(published, asked, around(), by())


def test_a_draft_whose_deadline_went_by_is_still_revised() -> None:
    over = posting(content=content(deadline=TODAY - timedelta(days=1)))
    assert declare.revise(over, over.content.but(title="示例"), by()).state.content.title == "示例"


@pytest.mark.rule("R9")
def test_a_deadline_is_not_moved_into_the_past() -> None:
    over = posting(PostingStatus.PUBLISHED, content=content(deadline=TODAY - timedelta(days=5)))
    assert not over.accepts(TODAY)
    with pytest.raises(Refusal, match="posting_deadline_past"):
        places.adjust(over, over.content.but(deadline=TODAY - timedelta(days=1)), around(), by())
    assert places.adjust(over, over.content.but(deadline=TODAY), around(), by()).state.accepts(TODAY)
    assert places.adjust(over, over.content.but(headcount=9), around(), by()).state.content.headcount == 9


@pytest.mark.rule("R8")
@given(headcount=st.integers(1, 20), in_force=st.integers(1, 20), taken=st.integers(0, 20))
def test_a_correction_takes_what_applications_counts_and_only_when_needed(headcount: int, in_force: int, taken: int) -> None:
    before = posting(PostingStatus.PUBLISHED, content=content(headcount=headcount))
    seats = SeatsFacts(headcount=max(in_force, taken), taken=taken)
    after = places.correct(before, around(seats=seats), by()).state
    assert after.content.headcount == (headcount if headcount >= taken else seats.headcount)
    assert not places.correct(after, around(seats=seats), by()).events


def test_revising_to_the_same_text_writes_nothing() -> None:
    before = posting()
    assert declare.revise(before, before.content, by()).history == ()
    with pytest.raises(Refusal, match="forbidden"):
        declare.revise(before, content(title="示例"), by(SYSTEM))

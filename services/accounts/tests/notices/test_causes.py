"""Who is told what (R21): every party of every change, in words that exist and can be filled in."""

import pytest
from accounts.notices.domain.application_causes import UNIT_SIDE
from accounts.notices.domain.causes import CAUSES, told
from accounts.notices.domain.notice import Audience, Notice, Recipient, Told, office, person, unit
from accounts.notices.domain.wording import FILLED_LATER, NEEDS, Names, placeholders, templates, words
from common.contracts.applications import CaseSettled
from common.contracts.base import MESSAGES
from common.contracts.effects import EFFECTS, Effects
from common.contracts.words import CaseKind, CaseStatus, Permission, PostingStatus, Role, Status, UnitStatus
from common.reference import Reference

from ..builders import COUNTY, NOON, case
from .samples import APPLICATION, DUE, cases_asked, messages, posting_change, status_change, unit_change

pytestmark = pytest.mark.rule("R21")
SMS_LENGTH = 70
INSTEAD_OF_THE_UNIT = ("application.absent.", "application.terminated.")
"""An officer may take these steps of a silent unit: the unit is told where the table of effects says so (R29)."""
LONGEST = {"due_short": "12月31日24:00", "days": "60"}
EVERYTHING = [(message, one) for message in messages() for one in told(message)]


def filled_in(one: Told) -> set[str]:
    """The facts of something told, with those that follow from the application."""
    return set(one.facts) | {name for name, source in FILLED_LATER.items() if source in one.facts}


@pytest.mark.rule("R28")
@pytest.mark.parametrize("row", EFFECTS, ids=lambda row: f"{row.from_}-{row.to}-{row.by}-{row.reason}")
def test_every_status_change_is_told_to_those_whom_the_table_of_effects_names_and_to_nobody_else(row: Effects) -> None:
    audiences = {Role.INTERN: person("per_1"), Role.UNIT: unit("unt_1", *UNIT_SIDE[row.to])}
    assert {one.template: one.audience for one in told(status_change(row))} == {
        row.template(recipient): audiences[recipient] for recipient in row.tells
    }


@pytest.mark.parametrize(("message", "one"), EVERYTHING, ids=lambda x: x.template if isinstance(x, Told) else "")
def test_what_is_told_has_a_template_whose_names_the_facts_fill_in(message: object, one: Told) -> None:
    wording = templates()[one.template].wording(one.facts)
    for text in (wording.title, wording.body, wording.sms or ""):
        for name in placeholders(text):
            assert NEEDS[name] <= filled_in(one), f"{one.template} says {name}"


def test_every_template_and_every_variant_is_told_by_some_cause_or_reminder() -> None:
    used = {(one.template, one.facts.get("variant", "")) for _, one in EVERYTHING}
    for key, template in templates().items():
        if not key.startswith(("reminder.", *INSTEAD_OF_THE_UNIT)):
            assert key in {template for template, _ in used}, key
            assert {(key, variant) for variant in template.variants} <= used, key


def test_every_cause_is_a_message_that_exists_and_has_a_sample() -> None:
    assert set(CAUSES) <= set(MESSAGES.values())
    assert set(CAUSES) == {type(message) for message, _ in EVERYTHING}


@pytest.mark.parametrize("key", templates())
def test_a_short_message_is_short_says_where_to_look_and_names_nothing_private(key: str) -> None:
    template = templates()[key]
    for wording in (template, *template.variants.values()):
        if wording.sms:
            assert placeholders(wording.sms) <= LONGEST.keys()
            assert len(wording.sms.format(**LONGEST)) <= SMS_LENGTH
            assert wording.sms.startswith("【青年就业见习】")


def test_the_words_say_labels_and_dates_and_no_codes() -> None:
    facts = {"posting_id": "pst_1", "unit_id": "unt_1", "reason": "employed", "scope": "DISAPPROVED,reinstatement", "due": DUE.isoformat()}
    said = words(facts, Names(postings={"pst_1": "示例岗"}, units={"unt_1": "示例单位"}), Reference.sample().reasons)
    assert (said["posting"], said["unit"]) == ("示例岗", "示例单位")
    assert said["reason"] == "已就业或缴纳社会保险"
    assert (said["due"], said["due_short"]) == ("2027年1月5日24:00", "1月5日24:00")
    assert words({"due": "2027-01-05T02:30:00+00:00"}, Names(), Reference.sample().reasons)["due"] == "2027年1月5日10:30"
    assert words({}, Names(), Reference.sample().reasons)["posting"] == "见习岗位"


@pytest.mark.rule("R30")
def test_a_complaint_and_the_wish_to_take_part_again_are_not_told_to_the_unit() -> None:
    told_to_unit = {message.kind for message in cases_asked() for one in told(message) if one.audience.kind == "unit"}
    assert told_to_unit == {CaseKind.OBJECTION, CaseKind.SILENCE}
    settled = [CaseSettled(**APPLICATION, kind=kind, number=1, case_id="cas_1") for kind in CaseKind]
    assert {message.kind for message in settled for one in told(message) if one.audience.kind == "unit"} == {CaseKind.OBJECTION}


def test_a_question_that_moved_on_is_told_by_what_moved_it_on() -> None:
    assert told(CaseSettled(**APPLICATION, kind=CaseKind.OBJECTION, number=1)) == ()


@pytest.mark.rule("R29")
def test_an_intern_is_told_what_the_system_asks_and_not_what_they_ask_themselves() -> None:
    kinds = {message.kind for message in cases_asked() for one in told(message) if one.audience.kind == "person"}
    assert kinds == {CaseKind.SILENCE, CaseKind.REINSTATEMENT}


@pytest.mark.rule("R10")
def test_of_a_case_the_party_hears_only_that_something_is_to_be_handed_in() -> None:
    heard = {
        (kind, status): told(case("per_1", kind, from_=CaseStatus.OPEN, to=status, due_at=DUE))
        for kind in CaseKind
        for status in CaseStatus
    }
    assert {status for (_, status), what in heard.items() if what} == {CaseStatus.RETURNED}
    [returned] = heard[CaseKind.ELIGIBILITY, CaseStatus.RETURNED]
    assert (returned.audience, returned.until) == (person("per_1"), DUE)


@pytest.mark.rule("R29")
def test_the_office_hears_of_a_silent_unit_once_when_the_case_opens() -> None:
    [opened] = told(case("per_1", CaseKind.SILENCE))
    assert opened.audience == office(COUNTY)
    assert told(case("per_1", CaseKind.ELIGIBILITY)) == ()


@pytest.mark.rule("R24")
def test_an_audience_takes_the_users_with_the_permission_the_officers_of_the_office_and_the_administrators() -> None:
    reporter = Recipient(id="usr_1", role=Role.UNIT, unit_id="unt_1", permissions=frozenset({Permission.REPORT_INTERNSHIPS}))
    officer = Recipient(id="stf_1", role=Role.OFFICER, region=COUNTY)
    admin, intern = Recipient(id="stf_2", role=Role.SYSTEM_ADMIN), Recipient(id="per_1", role=Role.INTERN)
    everybody = [reporter, officer, admin, intern]

    def taken(audience: Audience) -> list[str]:
        return [who.id for who in everybody if audience.takes(who)]

    assert taken(unit("unt_1", Permission.REPORT_INTERNSHIPS)) == ["usr_1"]
    assert taken(unit("unt_1", Permission.ANSWER_APPLICANTS)) == taken(unit("unt_2", Permission.REPORT_INTERNSHIPS)) == []
    assert taken(office(COUNTY)) == ["stf_1"]
    assert taken(office("520100")) == []
    assert taken(Audience(kind="administrators")) == ["stf_2"]
    assert taken(person("per_1")) == ["per_1"]
    assert taken(Audience(kind="posting", id="pst_1", permissions=(Permission.REPORT_INTERNSHIPS,))) == []


def test_a_notice_is_the_same_for_the_same_cause_recipient_and_template() -> None:
    [to_intern, to_unit] = told(next(status_change(row) for row in EFFECTS if len(row.tells) == 2))
    one = Notice.of(to_intern, "per_1", "per_1:7", NOON)
    assert one == Notice.of(to_intern, "per_1", "per_1:7", NOON)
    others = [
        Notice.of(to_intern, "per_2", "per_1:7", NOON),
        Notice.of(to_intern, "per_1", "per_1:8", NOON),
        Notice.of(to_unit, "per_1", "per_1:7", NOON),
    ]
    assert len({one.id, *(other.id for other in others)}) == 4


def test_facts_are_ids_codes_and_dates_only() -> None:
    for _, one in EVERYTHING:
        for name, value in one.facts.items():
            assert value.isascii(), f"{one.template} keeps {name}"


def test_nobody_is_told_what_they_did_themselves_or_what_is_on_the_way() -> None:
    assert set(UNIT_SIDE) == set(Status)
    for status in (UnitStatus.REGISTERED, UnitStatus.REQUESTED):
        assert told(unit_change(UnitStatus.REFUSED, status)) == ()
    published, paused = PostingStatus.PUBLISHED, PostingStatus.PAUSED
    for to in (PostingStatus.DRAFT, PostingStatus.SUBMITTED, PostingStatus.CLOSING, paused):
        assert told(posting_change(published, to)) == ()
    assert told(posting_change(paused, published)) == ()
    assert [one.template for one in told(posting_change(paused, PostingStatus.CLOSED))] == ["posting.closed.unit"]
    assert [one.template for one in told(posting_change(published, paused, "unit_suspended"))] == ["posting.paused.unit"]

"""The rules of a person, of credentials and of resumes."""

import pytest
from accounts.domain import person as people
from accounts.domain.credentials import Registration, check_password, login_key
from accounts.domain.person import Person
from accounts.domain.resume import Resume, resume_id
from common.errors import Refusal
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from .builders import identity, person, resume_body


@pytest.mark.rule("G1")
def test_registering_makes_a_person_once() -> None:
    made = people.register(None, "per_1")
    assert [event.TYPE for event in made.events] == ["person.registered"]
    again = people.register(made.state, "per_1")
    assert (again.state, again.events) == (made.state, ())


@pytest.mark.rule("G2", "R31")
def test_a_person_is_verified_once_and_for_one_identity() -> None:
    verified = people.verify(person(), identity())
    assert [(event.TYPE, event.model_dump()["birth_date"]) for event in verified.events] == [("person.verified", identity().birth_date)]
    again = people.verify(verified.state, identity())
    assert (again.state, again.events) == (verified.state, ())
    for other in (identity(name="b"), identity(number="2")):
        with pytest.raises(Refusal, match="already_verified"):
            people.verify(verified.state, other)


@pytest.mark.rule("G2")
def test_the_resume_comes_after_the_real_name() -> None:
    assert person().missing == ["real_name", "resume"]
    with pytest.raises(Refusal, match="resume_needs_real_name"):
        people.save_resume(person(), "res_1")
    verified = person(identity=identity())
    assert verified.missing == ["resume"]
    assert people.save_resume(verified, "res_1").state.missing == []


@pytest.mark.rule("R12")
@given(st.lists(st.sampled_from(["res_a", "res_b", "res_c"]), max_size=20))
def test_each_change_of_the_resume_is_the_next_version_and_none_is_lost(saved: list[str]) -> None:
    state: Person = person(identity=identity())
    for id in saved:
        decision = people.save_resume(state, id)
        changed = state.resumes[-1:] != (id,)
        assert len(decision.events) == changed
        assert decision.state.resumes[: len(state.resumes)] == state.resumes
        assert decision.state.resume_version == state.resume_version + changed
        assert all(event.model_dump()["resume_version"] == decision.state.resume_version for event in decision.events)
        state = decision.state
        assert state.resumes[-1] == id


@pytest.mark.rule("R12")
def test_a_resume_has_the_id_of_its_person_and_content() -> None:
    one, same, other = (Resume.model_validate(resume_body(skill)) for skill in ("a", "a", "b"))
    assert resume_id("per_1", one) == resume_id("per_1", same)
    assert len({resume_id("per_1", one), resume_id("per_2", one), resume_id("per_1", other)}) == 3


@pytest.mark.rule("R12")
@pytest.mark.parametrize(
    "wrong",
    [
        {"education": []},
        {"education": [{**resume_body()["education"][0], "end": "2018-01-01"}]},
        {"education": resume_body()["education"] * 11},
        {"skills": [" "]},
        {"self_description": "字" * 2001},
        {"phone": "19900000001"},
    ],
)
def test_a_resume_is_bounded_and_closed(wrong: dict[str, object]) -> None:
    Resume.model_validate(resume_body())
    with pytest.raises(ValidationError):
        Resume.model_validate({**resume_body(), **wrong})


@pytest.mark.rule("G1")
@pytest.mark.parametrize(
    ("password", "sound"),
    [("shili2026", True), ("示例密码2026", True), ("12345678", False), ("abcdefgh", False), ("SHILI.2026", False), ("--------", False)],
)
def test_a_password_has_letters_and_digits_and_is_not_the_login(password: str, sound: bool) -> None:
    if sound:
        check_password(password, "shili.2026")
        return
    with pytest.raises(Refusal, match="password_weak"):
        check_password(password, "shili.2026")


@pytest.mark.rule("G1", "R31")
@pytest.mark.parametrize("login", ["19900000001", "abc", "1abc", "a" * 33, "示例账号", "ab cd", "abcd\n", "52010220040506999X"])
def test_a_login_starts_with_a_letter_so_that_no_number_is_one(login: str) -> None:
    form = {"login": "shili", "password": "shili2026", "phone": "19900000001", "phone_code": "123456"}
    Registration.model_validate(form)
    with pytest.raises(ValidationError):
        Registration.model_validate({**form, "login": login})


def test_the_case_of_letters_does_not_tell_two_logins_apart() -> None:
    assert login_key("Shili.A") == login_key("shili.a") != login_key("shili.b")


def test_a_registration_does_not_show_its_secrets() -> None:
    form = Registration(login="shili", password="shili2026", phone="19900000001", phone_code="123456")
    assert not any(secret in repr(form) for secret in ("shili2026", "19900000001", "123456"))

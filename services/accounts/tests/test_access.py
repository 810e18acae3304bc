"""Who sees what of a person: the table of R24 and R14."""

import pytest
from accounts.domain import access
from accounts.domain.access import ApplicationRelation, CaseRelation, Sight
from common.contracts.words import CaseKind, CaseStatus, Permission, Role, Status
from common.decision import Actor

from .builders import CITY, COUNTY, ELSEWHERE, PROVINCE
from .conftest import officer

REVEALED = {Status.OFFERED, Status.WILLING, Status.APPROVED, Status.ONBOARDED}
PERMITTED = {Permission.ANSWER_APPLICANTS, Permission.REPORT_INTERNSHIPS}
OPEN = {CaseStatus.OPEN, CaseStatus.CLAIMED, CaseStatus.RETURNED, CaseStatus.DECIDING}
ABOUT_PEOPLE = (CaseKind.UNEMPLOYMENT, CaseKind.ELIGIBILITY)


def user(*permissions: Permission, unit_id: str = "unt_1") -> Actor:
    return Actor(id="usr_1", role=Role.UNIT, unit_id=unit_id, permissions=frozenset(permissions))


def applied(status: Status, unit_id: str = "unt_1", version: int = 1, id: str = "app_1") -> ApplicationRelation:
    return ApplicationRelation(application_id=id, person_id="per_1", unit_id=unit_id, status=status, resume_version=version)


def opened(
    kind: CaseKind = CaseKind.ELIGIBILITY, status: CaseStatus = CaseStatus.OPEN, region: str = COUNTY, app: str | None = "app_1"
) -> CaseRelation:
    return CaseRelation(kind=kind, subject="per_1", region=region, status=status, application_id=app)


@pytest.mark.rule("R24")
@pytest.mark.parametrize("status", Status)
def test_a_unit_sees_the_clear_phone_from_the_offer_until_the_application_closes(status: Status) -> None:
    clear = status in REVEALED
    by = "app_1" if clear else None
    assert access.of_unit(user(*PERMITTED), [applied(status)]) == Sight(name=clear, phone=clear, resumes=frozenset({1}), application_id=by)


@pytest.mark.rule("R24")
@pytest.mark.parametrize("permission", Permission)
def test_only_users_who_answer_or_report_see_applicants(permission: Permission) -> None:
    sight = access.of_unit(user(permission), [applied(Status.OFFERED)])
    assert (sight is not None) is (permission in PERMITTED)


@pytest.mark.rule("R24", "R12")
def test_a_unit_sees_no_more_than_its_own_applications_give() -> None:
    foreign = applied(Status.OFFERED, "unt_2", version=2, id="app_2")
    assert access.of_unit(user(*PERMITTED), [foreign]) is None
    assert access.of_unit(user(*PERMITTED), []) is None
    assert access.of_unit(user(*PERMITTED), [foreign, applied(Status.PENDING)]) == Sight(resumes=frozenset({1}))


@pytest.mark.rule("R14", "R24")
@pytest.mark.parametrize(("region", "sees"), [(COUNTY, True), (CITY, True), (PROVINCE, True), (ELSEWHERE, False), ("520103", False)])
def test_the_county_its_city_and_the_province_see_who_has_a_case_there(region: str, sees: bool) -> None:
    assert (access.of_officer(officer(region), [opened()], []) is not None) is sees
    assert access.of_officer(Actor(id="stf_1", role=Role.OFFICER), [opened()], []) is None


@pytest.mark.rule("R24")
@pytest.mark.parametrize("status", CaseStatus)
@pytest.mark.parametrize("kind", ABOUT_PEOPLE)
def test_an_office_sees_in_clear_while_the_case_is_open_and_the_number_for_the_check_only(kind: CaseKind, status: CaseStatus) -> None:
    clear = status in OPEN
    sight = access.of_officer(officer(), [opened(kind, status, app=None)], [])
    assert sight == Sight(name=clear, phone=clear, id_number=clear and kind is CaseKind.UNEMPLOYMENT)


@pytest.mark.rule("R24", "R12")
def test_an_office_reads_the_resume_of_the_application_it_reviews() -> None:
    applications = [applied(Status.WILLING, version=1), applied(Status.PENDING, version=2, id="app_2")]
    sight = access.of_officer(officer(), [opened()], applications)
    assert sight is not None
    assert sight.resumes == {1}
    elsewhere = access.of_officer(officer(ELSEWHERE), [opened(), opened(region=ELSEWHERE, app="app_2")], applications)
    assert elsewhere is not None
    assert elsewhere.resumes == {2}

"""What units and offices see of people over HTTP, after the events that relate them (R24, R12, R14)."""

import asyncio

import pytest
from common.contracts.words import CaseKind, CaseStatus, Permission, Role, Status
from common.decision import Actor
from common.ids import new_id

from .builders import COUNTY, ELSEWHERE, NAME, PROVINCE, application, case, resume_body
from .conftest import Desk, officer

PERMITTED = frozenset({Permission.ANSWER_APPLICANTS})


def employer() -> Actor:
    return Actor(id="usr_1", role=Role.UNIT, unit_id=new_id("unt"), permissions=PERMITTED)


async def applied(desk: Desk, intern: Actor, unit: Actor, to: Status = Status.PENDING, version: int = 1) -> None:
    assert unit.unit_id
    await desk.hear(intern.id, application(intern.id, unit.unit_id, to, resume_version=version))


@pytest.mark.rule("R24")
async def test_a_unit_sees_the_name_from_its_offer_to_the_end_and_the_phone_masked_always(desk: Desk) -> None:
    intern, unit = await desk.intern(resume=True), employer()
    for status in (Status.PENDING, Status.OFFERED, Status.WILLING, Status.APPROVED, Status.DISAPPROVED):
        await applied(desk, intern, unit, status)
        shown = await desk.ok("GET", f"/people/{intern.id}", unit)
        clear = status not in (Status.PENDING, Status.DISAPPROVED)
        assert (shown["name"] == NAME, "*" in shown["phone"]) == (clear, True), status
        assert (shown["id_number"], shown["birth_date"], shown["resume_versions"]) == (None, None, [1])


@pytest.mark.rule("R24")
async def test_several_applications_of_one_person_are_kept_apart_whatever_their_order(desk: Desk) -> None:
    intern, one, two = await desk.intern(resume=True), employer(), employer()
    assert one.unit_id
    await desk.hear(intern.id, application(intern.id, one.unit_id, Status.OFFERED), seq=7)
    await desk.hear(intern.id, application(intern.id, one.unit_id, Status.PENDING), seq=5)
    await applied(desk, intern, two)
    assert (await desk.ok("GET", f"/people/{intern.id}", one))["name"] == NAME
    assert (await desk.ok("GET", f"/people/{intern.id}", two))["name"] != NAME


@pytest.mark.rule("R24", "R12")
async def test_a_unit_reads_the_resume_it_was_applied_to_with_and_no_other_version(desk: Desk) -> None:
    intern, unit = await desk.intern(resume=True), employer()
    await desk.ok("PUT", "/me/resume", intern, resume_body("later"))
    await applied(desk, intern, unit, version=1)
    shown = await desk.ok("GET", f"/people/{intern.id}/resumes/1", unit)
    assert (shown["version"], shown["resume"]["skills"]) == (1, resume_body()["skills"])
    assert await desk.refused("GET", f"/people/{intern.id}/resumes/2", unit) == (404, "not_found")
    assert await desk.refused("GET", f"/people/{intern.id}/resumes/0", unit) == (422, "invalid_input")


@pytest.mark.rule("R24")
async def test_people_without_anything_in_common_are_not_found_like_people_who_do_not_exist(desk: Desk) -> None:
    intern, unit = await desk.intern(resume=True), employer()
    await applied(desk, intern, unit)
    await desk.hear("cas_1", case(intern.id))
    readers = (employer(), unit.but(permissions=frozenset({Permission.MANAGE_POSTINGS})), officer(ELSEWHERE))
    paths = (f"/people/{intern.id}", "/people/per_unknown", f"/people/{intern.id}/resumes/1")
    for reader in readers:
        answers = await asyncio.gather(*(desk.call("GET", path, reader) for path in paths))
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.text for answer in answers}) == 1
    for path in (f"/people/{intern.id}", f"/people/{intern.id}/resumes/1"):
        assert await desk.refused("GET", path, None) == (401, "unauthenticated")
        assert await desk.refused("GET", path, intern) == (403, "forbidden")


@pytest.mark.rule("R24", "R14", "R13")
async def test_an_office_sees_the_number_while_it_checks_unemployment_and_masked_data_afterwards(desk: Desk) -> None:
    intern = await desk.intern(resume=True)
    for status, clear in ((CaseStatus.OPEN, True), (CaseStatus.DECIDING, True), (CaseStatus.DECIDED, False)):
        await desk.hear("cas_1", case(intern.id, CaseKind.UNEMPLOYMENT, to=status, region=COUNTY))
        for office in (officer(), officer(PROVINCE)):
            shown = await desk.ok("GET", f"/people/{intern.id}", office)
            assert (shown["name"] == NAME, shown["id_number"] is not None, "*" in shown["phone"]) == (clear, clear, True)
            assert (shown["birth_date"], shown["resume_versions"]) == ("2004-05-06", [])


@pytest.mark.rule("R24", "R12")
async def test_an_office_reads_the_resume_of_the_application_under_review(desk: Desk) -> None:
    intern, unit = await desk.intern(resume=True), employer()
    await applied(desk, intern, unit, Status.WILLING)
    await desk.hear("cas_1", case(intern.id, application_id=f"app_{intern.id}_{unit.unit_id}"))
    shown = await desk.ok("GET", f"/people/{intern.id}", officer())
    assert (shown["name"], shown["id_number"], shown["resume_versions"]) == (NAME, None, [1])
    assert (await desk.ok("GET", f"/people/{intern.id}/resumes/1", officer()))["resume"]["education"]

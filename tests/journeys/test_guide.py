"""The guide, scene by scene: the same scenes that the demo tells."""

from collections.abc import Iterator

import pytest
from jianxi_local import scenes
from jianxi_local.caller import Caller
from jianxi_local.scenes import Stage
from jianxi_local.stack import Stack
from jianxi_local.town import Town
from jianxi_local.watch import Watch

from ..conftest import TOPICS


@pytest.fixture(scope="module")
def stage(stack: Stack, town: Town, administrator: Caller) -> Iterator[Stage]:
    with Watch(stack.servers.kafka_address, stack.namespace, TOPICS) as watch:
        yield scenes.set_stage(stack, town, administrator, watch, lambda line: None)


@pytest.mark.rule("G6", "G12", "R18")
def test_a_unit_refuses_with_a_reason_and_the_intern_applies_elsewhere(stage: Stage) -> None:
    scenes.the_unit_refuses(stage)


@pytest.mark.rule("G5", "R7")
def test_an_intern_has_ten_pending_applications_and_no_more(stage: Stage) -> None:
    scenes.ten_and_no_more(stage)


@pytest.mark.rule("R2", "R8")
def test_one_yes_closes_the_other_offers_and_applications(stage: Stage) -> None:
    scenes.one_yes_closes_the_rest(stage)


@pytest.mark.rule("G3", "G8", "R13", "R14")
def test_the_review_refuses_after_the_unemployment_check_passed(stage: Stage) -> None:
    scenes.the_review_refuses(stage)


@pytest.mark.rule("G7", "R5", "R21")
def test_an_offer_without_an_answer_ends_by_the_clock(stage: Stage) -> None:
    scenes.the_clock_runs_out(stage)


@pytest.mark.rule("G1", "G2", "G3", "G4", "G9", "G10", "G11", "G13", "R1", "R3", "R17")
def test_an_internship_from_registration_to_its_end(stage: Stage) -> None:
    scenes.all_the_way(stage)

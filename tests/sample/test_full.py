"""The full sample set has every state that lasts, made through the API alone, and everything holds in it (R27)."""

from collections.abc import Iterator
from typing import Any

import pytest
from common.contracts.words import CaseKind, CaseStatus, PostingStatus, Status, UnitStatus
from jianxi_local import check, province
from jianxi_local.people import Officer, until
from jianxi_local.sample import create_first_administrator
from jianxi_local.servers import Servers
from jianxi_local.stack import Stack
from jianxi_local.town import Town
from pymongo import MongoClient

from ..conftest import PROVINCE, QUICK_PASSWORDS

PASSING = {PostingStatus.CLOSING, CaseStatus.DECIDING}
"""Nothing stays in these."""


@pytest.fixture(scope="module")
def filled(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own, with every scene once in one county: its clock goes back three years."""
    with Stack(tmp_path_factory.mktemp("full"), servers=servers, settings=QUICK_PASSWORDS) as stack:
        town = Town.of(stack)
        create_first_administrator(stack, "admin", town.password)
        administrator = town.logged_in("admin")
        counties = province.COUNTIES[:1]
        officers: dict[str, Officer] = {region: town.officer(administrator, region) for region in (*counties, PROVINCE)}
        province.fill(stack, town, administrator, officers, 1, counties)
        town.close()
        yield stack


def states(stack: Stack, service: str, collection: str, path: str) -> set[Any]:
    with MongoClient[dict[str, Any]](stack.servers.mongo_address) as client:
        return set(client[f"{stack.namespace}{service}"][collection].distinct(path))


def test_every_state_that_lasts_is_there_and_everything_holds(filled: Stack) -> None:
    wanted: list[tuple[str, str, str, set[Any]]] = [
        ("applications", "candidacies", "state.applications.status", set(Status)),
        ("audit", "cases", "state.kind", set(CaseKind)),
        ("audit", "cases", "state.status", set(CaseStatus) - PASSING),
        ("postings", "postings", "state.status", set(PostingStatus) - PASSING),
        ("accounts", "units", "state.status", set(UnitStatus)),
    ]

    def missing() -> dict[str, set[Any]]:
        found = {
            path: {str(one) for one in every} - states(filled, service, collection, path) for service, collection, path, every in wanted
        }
        return {path: lacking for path, lacking in found.items() if lacking}

    until(lambda: True if not missing() else None, f"all states: {missing()}")
    assert check.findings(filled) == []

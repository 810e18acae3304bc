"""The checks of this database (R27)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from common.checks import aggregates
from common.checks.find import Check, Rows, Unique
from common.invariant import Breach
from common.store.mongo import Document
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection

from accounts.domain import invariants
from accounts.domain.account import Account
from accounts.domain.person import Person
from accounts.domain.unit import Unit
from accounts.repository import Deps


def of(deps: Deps) -> Sequence[Check]:
    mongo, accounts, people, units = deps.accounts.mongo, deps.accounts.collection, deps.people.collection, deps.units.collection

    async def profiles(session: AsyncClientSession, documents: list[Document]) -> set[str]:
        wanted = {id for document in documents for id in (document["_id"], document["state"]["unit_id"]) if id}
        return await _there(session, people, wanted) | await _there(session, units, wanted)

    async def of_people(session: AsyncClientSession, documents: list[Document]) -> tuple[set[str], set[str]]:
        resumes = {id for document in documents for id in document["state"]["resumes"]}
        return (
            await _there(session, deps.resumes.collection, resumes),
            await _there(session, accounts, {document["_id"] for document in documents}),
        )

    async def founders(session: AsyncClientSession, documents: list[Document]) -> dict[str, list[str]]:
        query = {"state.unit_id": {"$in": [document["_id"] for document in documents]}, "state.founds": {"$ne": None}}
        found: dict[str, list[str]] = defaultdict(list)
        async for row in accounts.find(query, {"state.unit_id": 1, "state.founds.uscc": 1}, session=session):
            found[row["state"]["unit_id"]].append(row["state"]["founds"]["uscc"])
        return found

    def of_account(row: Document, profiles: set[str]) -> Iterator[Breach]:
        return invariants.of_account(Account.model_validate(row["state"]), row["history"], profiles)

    def of_unit(row: Document, founders: dict[str, list[str]]) -> Iterator[Breach]:
        unit = Unit.model_validate(row["state"])
        return invariants.of_unit(unit, row["history"], founders.get(unit.id, []), deps.clock.today())

    return (
        aggregates.of_store(deps.notices.preferences, deps.clock),
        Unique(mongo, people.name, "state.identity.number_hash", invariants.NUMBER_ONCE),
        Unique(mongo, accounts.name, "state.login_key", invariants.LOGIN_ONCE),
        Unique(mongo, accounts.name, "state.live_phone", invariants.PHONE_ONCE),
        Unique(mongo, accounts.name, "state.founds.uscc", invariants.USCC_ONCE),
        Rows(mongo, accounts.name, of_account, profiles),
        Rows(mongo, people.name, lambda row, there: invariants.of_person(Person.model_validate(row["state"]), *there), of_people),
        Rows(mongo, units.name, of_unit, founders),
    )


async def _there(session: AsyncClientSession, collection: AsyncCollection[Document], ids: set[str]) -> set[str]:
    """Which of these are there."""
    return {row["_id"] async for row in collection.find({"_id": {"$in": sorted(ids)}}, {"_id": 1}, session=session)}

"""The checks of this database (R27), package by package."""

from collections.abc import Iterable, Iterator, Sequence

from common.checks.find import Check, Rows, each, readable, typed
from common.contracts.words import CaseStatus
from common.invariant import Breach, Line, follow
from common.store.mongo import Document
from pymongo.asynchronous.client_session import AsyncClientSession

from audit.cases.domain import invariants
from audit.cases.domain.case import Case, Standing
from audit.cases.repository import Cases
from audit.ledger import checks as of_ledger
from audit.ledger.repository import Ledger
from audit.reference.domain.proposal import Proposal, ProposalStatus
from audit.reference.repository import ReferenceItems

_S = ProposalStatus
_PROPOSAL_STEPS: set[tuple[str | None, str]] = {
    (None, _S.WAITING),
    *((_S.WAITING, after) for after in (_S.APPLYING, _S.TURNED_DOWN, _S.WITHDRAWN)),
    *((_S.APPLYING, after) for after in (_S.APPLIED, _S.WAITING)),
}


def of(cases: Cases, reference: ReferenceItems, ledger: Ledger) -> Sequence[Check]:
    return (
        *_of_cases(cases),
        each(cases.store.mongo, reference.proposals.collection.name, typed(Proposal, _of_proposal)),
        *of_ledger.of(ledger),
    )


def _of_cases(cases: Cases) -> Iterable[Check]:
    mongo = cases.store.mongo

    async def standings(session: AsyncClientSession, documents: list[Document]) -> dict[str, Standing]:
        keys = [invariants.question(case).standing_id for _, case in readable(Case, documents)]
        return dict(readable(Standing, await cases.standings.collection.find({"_id": {"$in": keys}}, session=session).to_list()))

    async def asked(session: AsyncClientSession, documents: list[Document]) -> dict[str, CaseStatus]:
        ids = [invariants.asked(key, standing).case_id for key, standing in readable(Standing, documents)]
        found = cases.store.collection.find({"_id": {"$in": ids}}, {"state.status": 1}, session=session)
        return {row["_id"]: CaseStatus(row["state"]["status"]) async for row in found}

    def of_case(row: Document, standings: dict[str, Standing]) -> Iterator[Breach]:
        case = Case.model_validate(row["state"])
        return invariants.of_case(case, row["history"], standings.get(invariants.question(case).standing_id), cases.clock.now())

    def of_standing(row: Document, cases: dict[str, CaseStatus]) -> Iterator[Breach]:
        return invariants.of_standing(row["_id"], Standing.model_validate(row["state"]), cases)

    yield Rows(mongo, cases.store.collection.name, of_case, standings)
    yield Rows(mongo, cases.standings.collection.name, of_standing, asked)


def _of_proposal(proposal: Proposal, history: list[Line]) -> Iterator[Breach]:
    return follow(history, ProposalStatus, proposal.status, lambda from_, to: (from_, to) in _PROPOSAL_STEPS)

"""The cases of the table of effects (R28) against those that open and close here, row by row, in both directions."""

import pytest
from common.contracts.applications import ApplicationStatusChanged
from common.contracts.effects import EFFECTS, Effects
from common.contracts.words import CaseKind, CaseStatus, Status
from common.ids import new_id

from .conftest import Audit
from .messages import application_changed


def said(person: str, application: str, row: Effects) -> ApplicationStatusChanged:
    return application_changed(
        person, application, row.to, from_=row.from_, reason_code=row.reason, actor_role=row.by, reinstated=row.reinstated
    )


async def cases_of(audit: Audit, person: str, *statuses: CaseStatus) -> set[CaseKind]:
    found = audit.deps.cases.store.collection.find({"state.subject": person, "state.status": {"$in": [*statuses]}})
    return {CaseKind(row["state"]["kind"]) async for row in found}


@pytest.mark.rule("R28", "G8")
async def test_each_change_of_status_opens_and_settles_the_cases_of_its_row(audit: Audit) -> None:
    for row in EFFECTS:
        person, application = new_id("per"), new_id("app")
        if row.from_ is Status.WILLING:
            await audit.hear(person, 1, application_changed(person, application))
        await audit.hear(person, 2, said(person, application, row))
        assert await cases_of(audit, person, CaseStatus.OPEN) == set(row.opens), row
        assert await cases_of(audit, person, CaseStatus.VOID, CaseStatus.DECIDED) == set(row.settles), row

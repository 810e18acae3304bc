"""Reminding: whatever is to be looked at again is looked at by the sweep of any worker, and told at most once (R21, R22, R29)."""

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from common.reference import Reference
from common.store.mongo import Document
from common.store.projection import Projection
from common.sweep import each

from accounts.notices.domain import reminders
from accounts.notices.domain.reminders import Reminder
from accounts.notices.domain.tracked import TrackedApplication, TrackedCase, TrackedUnit
from accounts.notices.handlers.tell import Cause, tell
from accounts.notices.repository import Notices

log = structlog.get_logger()
_BATCH = 500


async def remind_all(notices: Notices) -> None:
    """The sweep of every worker."""
    await _remind(notices, notices.applications, TrackedApplication, reminders.of_application)
    await _remind(notices, notices.cases, TrackedCase, reminders.of_case)
    await _remind(notices, notices.units, TrackedUnit, reminders.of_unit)


async def _remind(
    notices: Notices, tracked: Projection[Any], state: type[Any], plan: Callable[[str, Any, Reference], list[Reminder]]
) -> None:
    reference = await notices.reference.current()
    while rows := await notices.to_remind(tracked, notices.clock.now(), _BATCH):
        looked = await each("remind", rows, partial(_look, notices, tracked, state, plan, reference))
        if looked < _BATCH:
            break


async def _look(
    notices: Notices,
    tracked: Projection[Any],
    state: type[Any],
    plan: Callable[[str, Any, Reference], list[Reminder]],
    reference: Reference,
    row: Document,
) -> None:
    """Tell what fits now, then note when to look again: a crash in between repeats the telling, which changes nothing."""
    now = notices.clock.now()
    try:
        planned = plan(row["_id"], state.model_validate(row["state"]), reference)
    except ValueError:  # a later fact was heard without those before it
        log.warning("subject_incomplete", kind=state.__name__)
        planned = []
    await tell(notices, [Cause(one.cause, now, one.told) for one in reminders.newest(planned, now)])
    await notices.remind_again(tracked, row, reminders.next_after(planned, now))

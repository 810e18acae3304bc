"""Security notes: who logged in, revealed, read or exported what, said on the topic `security` for the ledger to keep (R19, R24, R32).

A service makes one `SecurityNotes` and names it among its stores, so that its relay says what is noted::

    await deps.notes.note(Deed.EXPORTED, officer, officer.region)          # before the data leaves
    await deps.notes.note_if_possible(Deed.LOGGED_IN, account.actor, account.id)
"""

from datetime import datetime
from enum import StrEnum

import structlog
from pymongo import ASCENDING, IndexModel
from pymongo.errors import PyMongoError

from common.clock import Clock
from common.contracts.cases import SecurityNoted
from common.contracts.topics import SECURITY
from common.decision import Actor, Command, Decision
from common.errors import Refusal
from common.ids import derived_id, new_id
from common.refusals import UNAVAILABLE
from common.store.aggregate import Loaded, Store
from common.store.group_commit import OutcomeUnknown
from common.store.mongo import Mongo
from common.values import Value

OK, NOBODY = "ok", "nobody"
"""An outcome; and the subject of a log-in to an account that does not exist."""
_KEPT_SECONDS = 24 * 3600
_SAID = IndexModel(
    [("state.at", ASCENDING)], name="said", expireAfterSeconds=_KEPT_SECONDS, partialFilterExpression={"pending": {"$eq": []}}
)
"""A note that has been said leaves after a day, in which a repeated command finds it; one that has not stays."""
log = structlog.get_logger()


class Deed(StrEnum):
    """What is noted. Of a log-in the name is never noted: who cannot be told by an id is nobody."""

    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    TOKEN_REUSED = "token_reused"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    PHONE_CHANGED = "phone_changed"
    RECOVERY_ASKED = "recovery_asked"
    RIGHTS_CHANGED = "rights_changed"
    PHONE_REVEALED = "phone_revealed"
    MINOR_READ = "minor_read"
    RESUME_READ = "resume_read"
    DOCUMENT_READ = "document_read"
    IDENTITY_READ = "identity_read"
    EXPORTED = "exported"


class Note(Value):
    at: datetime


class SecurityNotes(Store[Note]):
    """One small aggregate a note, written once by one grouped insert; its event says everything of it."""

    def __init__(self, mongo: Mongo, clock: Clock, *, limit_seconds: float = 4.0) -> None:
        super().__init__(mongo, "security_notes", Note, SECURITY, indexes=(_SAID,), limit_seconds=limit_seconds)
        self._clock = clock

    async def note(
        self,
        deed: Deed,
        actor: Actor,
        subject: str,
        outcome: str = OK,
        *,
        command: Command | None = None,
        application_id: str | None = None,
    ) -> None:
        """The note is safe when this returns; otherwise `unavailable`, and what it is about must not happen.

        With its `command` a deed that is repeated under the same key is noted once.
        """
        id = derived_id("sec", deed, actor.id, command.key, subject) if command and command.key else new_id("sec")
        event = SecurityNoted(
            kind=deed,
            actor_id=actor.id,
            actor_role=actor.role,
            subject=subject,
            outcome=outcome,
            unit_id=actor.unit_id,
            application_id=application_id,
        )
        cause = Command(deed, actor, "", command.at if command else self._clock.now())
        try:
            # When it is there already, the same command has noted it before.
            await self._write(Loaded(id, None), cause, Decision(Note(at=cause.at), (event,)), {})
        except OutcomeUnknown as error:
            raise UNAVAILABLE() from error

    async def note_if_possible(self, deed: Deed, actor: Actor, subject: str, outcome: str = OK, *, command: Command | None = None) -> None:
        """For deeds that are over when they are noted: that the note fails must not fail them."""
        try:
            await self.note(deed, actor, subject, outcome, command=command)
        except (Refusal, PyMongoError) as error:
            log.warning("security_note_lost", deed=deed, error=type(error).__name__)

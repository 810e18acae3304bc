"""Commands whose answer shows personal data: the answer that is kept for repeats of the command is sealed."""

import json
from collections.abc import Callable

from common.decision import Command, Decision, S
from common.refusals import NOT_FOUND
from common.store.aggregate import Answer, Store
from pydantic import BaseModel

from accounts.sealing import Sealer


async def execute(
    store: Store[S], sealer: Sealer, id: str, command: Command, decide: Callable[[S | None], Decision[S]], view: Callable[[S], BaseModel]
) -> Answer:
    """`Store.execute`, with the view of the new state as answer."""

    def sealed(state: S) -> Answer:
        return {"sealed": sealer.seal("answer", view(state).model_dump_json())}

    reply = await store.execute(id, command, decide, sealed)
    opened: Answer = json.loads(sealer.open("answer", reply["sealed"]))
    return opened


def known(state: S | None) -> S:
    """The state, or `not_found`."""
    if state is None:
        raise NOT_FOUND()
    return state

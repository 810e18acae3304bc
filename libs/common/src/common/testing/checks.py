"""Looking through a service's database in a test."""

from common.checks.run import run
from common.service import Service


async def broken(service: Service) -> list[tuple[str, str]]:
    """What does not hold now, as (invariant, collection/id), each once, in order; found once is told."""
    outcome = await run(service.daily.checks, ())
    return sorted({(row["invariant"], row["row"]) for row in outcome.rows()})

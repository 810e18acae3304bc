"""Verify the ledger from the command line: ``python -m audit.ledger.verify``. Exit code 1 when a chain is broken."""

import asyncio
import sys

from common.clock import Clock
from common.settings import from_environment
from common.store.mongo import Mongo
from pydantic_settings import BaseSettings, SettingsConfigDict

from audit.ledger.repository import Ledger
from audit.ledger.verification import Verification, verify

REASONS = {
    "missing": "此前有记录缺失",
    "altered": "内容被改动",
    "unlinked": "与前一条记录不衔接",
    "rewritten": "与另存的链尾不符",
    "cut": "链尾有记录缺失",
}


class VerifySettings(BaseSettings):
    """Settings of the verification."""

    model_config = SettingsConfigDict(env_prefix="JIANXI_", frozen=True)

    mongo: str
    namespace: str = ""


def describe(result: Verification) -> str:
    """The result as people read it: one line a chain, then the sum."""
    lines = [f"{chain.chain:<20} {chain.rows:>9} 条  {chain.head}  {_state(chain.broken, chain.reason)}" for chain in result.chains]
    broken = sum(1 for chain in result.chains if chain.broken)
    faults = [f"{count} {what}" for count, what in ((broken, "条链断开"), (len(result.conflicts), "处冲突")) if count]
    verdict = "账本完整，未发现改动。" if result.whole else f"账本不完整：{'，'.join(faults)}，见上。"
    found = {"尚缺事件": result.missing, "同一编号下内容不同的记录": result.conflicts}
    named = [f"{what}（{len(which)}）：{'、'.join(which)}" for what, which in found.items() if which]
    return "\n".join([*lines, f"共 {len(result.chains)} 条链，{result.rows} 条记录连续无误。", *named, verdict])


def _state(broken: str | None, reason: str | None) -> str:
    return f"在 {broken} 处断开：{REASONS[reason or 'altered']}" if broken else "完整"


async def _verify(settings: VerifySettings) -> Verification:
    mongo = Mongo(settings.mongo, f"{settings.namespace}audit")
    try:
        return await verify(Ledger(mongo, Clock(), {}))
    finally:
        await mongo.close()


def main() -> int:
    result = asyncio.run(_verify(from_environment(VerifySettings)))
    sys.stdout.write(describe(result) + "\n")
    return 0 if result.whole else 1


if __name__ == "__main__":
    sys.exit(main())

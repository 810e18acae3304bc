"""The core tier: the applications service alone, called at its own port, while all other services stand still."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import headers
from common.contracts.topics import CASES
from common.contracts.words import CaseKind, CaseStatus, Status, Verdict
from common.ids import derived_id
from confluent_kafka import Producer

from jianxi_local.bench.client import Client
from jianxi_local.bench.flows import Flow, Runner
from jianxi_local.bench.heard import APPLICATION, Heard
from jianxi_local.bench.setting import Setting
from jianxi_local.stack import Stack

OWNER = "applications"


class CoreRunner(Runner):
    """The officer's decision comes as the event that audit would say, for audit stands still."""

    def __init__(self, client: Client, heard: Heard, setting: Setting) -> None:
        super().__init__(client, heard, setting)
        self._producer = Producer({"bootstrap.servers": setting.stack.servers.kafka_address, "acks": "all", "linger.ms": 0})
        self._topic = f"{setting.stack.namespace}{CASES.name}"

    def close(self) -> None:
        self._producer.flush(10)
        super().close()

    async def _review(self, flow: Flow, application: str) -> None:
        willing = (await self.heard.until(APPLICATION, application, Status.WILLING)).fields
        person, version = willing["person_id"], willing["intent_version"]
        case_id = derived_id("cas", CaseKind.ELIGIBILITY, person, application, str(version))
        decided = CaseStatusChanged(
            case_id=case_id,
            kind=CaseKind.ELIGIBILITY,
            from_=CaseStatus.OPEN,
            to=CaseStatus.DECIDING,
            region=willing["region"],
            subject=person,
            subject_version=version,
            application_id=application,
            verdict=Verdict.APPROVE,
            officer_region=willing["region"],
        )
        attributes = headers(case_id, 1, decided.ce_type(), "audit", datetime.now(UTC).isoformat(), "")
        self._producer.produce(self._topic, key=case_id, value=decided.model_dump_json(), headers=list(attributes))
        self._producer.poll(0)


@contextmanager
def alone(stack: Stack) -> Iterator[str]:
    """All but the owner stand still meanwhile. Its address."""
    others = [process.pid for process in stack.processes if process.program.service != OWNER]
    for pid in others:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield next(process.program.url for process in stack.processes if process.program.service == OWNER)
    finally:
        for pid in others:
            os.kill(pid, signal.SIGCONT)

"""What outside teams see on Kafka, and what the ledger keeps of it."""

import pytest
from common.contracts.topics import TOPICS
from jianxi_local.caller import Caller
from jianxi_local.people import Officer, Unit, until
from jianxi_local.stack import Stack
from jianxi_local.town import Town
from jianxi_local.watch import Watch, everything


@pytest.mark.rule("R20")
def test_the_events_of_a_person_are_numbered_without_gaps_and_lie_in_the_ledger(
    watch: Watch, town: Town, auditor: Caller, unit: Unit, nanming: Officer
) -> None:
    intern = town.ready_intern()
    application = intern.apply(unit.publish(nanming))
    unit.answer(application["id"], "offer")
    intern.answer(application["id"], "decline")
    watch.expect(lambda seen: seen.data.get("to") == "UNWILLING" and seen.subject == intern.id, "the answer is told")
    mine = [seen for seen in watch.seen if seen.topic == "applications" and seen.subject == intern.id]
    assert [seen.seq for seen in mine] == [1, 2, 3, 4]
    assert [seen.data.get("to") for seen in mine] == [None, "PENDING", "OFFERED", "UNWILLING"]

    def kept() -> list[str] | None:
        rows = auditor.get("/ledger", subject=intern.id, limit=200)["items"]
        ids = [row["event"] for row in rows if row["topic"] == "applications"]
        return ids if len(ids) == len(mine) else None

    assert until(kept, "the ledger has them") == [seen.id for seen in mine]
    assert auditor.post("/ledger/verify")["whole"]


@pytest.mark.rule("R18", "R23", "R24")
def test_no_open_topic_tells_a_name_a_phone_an_id_number_or_what_somebody_wrote(
    stack: Stack, watch: Watch, town: Town, unit: Unit, nanming: Officer
) -> None:
    intern = town.ready_intern("示例诸葛")
    application = intern.apply(unit.publish(nanming))
    unit.answer(application["id"], "reject", reason={"code": "other", "text": "示例理由甲"})
    watch.expect(lambda seen: seen.data.get("to") == "REJECTED" and seen.subject == intern.id, "the answer is told")
    open_topics = [topic.name for topic in TOPICS.values() if not topic.confidential]
    said = b"\n".join(everything(stack.servers.kafka_address, stack.namespace, open_topics))
    assert intern.id.encode() in said
    secrets = ("示例诸葛", "示例理由甲", "示例联系人", intern.phone, intern.id_number, unit.phone, town.password)
    assert [secret for secret in secrets if secret.encode() in said] == []

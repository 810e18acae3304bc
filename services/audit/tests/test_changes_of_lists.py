"""Reasons, wages, contacts, offices, categories, choices and regions are changed like the policy: entered, approved, set (§5)."""

from typing import Any

import pytest

from .conftest import Audit
from .proposals import ADMIN, WAGE, enter, status

KAIYANG = {"code": "520121", "name": "开阳县", "since": 1995, "until": 2099}
ITEMS: list[tuple[str, str, dict[str, Any]]] = [
    ("reasons", "REJECTED", {"scope": "REJECTED", "reasons": [{"code": "other", "label": "其他原因", "by": "unit"}]}),
    ("minimum_wage", "520102:2099-02-01", WAGE),
    ("contact", "520102", {"region": "520102", "office": "示例南明区办事大厅", "phone": "0851-00520199"}),
    ("contact", "support", {"region": "support", "office": "示例技术支持", "phone": "0851-00000001"}),
    ("offices", "520102", {"region": "520102", "offices": ["示例南明区丙街道公共就业服务站"]}),
    ("category", "youth", {"code": "youth", "label": "16–24岁失业青年（示例）", "evidence": "unemployment_registration"}),
    ("choices", "education", {"field": "education", "labels": {"bachelor": "本科"}}),
    ("region", "520199", {"code": "520199", "name": "示例区", "since": 2099}),
    ("region", "520121", KAIYANG | {"merged_into": "520122"}),
]


@pytest.mark.rule("R14", "R16", "R23", "G17")
async def test_every_list_is_changed_the_same_way(audit: Audit) -> None:
    for kind, key, value in ITEMS:
        entered = await enter(audit, f"/reference/{kind}/{key}", value=value)
        await audit.decide_proposal(entered["id"])
        assert await status(audit, entered["id"]) == ("APPLIED", None)
        audit.deps.reference.data._looked = 0.0
        held = {item["key"]: item["value"] for item in (await audit.call("GET", f"/reference/{kind}")).json()["items"]}
        assert {name: held[key][name] for name in value} == value


UNSOUND: list[tuple[str, dict[str, Any], str]] = [
    ("contact/520103", {"region": "520102", "office": "示例", "phone": "0851-0000000"}, "reference_key_differs"),
    ("contact/520102", {"region": "520102", "office": " ", "phone": "0851-0000000"}, "invalid_input"),
    ("contact/520102", {"region": "520102", "office": "示例", "phone": "打电话"}, "invalid_input"),
    ("category/worker", {"code": "worker", "label": "示例", "evidence": "diploma"}, "invalid_input"),
    ("minimum_wage/999999:2099-02-01", WAGE | {"region": "999999"}, "region_unknown"),
    ("minimum_wage/520102:2020-02-01", WAGE | {"effective": "2020-02-01"}, "effective_day_passed"),
    ("region/520121", {"code": "520121", "name": "开阳县", "since": 1995, "merged_into": "520122"}, "invalid_input"),
    (
        "region/520121",
        {"code": "520121", "name": "开阳县", "since": 1995, "until": 2099, "merged_into": "520999"},
        "reference_not_sound",
    ),
    (
        "region/520281",
        {"code": "520281", "name": "盘州市", "since": 2017, "until": 2099, "merged_into": "520222"},
        "reference_not_sound",
    ),
]


async def test_an_unsound_item_is_refused(audit: Audit) -> None:
    for path, value, code in UNSOUND:
        answer = await audit.call("PUT", f"/reference/{path}", ADMIN, {"value": value, "note": "示例"})
        assert answer.json()["code"] == code, answer.text

"""Anyone finds the valid postings: by words, place and kind, newest first, page by page, on an index."""

from datetime import timedelta
from typing import Any

import pytest
from common.contracts.words import PostingKind, Role, UnitStatus, Verdict
from common.decision import Actor
from hypothesis import assume, given
from hypothesis import strategies as st
from postings.domain import search

from .builders import decided, seats, unit_changed
from .conftest import Zone

INTERN = Actor(id="per_1", role=Role.INTERN)


async def found(zone: Zone, **query: Any) -> list[str]:
    answer = await zone.call("GET", "/postings", **query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.rule("G15")
async def test_anyone_finds_postings_by_words_place_and_kind(zone: Zone) -> None:
    nurse = await zone.published(title="护士", region="520102", kind=PostingKind.SOCIAL_SERVICE, months=3, allowance_fen=250000)
    coder = await zone.published(title="软件开发（Java）", region="520302", months=6, allowance_fen=300000)
    for query, expected in (
        ({}, [coder, nurse]),
        ({"q": "护士"}, [nurse]),
        ({"q": "士"}, [nurse]),
        ({"q": "java 开发"}, [coder]),
        ({"q": "ＪＡＶＡ"}, [coder]),
        ({"q": "示例科技 护士"}, [nurse]),
        ({"q": "示例数据"}, [coder, nurse]),
        ({"q": "教师"}, []),
        ({"q": "^.*$"}, [coder, nurse]),
        ({"region": "520000"}, [coder, nurse]),
        ({"region": "520100"}, [nurse]),
        ({"region": "520302"}, [coder]),
        ({"region": "520103"}, []),
        ({"kind": "technical"}, [coder]),
        ({"kind": "social_service", "region": "520302"}, []),
        ({"months_min": 3}, [coder, nurse]),
        ({"months_min": 4}, [coder]),
        ({"months_max": 5}, [nurse]),
        ({"months_min": 3, "months_max": 6}, [coder, nurse]),
        ({"months_min": 4, "months_max": 5}, []),
        ({"allowance_min_fen": 250000}, [coder, nurse]),
        ({"allowance_min_fen": 250001}, [coder]),
    ):
        assert await found(zone, **query) == expected, query


@pytest.mark.rule("G15", "R16")
async def test_open_postings_are_counted_by_kind(zone: Zone) -> None:
    user, today = await zone.recognised_unit(), zone.parts.clock.today()
    for region in ("520102", "520103", "520302"):
        await zone.published(user, region=region)
    await zone.published(user, region="520102", kind=PostingKind.RESEARCH, deadline=today)
    await zone.submitted(user, region="520102")
    over = await zone.published(user, region="520102", deadline=today)
    yesterday = (today - timedelta(days=1)).isoformat()
    await zone.parts.store.collection.update_one({"_id": over}, {"$set": {"state.content.deadline": yesterday}})
    for region, technical, research in (("520000", 3, 1), ("520100", 2, 1), ("520102", 1, 1), ("520302", 1, 0), ("520303", 0, 0)):
        answer = (await zone.call("GET", "/postings/counts", region=region)).json()
        expected = {"research": research, "technical": technical, "management": 0, "social_service": 0}
        assert {item["kind"]: item["count"] for item in answer["items"]} == expected
        assert answer["total"] == technical + research
    assert [item["kind_name"] for item in answer["items"]] == ["科研", "技术技能", "管理", "社会服务"]
    assert (await zone.call("GET", "/postings/counts")).json()["code"] == "invalid_input"


@pytest.mark.rule("G15", "R9")
async def test_only_published_postings_before_the_end_of_their_deadline_are_found(zone: Zone) -> None:
    user, today = await zone.recognised_unit(), zone.parts.clock.today()
    drafted, submitted = await zone.drafted(user), await zone.submitted(user)
    paused, closing = await zone.published(user), await zone.published(user)
    for id, deed in ((paused, "pause"), (closing, "close")):
        await zone.call("POST", f"/units/me/postings/{id}/{deed}", user)
    last_day, over = await zone.published(user, deadline=today), await zone.published(user, deadline=today)
    await zone.parts.store.collection.update_one(
        {"_id": over}, {"$set": {"state.content.deadline": (today - timedelta(days=1)).isoformat()}}
    )
    assert await found(zone) == [last_day]
    for id, status in ((drafted, 404), (submitted, 404), (paused, 200), (closing, 200), (over, 200)):
        answer = await zone.call("GET", f"/postings/{id}", INTERN)
        assert answer.status_code == status
        assert status == 404 or answer.json()["accepting"] is False


@pytest.mark.rule("R9", "R24", "G17")
async def test_a_full_posting_still_accepts_and_says_so(zone: Zone) -> None:
    id = await zone.published(headcount=2)
    await zone.hear(id, seats(id, 2, 2))
    answer = await zone.call("GET", "/postings")
    [row] = answer.json()["items"]
    assert (row["taken"], row["places_left"], row["full"], row["accepting"]) == (2, 0, True, True)
    assert "contact" not in row
    shown = (await zone.call("GET", f"/postings/{id}")).json()
    assert shown["contact"] == {"name": "示例联系人", "phone": "19900000001"}
    assert shown["full"]
    assert shown["accepting"]
    assert [office["region"] for office in shown["ask"]] == ["520102", "support"]
    assert "marks" not in shown


@pytest.mark.rule("R8")
async def test_an_older_fact_about_seats_changes_nothing(zone: Zone) -> None:
    id = await zone.published()
    await zone.hear(id, seats(id, 5, 2), seq=1001)
    await zone.hear(id, seats(id, 5, 1), seq=1000)
    assert (await zone.call("GET", f"/postings/{id}")).json()["taken"] == 2


@pytest.mark.rule("G15")
async def test_pages_follow_each_other_without_gap_or_repeat(zone: Zone) -> None:
    user = await zone.recognised_unit()
    ids = [await zone.published(user) for _ in range(5)]
    await zone.parts.store.collection.update_many({}, [{"$set": {"state.published_at": "$state.created_at"}}])
    tied = {"$set": {"state.published_at": zone.parts.clock.now(), "state.created_at": zone.parts.clock.now()}}
    await zone.parts.store.collection.update_many({"_id": {"$in": ids[:3]}}, tied)
    for path, who in (("/postings", None), ("/units/me/postings", user)):
        seen: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = (await zone.call("GET", path, who, limit=2, **after)).json()
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert sorted(seen) == sorted(ids)
        assert (await zone.call("GET", path, who, limit=5)).json()["next"] is None
        assert (await zone.call("GET", path, who, after="nonsense")).json()["code"] == "invalid_input"


async def test_a_unit_lists_its_own_postings_by_status(zone: Zone) -> None:
    user = await zone.recognised_unit()
    drafted, published = await zone.drafted(user), await zone.published(user)
    await zone.published()

    async def listed(**query: str) -> list[str]:
        return [item["id"] for item in (await zone.call("GET", "/units/me/postings", user, **query)).json()["items"]]

    assert await listed() == [published, drafted]
    assert await listed(status="DRAFT") == [drafted]


@pytest.mark.rule("R14", "R16")
async def test_officers_of_the_unit_or_the_place_read_what_awaits_approval(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.submitted(user, title="示例岗位限男性", region="520302")
    for region, status in (("520103", 200), ("520302", 200), ("520100", 200), ("520000", 200), ("520402", 404)):
        answer = await zone.call("GET", f"/postings/{id}", Actor(id="stf_1", role=Role.OFFICER, region=region))
        assert answer.status_code == status, region
        if status == 200:
            assert answer.json()["marks"] == [{"field": "title", "ground": "sex", "word": "限男性", "start": 4, "end": 7}]
            assert answer.json()["duties"]
            assert len(answer.json()["history"]) == 2
    drafted = await zone.drafted(user)
    assert (await zone.call("GET", f"/postings/{drafted}", Actor(id="stf_1", role=Role.OFFICER, region="520000"))).status_code == 404


@pytest.mark.rule("G15")
async def test_every_query_of_a_list_runs_on_an_index(zone: Zone) -> None:
    user = await zone.recognised_unit()
    id = await zone.published(user)
    assert user.unit_id
    database = zone.service.mongo.database
    await database.command("profile", 2)
    for query in (
        {},
        {"q": "示例"},
        {"q": "示例数据"},
        {"q": "示"},
        {"region": "520100"},
        {"kind": "technical"},
        {"q": "示例", "region": "520102"},
        {"months_min": 3, "months_max": 12, "allowance_min_fen": 100000},
    ):
        assert await found(zone, **query) == [id]
        await found(zone, **query, after=f"2026-01-01T00:00:00.000000_{id}")
    assert (await zone.call("GET", "/postings/counts", region="520100")).json()["total"] == 1
    await zone.call("GET", "/units/me/postings", user)
    await zone.call("GET", "/units/me/postings", user, status="PUBLISHED")
    await zone.call("PATCH", f"/units/me/postings/{id}", user, {"headcount": 6})
    await zone.hear(user.unit_id, unit_changed(user.unit_id, UnitStatus.SUSPENDED))
    await database.command("profile", 0)
    profiled = database["system.profile"].find({"ns": f"{database.name}.postings", "planSummary": {"$exists": True}})
    reads = [(row["planSummary"], row["docsExamined"], row["command"]) async for row in profiled]
    assert len(reads) >= 22
    assert [command for plan, _, command in reads if "IXSCAN" not in plan and plan != "IDHACK"] == []
    assert [examined for _, examined, command in reads if "aggregate" in command] == [0]


@pytest.mark.rule("G15")
@given(st.text("岗位护士示例Java1２ ，。（）_-", max_size=30), st.data())
def test_a_text_is_found_by_any_part_of_it(text: str, data: st.DataObject) -> None:
    stored = search.grams(text)
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    assume(search.grams(part))
    pairs, singles = search.wanted(part)
    assert pairs or singles
    assert set(pairs) <= set(stored)
    assert all(any(gram.startswith(single) for gram in stored) for single in singles)


async def test_a_returned_posting_is_not_found(zone: Zone) -> None:
    id = await zone.submitted(await zone.recognised_unit())
    await zone.hear(f"cas_{id}", decided(id, Verdict.DISAPPROVE))
    assert await found(zone) == []
    assert (await zone.call("GET", f"/postings/{id}")).status_code == 404


@pytest.mark.rule("R14", "G15")
async def test_what_was_published_in_an_abolished_county_is_found_in_its_successor(zone: Zone) -> None:
    id = await zone.published(region="520281")
    stored = {"state.content.region": "520222", "state.places": ["520222", "520200", "520000"]}
    await zone.parts.store.collection.update_one({"_id": id}, {"$set": stored})
    for region, expected in (("520281", [id]), ("520222", [id]), ("520200", [id]), ("520204", [])):
        assert await found(zone, region=region) == expected, region

"""The route table and its matcher."""

import re

import pytest
from gateway.matcher import Matcher
from gateway.routes import TABLE
from hypothesis import given
from hypothesis import strategies as st

MATCHER = Matcher(TABLE)
TEMPLATES = sorted({route.path for route in TABLE})
WORDS = sorted({segment for template in TEMPLATES for segment in template.split("/") if segment})
IDS = st.from_regex(r"[A-Za-z0-9_~:@.-]{1,40}", fullmatch=True).filter(lambda text: text not in (".", ".."))
SEGMENTS = st.one_of(st.sampled_from([word for word in WORDS if "{" not in word]), IDS)


def naive(path: str) -> dict[str, str]:
    """The names of the routes at a path by method, by trying every template; a fixed segment goes before a parameter."""
    fitting = [template for template in TEMPLATES if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)]
    best = max(fitting, key=lambda template: [not part.startswith("{") for part in template.split("/")], default=None)
    return {route.method: route.name for route in TABLE if route.path == best}


def matched(path: str) -> dict[str, str]:
    return {method: route.name for method, route in MATCHER.match(path.encode()).items()}


@given(st.sampled_from(TEMPLATES), st.lists(IDS, min_size=3, max_size=3))
def test_every_route_is_found_with_any_ids(template: str, ids: list[str]) -> None:
    values = iter(ids)
    path = re.sub(r"\{\w+\}", lambda _: next(values), template)
    assert matched(path) == naive(path) != {}


@given(st.lists(SEGMENTS, max_size=7))
def test_a_path_of_any_words_is_matched_as_by_trying_each_template(segments: list[str]) -> None:
    for path in ("/" + "/".join(segments), "/api/v1/" + "/".join(segments)):
        assert matched(path) == naive(path)


@given(st.one_of(st.binary(), st.text().map(lambda text: b"/api/v1/postings/" + text.encode("utf-8", "surrogatepass"))))
def test_other_bytes_are_no_path(raw: bytes) -> None:
    if not re.fullmatch(rb"(/[A-Za-z0-9_~:@.-]+)+", raw) or {b".", b".."} & set(raw.split(b"/")):
        assert MATCHER.match(raw) == {}


def test_a_route_stands_in_the_table_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Matcher([*TABLE, TABLE[0]])

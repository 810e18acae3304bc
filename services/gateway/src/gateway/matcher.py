"""From a raw path to its route: a tree of path segments, one dictionary look-up per segment."""

import re
from collections.abc import Iterable

from gateway.routes import Route

_PLAIN = re.compile(rb"(/[A-Za-z0-9_~:@.-]+)+")
"""Every public path is made of these characters, so nothing is ever decoded: an escape or an empty segment is no path of ours."""
_DOTS = (".", "..")
_LONGEST_PATH = 512


class _Node:
    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.routes: dict[str, Route] = {}


class Matcher:
    """Compiled from the table. A fixed segment goes before ``{…}``. ValueError when a route is there twice."""

    def __init__(self, table: Iterable[Route]) -> None:
        self._root = _Node()
        for route in table:
            node = self._root
            for segment in route.path[1:].split("/"):
                node = _parameter(node) if segment.startswith("{") else node.children.setdefault(segment, _Node())
            if route.method in node.routes:
                raise ValueError(f"{route.name} is in the table twice")
            node.routes[route.method] = route

    def match(self, raw_path: bytes) -> dict[str, Route]:
        """The routes at a path by method; empty where no such path is public."""
        if len(raw_path) > _LONGEST_PATH or not _PLAIN.fullmatch(raw_path):
            return {}
        segments = raw_path[1:].decode("ascii").split("/")
        if any(dots in segments for dots in _DOTS):
            return {}
        return _find(self._root, segments, 0)


def _parameter(node: _Node) -> _Node:
    node.any = node.any or _Node()
    return node.any


def _find(node: _Node, segments: list[str], at: int) -> dict[str, Route]:
    if at == len(segments):
        return node.routes
    child = node.children.get(segments[at])
    found = _find(child, segments, at + 1) if child else {}
    return found or (_find(node.any, segments, at + 1) if node.any else {})

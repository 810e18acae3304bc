"""What operators are given names only what there is, and all of it: alerts, dashboard and page against the metrics of all services."""

import importlib
import json
import re
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml
from jianxi_local.stack import DOOR, SERVICES
from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.metrics import MetricWrapperBase

ROOT = Path(__file__).parents[2]
OBSERVABILITY = ROOT / "deploy" / "observability"
PAGE = (ROOT / "docs" / "operations.md").read_text()
RULES: list[dict[str, Any]] = yaml.safe_load((OBSERVABILITY / "alerts.yml").read_text())["groups"][0]["rules"]
BOARD: dict[str, Any] = json.loads((OBSERVABILITY / "dashboard.json").read_text())
PANELS: list[dict[str, Any]] = BOARD["panels"]
SHOWN: list[dict[str, Any]] = [target for panel in PANELS for target in panel["targets"]]
ASKED = [*(rule["expr"] for rule in RULES), *(target["expr"] for target in SHOWN)]
GIVEN_BY_PROMETHEUS = {"job", "instance"}
OF_PROMETHEUS = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
COLUMNS = 24
"""Of Grafana's grid."""


def metrics() -> dict[str, MetricWrapperBase]:
    """All that any service registers, by the name under which it is known."""
    for service in (*SERVICES, DOOR):
        importlib.import_module(f"{service}.app")
    found = [one for one in REGISTRY._collector_to_names if isinstance(one, MetricWrapperBase)]
    return {f"{one._name}_total" if isinstance(one, Counter) else one._name: one for one in found}


METRICS = metrics()


def series() -> dict[str, set[str]]:
    """The names under which Prometheus finds them, with the labels of each."""
    found: dict[str, set[str]] = {name: set() for name in OF_PROMETHEUS}
    for name, metric in METRICS.items():
        labels = set(metric._labelnames)
        if isinstance(metric, Histogram):
            found |= {f"{name}_bucket": labels | {"le"}, f"{name}_count": labels, f"{name}_sum": labels}
        else:
            found[name] = labels
    return found


SERIES = series()


def named(expression: str) -> set[str]:
    """The series that an expression asks for; it asks for labels that they have, and passes on those it groups by."""
    names: set[str] = set()

    def look(part: promql.Expr) -> None:
        if isinstance(part, promql.VectorSelector):
            assert part.name in SERIES, expression
            assert {one.name for one in part.matchers.matchers} <= SERIES[part.name] | GIVEN_BY_PROMETHEUS, expression
            names.add(part.name)
        elif isinstance(part, promql.AggregateExpr) and part.modifier:
            below = set().union(*(SERIES[name] for name in named(part.expr.prettify())))
            assert set(part.modifier.labels) <= below, expression

    promql.walk(promql.parse(expression), look)
    return names


def base(name: str) -> str:
    """The metric that a series belongs to."""
    return name if name in METRICS else re.sub(r"_(bucket|count|sum)$", "", name)


def groups(expression: str) -> set[str]:
    """The labels of what an expression gives: those of its outermost grouping, or all."""
    found = re.search(r"\bby \(([^)]*)\)", expression)
    return set(re.findall(r"\w+", found[1])) if found else GIVEN_BY_PROMETHEUS.union(*(SERIES[name] for name in named(expression)))


def rows() -> dict[str, tuple[str, set[str]]]:
    """The page's table of metrics: labels and alerts of each."""
    section = PAGE.partition("\n## Metrics\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\| `(\w+)` \| ([^|]*) \| [^|]+ \| [^|]+ \| ([^|]+) \|$", section, flags=re.MULTILINE)
    return {name: (labels, set(re.findall(r"`(\w+)`", alerts))) for name, labels, alerts in found}


@pytest.mark.parametrize("expression", ASKED)
def test_alerts_and_dashboard_ask_for_metrics_and_labels_that_exist(expression: str) -> None:
    assert named(expression)


def test_the_table_of_metrics_names_all_of_them_with_their_labels_and_alerts() -> None:
    asking = {rule["alert"]: {base(name) for name in named(rule["expr"])} for rule in RULES}
    wanted = {
        name: (", ".join(metric._labelnames) or "–", {alert for alert, names in asking.items() if name in names})
        for name, metric in METRICS.items()
    }
    assert rows() == wanted


def test_every_metric_is_shown_or_raises_an_alert() -> None:
    assert set(METRICS) - {base(name) for expression in ASKED for name in named(expression)} == set()


def test_no_label_is_one_that_prometheus_gives_itself() -> None:
    assert {name for name, metric in METRICS.items() if GIVEN_BY_PROMETHEUS & set(metric._labelnames)} == set()


def test_every_alert_is_explained_and_every_explanation_has_an_alert() -> None:
    assert sorted(re.findall(r"^\| `(Jianxi\w+)` \|", PAGE, flags=re.MULTILINE)) == sorted(rule["alert"] for rule in RULES)


def test_words_of_alerts_and_panels_name_labels_that_are_left() -> None:
    for rule in RULES:
        assert set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])) <= groups(rule["expr"]), rule
    for target in SHOWN:
        assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= groups(target["expr"]), target


def test_the_dashboard_can_be_imported() -> None:
    """What Grafana asks of one: a title, panels with ids of their own that do not lie on each other, a data source that is chosen there."""
    assert BOARD["title"]
    assert BOARD["schemaVersion"] >= 36
    source = next(one for one in BOARD["templating"]["list"] if one["type"] == "datasource")
    places: set[tuple[int, int]] = set()
    for panel in PANELS:
        assert panel["datasource"] == {"type": source["query"], "uid": f"${{{source['name']}}}"}
        assert panel["title"]
        assert panel["type"] == "timeseries"
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
        at = panel["gridPos"]
        squares = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= COLUMNS
        assert not squares & places
        places |= squares
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)

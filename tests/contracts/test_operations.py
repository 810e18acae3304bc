"""What operators are given names only what there is: alerts and dashboard the metrics, the page the alerts."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from common import metrics
from prometheus_client import Counter, Histogram
from prometheus_client.metrics import MetricWrapperBase

ROOT = Path(__file__).parents[2]
OBSERVABILITY = ROOT / "deploy" / "observability"
RULES: list[dict[str, Any]] = yaml.safe_load((OBSERVABILITY / "alerts.yml").read_text())["groups"][0]["rules"]
PANELS: list[dict[str, Any]] = json.loads((OBSERVABILITY / "dashboard.json").read_text())["panels"]
OF_THE_PROCESS = {"process_resident_memory_bytes", "process_cpu_seconds_total"}
NAME = re.compile(r"\b(?:jianxi|http|kafka|messaging|db|process)_[a-z0-9_]+\b(?!=)")


def series() -> set[str]:
    """The names under which Prometheus finds what `common.metrics` has."""
    found = set(OF_THE_PROCESS)
    for metric in vars(metrics).values():
        if isinstance(metric, Histogram):
            found |= {f"{metric._name}_{part}" for part in ("bucket", "count", "sum")}
        elif isinstance(metric, Counter):
            found.add(f"{metric._name}_total")
        elif isinstance(metric, MetricWrapperBase):
            found.add(metric._name)
    return found


def labels() -> set[str]:
    return {label for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase) for label in metric._labelnames}


def test_alerts_and_dashboard_ask_for_metrics_that_exist() -> None:
    asked = [rule["expr"] for rule in RULES] + [target["expr"] for panel in PANELS for target in panel["targets"]]
    named = {name for expression in asked for name in NAME.findall(expression)}
    assert named - series() - labels() == set()
    assert len(named & series()) > 10


def test_every_alert_is_explained_and_every_explanation_has_an_alert() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    assert sorted(re.findall(r"^\| `(Jianxi\w+)` \|", page, flags=re.MULTILINE)) == sorted(rule["alert"] for rule in RULES)

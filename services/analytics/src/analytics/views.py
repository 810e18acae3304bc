"""What readers of the statistics are shown."""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import BaseModel

from analytics.domain.disclosure import Row
from analytics.domain.measures import Measure
from analytics.domain.question import USABLE, By, Question


class MeasureView(BaseModel):
    """What a measure counts and how: its page of definition. `figures` are the labels of its columns in their order."""

    id: str
    title: str
    definition: str
    figures: dict[str, str]
    by: list[By]

    @classmethod
    def of(cls, measure: Measure) -> "MeasureView":
        return cls(
            id=measure.id,
            title=measure.title,
            definition=measure.definition,
            figures=dict(measure.figures),
            by=list(USABLE[measure.source]),
        )


class Line(BaseModel):
    """`figures` by name; null where it is hidden or there is nothing to draw it from. `hidden`: fewer than five stand behind it."""

    group: str
    label: str
    figures: dict[str, int | float | None]
    hidden: bool


class Statistic(BaseModel):
    measure: MeasureView
    region: str
    region_name: str
    by: By
    as_of: datetime
    since: date | None
    until: date | None
    lines: list[Line]

    @classmethod
    def of(cls, question: Question, rows: Sequence[Row], labels: dict[str, str], region_name: str) -> "Statistic":
        lines = [Line(group=row.group, label=labels.get(row.group, row.group), figures=row.figures, hidden=row.hidden) for row in rows]
        return cls(
            measure=MeasureView.of(question.measure),
            region=question.region,
            region_name=region_name,
            by=question.by,
            as_of=question.as_of,
            since=question.since,
            until=question.until,
            lines=lines,
        )

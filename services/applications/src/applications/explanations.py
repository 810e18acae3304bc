"""What an intern is shown before applying: every rule (R11) and every gate, each with what to do and whom to ask (G17)."""

from collections.abc import Sequence
from datetime import date

from common.contracts.eligibility import RESULT_NAMES
from common.lists import Contact
from common.reference import Reference
from pydantic import BaseModel

from applications.domain.eligibility import Finding
from applications.domain.gates import Step


class FindingView(Finding):
    """One rule, and the offices to ask about it."""

    result_name: str
    offices: list[Contact]

    @classmethod
    def of(cls, finding: Finding, reference: Reference) -> "FindingView":
        name, offices = RESULT_NAMES[finding.line.result], reference.whom_to_ask(finding.ask)
        return cls(**finding.model_dump(), result_name=name, offices=list(offices))


class EligibilityView(BaseModel):
    """As of `day`: age and months are measured on the day of submission, so without one this is a preview.

    `may_apply`: nothing stands in the way now; `refused` is the first step that does, `steps` are all of them. `findings` is empty and
    `eligible` null while a step before them is missing.
    """

    day: date
    posting_id: str | None
    may_apply: bool
    refused: Step | None
    steps: list[Step]
    eligible: bool | None
    findings: list[FindingView]
    ask: list[Contact]

    @classmethod
    def of(
        cls, day: date, posting_id: str | None, steps: Sequence[Step], findings: Sequence[Finding], region: str, reference: Reference
    ) -> "EligibilityView":
        return cls(
            day=day,
            posting_id=posting_id,
            may_apply=all(step.result == "pass" for step in steps),
            refused=next((step for step in steps if step.result == "fail"), None),
            steps=list(steps),
            eligible=all(finding.line.result != "fail" for finding in findings) if findings else None,
            findings=[FindingView.of(finding, reference) for finding in findings],
            ask=list(reference.whom_to_ask(region)),
        )

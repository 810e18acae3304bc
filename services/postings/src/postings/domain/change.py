"""One step of a posting, said as one event with one line of history."""

from typing import Any

from common.contracts.postings import PostingChanged, PostingStatusChanged
from common.decision import Actor, Decision, Entry

from postings.domain.posting import Excess, Posting, PostingContent
from postings.domain.status import next_status
from postings.domain.wording import flags


def move(posting: Posting, command: str, actor: Actor, *, reason_code: str | None = None, **changes: Any) -> Decision[Posting]:
    """Take the arrow of this command. A new `case_id` among the changes travels with the event."""
    to = next_status(posting.status, command, actor)
    after = flagged(posting.but(**{"status": to, "reason_code": reason_code, "review_due_at": None, **changes}))
    content = after.content
    event = PostingStatusChanged(
        posting_id=after.id,
        unit_id=after.unit_id,
        unit_name=after.unit_name or "",
        from_=posting.status,
        to=to,
        revision=after.revision,
        title=content.title,
        kind=content.kind,
        region=content.region,
        headcount=content.headcount,
        months=content.months,
        allowance_fen=content.allowance_fen,
        deadline=content.deadline,
        flags=after.flags,
        reason_code=reason_code,
        case_id=changes.get("case_id"),
    )
    return Decision(after, (event,), (Entry(to=to, from_=posting.status, reason_code=reason_code),))


def adjusted(
    posting: Posting, content: PostingContent, exceeded: tuple[Excess, ...], *, reason_code: str | None = None
) -> Decision[Posting]:
    """Other places, a later deadline, another contact; the status stays. Of a contact nobody hears; the same content changes nothing."""
    before = posting.content
    if content == before:
        return Decision(posting)
    event = PostingChanged(posting_id=posting.id, unit_id=posting.unit_id, headcount=content.headcount, deadline=content.deadline)
    heard = (content.headcount, content.deadline) != (before.headcount, before.deadline)
    line = Entry(to=posting.status, from_=posting.status, reason_code=reason_code)
    return Decision(flagged(posting.but(content=content, exceeded=exceeded)), (event,) if heard else (), (line,))


def flagged(posting: Posting) -> Posting:
    """With its flags: ``ground:word`` of its wording, and the limits it exceeds."""
    return posting.but(flags=(*flags(posting.content), *(excess.limit for excess in posting.exceeded)))

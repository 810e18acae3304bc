"""Sessions: a log-in and the refresh tokens that follow from it, one current at a time. Times are wall time."""

from datetime import datetime, timedelta

from common.decision import Decision, Entry
from common.errors import refusal
from common.values import Value

REFRESH_REFUSED = refusal("refresh_refused", 401, "登录状态已失效，请重新登录。")

TERM = timedelta(days=30)


class Session(Value):
    """`generation` numbers the current refresh token; `epoch` is the account's at log-in."""

    account_id: str
    epoch: int
    expires_at: datetime
    generation: int = 1
    revoked: bool = False


def open_session(existing: Session | None, account_id: str, epoch: int, now: datetime) -> Decision[Session]:
    return Decision(existing or Session(account_id=account_id, epoch=epoch, expires_at=now + TERM), history=(Entry(to="OPEN"),))


def check_open(session: Session, epoch: int, now: datetime) -> None:
    """A session ends when its term is over, and when the account was switched off or got a new password: its `epoch` rose."""
    if session.revoked or session.expires_at <= now or session.epoch != epoch:
        raise REFRESH_REFUSED()


def rotate(session: Session, generation: int, epoch: int, now: datetime) -> Decision[Session]:
    """The next token; a token that was rotated before revokes the whole family. Refuses with `refresh_refused` what has ended."""
    check_open(session, epoch, now)
    if generation != session.generation:
        return revoke(session)
    return Decision(session.but(generation=generation + 1))


def revoke(session: Session) -> Decision[Session]:
    return Decision(session.but(revoked=True), history=(Entry(to="REVOKED"),))

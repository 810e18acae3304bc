"""Which messages somebody wants beside the notices in the platform, which nobody can switch off (R21)."""

from common.decision import Decision
from common.values import Value

from accounts.notices.domain.delivery import Channel
from accounts.notices.domain.notice import Group


class Preferences(Value):
    """Everything is on but for what is named here, as ``group:channel``."""

    off: tuple[str, ...] = ()

    def wants(self, group: Group, channel: Channel) -> bool:
        return f"{group}:{channel}" not in self.off


class NoticeWish(Value):
    """One group as its owner wants it."""

    group: Group
    sms: bool
    mail: bool


def choose(known: Preferences | None, wishes: tuple[NoticeWish, ...]) -> Decision[Preferences]:
    """The groups named are as wished from now on, the others as they were. Of two wishes for a group the last counts."""
    before = known or Preferences()
    latest = {wish.group: wish for wish in wishes}
    kept = {name for name in before.off if Group(name.partition(":")[0]) not in latest}
    refused = {f"{wish.group}:{channel}" for wish in latest.values() for channel in Channel if not getattr(wish, channel)}
    return Decision(Preferences(off=tuple(sorted(kept | refused))))

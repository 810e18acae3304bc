"""The inbox of one account: what it was told, in words, and which messages it wants."""

from common.decision import Actor, Command
from common.refusals import NOT_FOUND
from common.store.mongo import Document

from accounts.notices.domain import preferences
from accounts.notices.domain.notice import Notice
from accounts.notices.domain.preferences import NoticeWish, Preferences
from accounts.notices.repository import Notices
from accounts.notices.views import DeliveryPage, DeliveryView, NoticePage, NoticeView, PreferencesView, UnreadCount


async def page(notices: Notices, actor: Actor, unread: bool, after: str | None, limit: int) -> NoticePage:
    found, following = await notices.inbox(actor.id, unread, after, limit)
    return NoticePage(items=await _views(notices, found), next=following)


async def count(notices: Notices, actor: Actor) -> UnreadCount:
    return UnreadCount(unread=await notices.unread(actor.id))


async def read(notices: Notices, id: str, command: Command) -> NoticeView:
    """Repeating it changes nothing; `not_found` for the notice of anybody else."""
    await notices.read(id, command.actor.id, command.at)
    notice = await notices.get(id)
    if notice is None or notice.to != command.actor.id:
        raise NOT_FOUND()
    [view] = await _views(notices, [notice])
    return view


async def read_all(notices: Notices, command: Command) -> UnreadCount:
    """What comes later stays unread."""
    await notices.read_all(command.actor.id, command.at)
    return await count(notices, command.actor)


async def read_preferences(notices: Notices, actor: Actor) -> PreferencesView:
    return PreferencesView.of(await notices.preferences.get(actor.id) or Preferences())


async def choose(notices: Notices, wishes: tuple[NoticeWish, ...], command: Command) -> Document:
    return await notices.preferences.execute(
        command.actor.id,
        command,
        lambda known: preferences.choose(known, wishes),
        lambda chosen: PreferencesView.of(chosen).model_dump(mode="json"),
    )


async def deliveries(notices: Notices, query: Document, after: str | None, limit: int) -> DeliveryPage:
    found, following = await notices.outbox.log(query, after, limit)
    return DeliveryPage(items=[DeliveryView(**one.model_dump(exclude={"until"})) for one in found], next=following)


async def _views(notices: Notices, found: list[Notice]) -> list[NoticeView]:
    names, reference = await notices.names(notice.facts for notice in found), await notices.reference.current()
    return [NoticeView.of(notice, names, reference) for notice in found]

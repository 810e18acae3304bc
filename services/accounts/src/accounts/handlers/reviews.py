"""An officer looks at who somebody is (R31): asked by the account, or at the door with a phone; decided by a case of the county chosen."""

from collections.abc import Callable

from common.contracts.cases import CaseStatusChanged
from common.contracts.envelope import Event
from common.contracts.words import CaseKind, Role, Verdict
from common.decision import Actor, Command, Decision
from common.errors import Refusal
from common.identity import resident_id
from common.refusals import NOT_FOUND
from common.regions import is_within
from common.store.aggregate import Answer
from common.store.documents import DocumentInfo
from common.store.security_notes import Deed
from common.web.command import caused_by, with_file
from fastapi import UploadFile

from accounts.domain import account as accounts
from accounts.domain import review as reviews
from accounts.domain.account import Account
from accounts.domain.credentials import Recovery
from accounts.domain.identity import Identity, Review, ReviewPurpose
from accounts.domain.person import ID_NUMBER_TAKEN, Person
from accounts.domain.phone_code import Purpose
from accounts.handlers import phone_codes, phones
from accounts.handlers.answers import execute, known
from accounts.handlers.identities import seal_identity, seal_phone
from accounts.handlers.regions import OFFICE_COUNTY_UNKNOWN, county
from accounts.repository import Deps
from accounts.views import ClaimedIdentity, Me, ReviewView

_FILE = "identity"


async def read_own(deps: Deps, id: str) -> ReviewView:
    """The newest, or `not_found`."""
    review = known(await deps.people.get(id)).review
    if review is None:
        raise NOT_FOUND()
    return await _view(deps, review)


async def add_file(deps: Deps, upload: UploadFile, command: Command) -> DocumentInfo:
    """Evidence of who the caller is, to be named by a request."""
    info = await deps.documents.put(command.actor.id, _FILE, upload, command.at)
    await deps.people.execute(command.actor.id, with_file(command, info.id), lambda person: reviews.add_file(known(person), info.id))
    return info


async def ask(deps: Deps, name: str, id_number: str, region: str, documents: tuple[str, ...], command: Command) -> Answer:
    """Verification by hand, or another name. Refuses with `office_county_unknown`, and as `common.identity` and `domain/review.py`."""
    await county(deps, region, OFFICE_COUNTY_UNKNOWN)
    claimed = seal_identity(deps.sealer, name, resident_id(id_number, deps.clock.today()))
    wish = Review(request=1, purpose=ReviewPurpose.REAL_NAME, region=region, claimed=claimed, documents=documents, at=command.at)
    return await _execute(deps, command, lambda person: reviews.ask(known(person), wish))


async def withdraw(deps: Deps, command: Command) -> Answer:
    return await _execute(deps, command, lambda person: reviews.withdraw(known(person)))


async def recover(deps: Deps, form: Recovery, command: Command) -> None:
    """Somebody at the door has the ID card of a verified person, and a phone of their own. The answer is the same whether there is one.

    Refuses with `office_county_unknown`, the codes of `common.identity` and `phone_code_wrong`.
    """
    await county(deps, form.region, OFFICE_COUNTY_UNKNOWN)
    claimed = seal_identity(deps.sealer, form.name, resident_id(form.id_number, deps.clock.today()))
    person = await deps.person_of(claimed.number_hash)
    await phone_codes.use(deps, form.phone, form.phone_code, Purpose.RECOVERY, command)
    if person is None or person.identity is None or person.identity.name_hash != claimed.name_hash:
        return
    wish = Review(
        request=1,
        purpose=ReviewPurpose.RECOVERY,
        region=form.region,
        claimed=claimed,
        at=command.at,
        phone=seal_phone(deps.sealer, form.phone),
        recovery_id=command.key,
    )
    await deps.people.execute(person.id, command, lambda found: reviews.recover(known(found), wish))
    await deps.notes.note_if_possible(Deed.RECOVERY_ASKED, Actor(id=person.id, role=Role.INTERN), person.id, command=command)


async def read(deps: Deps, officer: Actor, id: str) -> ClaimedIdentity:
    """What an officer compares with the card in hand, while the request waits. Noted before it leaves."""
    person = known(await deps.people.get(id))
    review = _waiting_there(person, officer)
    await deps.notes.note(Deed.IDENTITY_READ, officer, id)
    return ClaimedIdentity(
        person_id=id,
        purpose=review.purpose,
        documents=list(review.documents),
        phone=review.phone.masked if review.phone else None,
        claimed=_clear(deps, review.claimed),
        on_record=_clear(deps, person.identity),
    )


async def find_file(deps: Deps, reader: Actor, id: str) -> DocumentInfo:
    """By who handed it in, and by the office while the request waits that names it; `not_found` for all others."""
    info = await deps.documents.info(id)
    if info is None or info.kind != _FILE:
        raise NOT_FOUND()
    if reader.role is Role.INTERN:
        if info.owner != reader.id:
            raise NOT_FOUND()
        return info
    review = _waiting_there(known(await deps.people.get(info.owner)), reader)
    if id not in review.documents:
        raise NOT_FOUND()
    await deps.notes.note(Deed.DOCUMENT_READ, reader, id)
    return info


async def apply(deps: Deps, event: Event, message: CaseStatusChanged, verdict: Verdict) -> None:
    """A decided identity case changes the person, or is answered with `person.decision_refused`. The account comes first: its phone
    leaves the request with the decision.
    """
    person = await deps.people.get(message.subject)
    if person is None or message.kind is not CaseKind.IDENTITY:
        return
    command, request = caused_by("decide_identity", event.id, deps.clock.now()), message.subject_version
    if verdict is Verdict.APPROVE and reviews.is_waiting(person, request):
        await _hand_over(deps, person, command)

    def decide(taken: bool) -> Callable[[Person | None], Decision[Person]]:
        return lambda found: reviews.decide(known(found), request, message.case_id, verdict, message.reason_code, number_taken=taken)

    try:
        await deps.people.execute(person.id, command, decide(False))
    except Refusal as refused:
        if refused.kind is not ID_NUMBER_TAKEN:
            raise
        await deps.people.execute(person.id, command, decide(True))


async def _hand_over(deps: Deps, person: Person, command: Command) -> None:
    """The account is in the hands of its person again, with the phone that was proven; harmless to repeat."""
    review = person.review
    if review is None or review.phone is None:
        return
    phone = review.phone
    await phones.release(deps, person.id, phone.hash)
    await deps.accounts.execute(person.id, command, lambda account: accounts.recovered(known(account), phone))
    await deps.notes.note_if_possible(Deed.PHONE_CHANGED, command.actor, person.id)


def _waiting_there(person: Person, officer: Actor) -> Review:
    review = person.review
    if review is None or not review.waiting or officer.region is None or not is_within(review.region, officer.region):
        raise NOT_FOUND()
    return review


def _clear(deps: Deps, identity: Identity | None) -> tuple[str, str] | None:
    if identity is None:
        return None
    return deps.sealer.open("name", identity.name_sealed), deps.sealer.open("id_number", identity.number_sealed)


async def _view(deps: Deps, review: Review) -> ReviewView:
    return ReviewView.of(review, (await deps.reference.current()).reasons)


async def _execute(deps: Deps, command: Command, decide: Callable[[Person | None], Decision[Person]]) -> Answer:
    account: Account = known(await deps.accounts.get(command.actor.id))
    return await execute(deps.people, deps.sealer, account.id, command, decide, lambda person: Me.of(account, person, deps.sealer))

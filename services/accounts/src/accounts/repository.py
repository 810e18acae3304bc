"""Where accounts keeps what, and what handlers take as their first argument."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from common.clock import Clock
from common.contracts.topics import ACCOUNTS, PEOPLE, UNITS
from common.contracts.words import UnitStatus
from common.regions import stem
from common.store.aggregate import Store
from common.store.documents import Documents
from common.store.keyset import Keyset, Sections
from common.store.mongo import Document, Mongo, exactly
from common.store.projection import Projection
from common.store.reference import ReferenceData
from common.store.security_notes import SecurityNotes
from pymongo import IndexModel

from accounts.domain.access import ApplicationRelation, CaseRelation, OfficerRelations
from accounts.domain.account import PHONE_TAKEN, USCC_TAKEN, Account
from accounts.domain.credentials import LOGIN_TAKEN
from accounts.domain.person import ID_NUMBER_TAKEN, Person
from accounts.domain.phone_code import PhoneCodes
from accounts.domain.resume import Resume
from accounts.domain.session import Session
from accounts.domain.unit import Unit
from accounts.notices.repository import Notices
from accounts.passwords import Passwords
from accounts.real_name import LocalRegister, RealNameRegister
from accounts.sealing import Sealer
from accounts.settings import AccountsSettings
from accounts.sms import FileMail, FileSms, Sms
from accounts.tokens import TokenIssuer

_BY_UNIT = IndexModel([("state.unit_id", 1), ("_id", 1)], name="unit")
_BY_ROLE = IndexModel([("state.role", 1), ("_id", 1)], name="role")
_BY_OFFICE = IndexModel([("state.role", 1), ("state.region", 1)], name="office")
_DUE = IndexModel([("state.profile_due", 1)], name="profile_due", partialFilterExpression={"state.profile_due": True})
_SUCCEEDS = IndexModel([("state.succeeds", 1)], name="succeeds", partialFilterExpression={"state.succeeds": True})
_TERMS = IndexModel([("state.status", 1), ("state.recognised_until", 1)], name="terms")
_BY_REGION = IndexModel([("state.facts.region", 1), ("_id", 1)], name="region")
_ENDS = IndexModel([("state.expires_at", 1)], name="ends", expireAfterSeconds=0)
_PERSON = IndexModel([("state.person_id", 1)], name="person")
_SUBJECT = IndexModel([("state.subject", 1)], name="subject")
_ACCOUNT_INDEXES = (_BY_UNIT, _BY_ROLE, _BY_OFFICE, _DUE, _SUCCEEDS)
_ACCOUNT_UNIQUE = {"state.login_key": LOGIN_TAKEN, "state.live_phone": PHONE_TAKEN, "state.founds.uscc": USCC_TAKEN}


@dataclass(frozen=True)
class Deps:
    """The parts of accounts. `accounts`, `people`, `units` and `notes` speak; the other stores keep silent."""

    accounts: Store[Account]
    sessions: Store[Session]
    phone_codes: Store[PhoneCodes]
    people: Store[Person]
    resumes: Store[Resume]
    units: Store[Unit]
    notes: SecurityNotes
    applications: Projection[ApplicationRelation]
    cases: Projection[CaseRelation]
    relations: Projection[OfficerRelations]
    documents: Documents
    reference: ReferenceData
    clock: Clock
    sealer: Sealer
    passwords: Passwords
    tokens: TokenIssuer
    sms: Sms
    register: RealNameRegister
    notices: Notices

    @classmethod
    def on(cls, mongo: Mongo, clock: Clock, settings: AccountsSettings) -> "Deps":
        limit = settings.request_seconds
        sealer, sms, reference = Sealer.from_file(settings.data_key_file), FileSms(settings.sms_file), ReferenceData(mongo)
        accounts = Store(mongo, "accounts", Account, ACCOUNTS, unique=_ACCOUNT_UNIQUE, indexes=_ACCOUNT_INDEXES, limit_seconds=limit)
        people = Store(mongo, "people", Person, PEOPLE, unique={"state.identity.number_hash": ID_NUMBER_TAKEN}, limit_seconds=limit)
        phone_codes = Store(mongo, "phone_codes", PhoneCodes, limit_seconds=limit)
        return cls(
            accounts=accounts,
            sessions=Store(mongo, "sessions", Session, indexes=(_ENDS,), limit_seconds=limit),
            phone_codes=phone_codes,
            people=people,
            resumes=Store(mongo, "resumes", Resume, limit_seconds=limit),
            units=Store(mongo, "units", Unit, UNITS, indexes=(_TERMS, _BY_REGION), limit_seconds=limit),
            notes=SecurityNotes(mongo, clock, limit_seconds=limit),
            applications=Projection(mongo, "application_relations", ApplicationRelation, [_PERSON]),
            cases=Projection(mongo, "case_relations", CaseRelation, [_SUBJECT]),
            relations=Projection(mongo, "officer_relations", OfficerRelations),
            documents=Documents(mongo),
            reference=reference,
            clock=clock,
            sealer=sealer,
            passwords=Passwords(settings.argon2_memory_kib, settings.argon2_time_cost, settings.argon2_parallelism),
            tokens=TokenIssuer(settings.token_private_key_file, sealer),
            sms=sms,
            register=LocalRegister(),
            notices=Notices.on(
                mongo,
                limit,
                accounts=accounts,
                people=people,
                phone_codes=phone_codes,
                sealer=sealer,
                sms=sms,
                mail=FileMail(settings.mail_file) if settings.mail_file else None,
                reference=reference,
                clock=clock,
            ),
        )

    async def account_where(self, field: str, value: str) -> Account | None:
        """By a unique field of its state: `login_key`, `live_phone`, `founds.uscc`, or any one of a `role`."""
        async with self.accounts.mongo.slot:
            row = await self.accounts.collection.find_one({f"state.{field}": exactly(value)}, {"state": 1})
        return Account.model_validate(row["state"]) if row else None

    async def person_of(self, number_hash: str) -> Person | None:
        """Who was verified with this number."""
        async with self.people.mongo.slot:
            row = await self.people.collection.find_one({"state.identity.number_hash": exactly(number_hash)}, {"state": 1})
        return Person.model_validate(row["state"]) if row else None

    async def founder_of(self, unit_id: str) -> Account:
        """The account that the unit was registered with: it holds the unit's credit code, whoever uses it."""
        async with self.accounts.mongo.slot:
            row = await self.accounts.collection.find_one({"state.unit_id": unit_id, "state.founds": {"$ne": None}}, {"state": 1})
        assert row is not None, "units come from accounts, and accounts are never deleted"
        return Account.model_validate(row["state"])

    async def accounts_page(self, query: Document, after: str | None, limit: int) -> tuple[list[Account], str | None]:
        """A page by id, and the cursor of the next one."""
        rows, following = await Keyset().page(self.accounts.mongo, self.accounts.collection, query, after, limit, projection={"state": 1})
        return [Account.model_validate(row["state"]) for row in rows], following

    async def without_profile(self) -> list[str]:
        """Ids of accounts whose person or unit is still to be made."""
        return await self._account_ids({"state.profile_due": True})

    async def successors(self) -> list[str]:
        """Ids of accounts that still have to take the place of the earlier users of their unit."""
        return await self._account_ids({"state.succeeds": True})

    async def users_before(self, account: Account) -> list[str]:
        """Ids of the accounts its unit had before this one."""
        return await self._account_ids({"state.unit_id": account.unit_id, "state.registered_at": {"$lt": account.registered_at}})

    async def _account_ids(self, query: Document) -> list[str]:
        async with self.accounts.mongo.slot:
            rows = await self.accounts.collection.find(query, {"_id": 1}).to_list()
        return [row["_id"] for row in rows]

    async def recognised_until_before(self, day: str) -> list[str]:
        """Ids of units whose recognition has ended by that day (ISO date)."""
        query = {"state.status": UnitStatus.RECOGNISED, "state.recognised_until": {"$lt": day}}
        async with self.units.mongo.slot:
            rows = await self.units.collection.find(query, {"_id": 1}).to_list()
        return [row["_id"] for row in rows]

    async def units_page(
        self, codes: Sequence[str], status: UnitStatus | None, after: str | None, limit: int
    ) -> tuple[list[Unit], str | None]:
        """Units of these regions and what they contain: those whose request waits, those that have expired, then the others."""
        query: Document = {"state.facts.region": {"$in": [re.compile(f"^{stem(code)}") for code in codes]}}
        if status is not None:
            query["state.status"] = status.value
        waits: Document = {"state.waiting": True}
        expired: Document = {"state.status": UnitStatus.EXPIRED.value}
        rest: Document = {"$nor": [waits, expired]}
        sections = [(waits, Keyset()), ({"$nor": [waits], **expired}, Keyset()), (rest, Keyset())]
        rows, following = await Sections(sections).page(
            self.units.mongo, self.units.collection, query, after, limit, projection={"state": 1}
        )
        return [Unit.model_validate(row["state"]) for row in rows], following

    async def applications_of(self, person_id: str) -> Sequence[ApplicationRelation]:
        async with self.people.mongo.slot:
            rows = await self.applications.collection.find({"state.person_id": person_id}).to_list()
        return [ApplicationRelation.model_validate(row["state"]) for row in rows]

    async def cases_about(self, subject: str) -> Sequence[CaseRelation]:
        async with self.people.mongo.slot:
            rows = await self.cases.collection.find({"state.subject": subject}).to_list()
        return [CaseRelation.model_validate(row["state"]) for row in rows]

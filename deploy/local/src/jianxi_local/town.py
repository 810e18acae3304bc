"""Where the people of sample data, demo and journeys live."""

import itertools
import json
import random
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from common.calendar import SHANGHAI
from common.testing.people import make_mobile, make_resident_id

from jianxi_local import clock
from jianxi_local.caller import Caller, Door, Json, Refused
from jianxi_local.people import Intern, Officer, Unit, until
from jianxi_local.stack import Stack

ID_COUNTY = "520102"


class Town(Door):
    """The door, the short messages that arrive, what day it is. Makes people that nobody else has.

    The same `seed` makes the same people with the same keys again: what an interrupted run had done is not done twice.
    """

    def __init__(self, url: str, sms_file: Path, clock_file: Path, seed: str | None = None) -> None:
        super().__init__(url)
        self._seed = seed or secrets.token_hex(8)
        self.password = f"shili{random.Random(self._seed).randrange(10**8):08d}"
        self._sms_file = sms_file
        self._clock_file = clock_file
        self._serials = itertools.count(random.Random(self._seed).randrange(10**5, 9 * 10**5))
        self._keys = itertools.count()

    @classmethod
    def of(cls, stack: Stack, seed: str | None = None) -> Self:
        return cls(stack.gateway_url, stack.sms_file, stack.clock_file, seed)

    @property
    def today(self) -> date:
        return (datetime.now(SHANGHAI) + clock.offset(self._clock_file)).date()

    def new_key(self) -> str:
        return f"{self._seed}-{next(self._keys)}"

    def new_phone(self) -> str:
        return make_mobile(next(self._serials))

    def visitor(self) -> Caller:
        return Caller(self)

    def logged_in(self, login: str) -> Caller:
        """A member of staff, or anybody else who has the town's password."""
        caller = self.visitor()
        caller.log_in(login, self.password)
        return caller

    def sms_code(self, phone: str) -> str:
        """The last code sent to this phone."""
        messages = map(json.loads, reversed(self._sms_file.read_text(encoding="utf-8").splitlines()))
        code: str = next(message["code"] for message in messages if message["phone"] == phone and "code" in message)
        return code

    def intern(self, name: str = "示例见习人员", *, age: int = 22, birth: date | None = None, login: str | None = None) -> Intern:
        """Registered, and nothing more yet."""
        serial = next(self._serials)
        born = birth or date(self.today.year - age, 1, 1) + timedelta(days=serial // 1000 % 28)
        return Intern(self, name, make_resident_id(born, ID_COUNTY, serial % 1000), serial, login or f"intern{serial}")

    def ready_intern(self, name: str = "示例见习人员", **who: Any) -> Intern:
        """Verified, with resume and intent as a graduate: may apply."""
        intern = self.intern(name, **who)
        intern.verify()
        intern.write_resume()
        until(lambda: self.granted(intern.register_intent), "applications has heard of the resume")
        return intern

    @staticmethod
    def granted(ask: Callable[[], Json]) -> Json | None:
        """None while what it needs is still on its way from another service (G2)."""
        try:
            return ask()
        except Refused as refused:
            if refused.code in ("real_name_needed", "resume_needed"):
                return None
            raise

    def unit(self, name: str, region: str, login: str | None = None) -> Unit:
        """Registered, not recognised yet."""
        serial = next(self._serials)
        return Unit(self, name, region, serial, login or f"unit{serial}")

    def recognised_unit(self, name: str, officer: Officer, login: str | None = None) -> Unit:
        unit = self.unit(name, officer.region, login)
        officer.approve(unit.request_recognition())
        unit.await_recognised()
        return unit

    def officer(self, administrator: Caller, region: str, login: str | None = None) -> Officer:
        """A member of staff whom the administrator enters."""
        login = login or f"officer{next(self._serials)}"
        self.enter_staff(administrator, "officer", login, region)
        return Officer(self, login, region)

    def enter_staff(self, administrator: Caller, role: str, login: str, region: str | None = None) -> None:
        entry = {"login": login, "password": self.password, "role": role, "region": region, "name": f"示例{login}"}
        administrator.post("/staff", entry)

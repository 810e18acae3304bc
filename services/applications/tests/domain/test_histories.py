"""Random histories of interns, units, officers, clock and offices, every command predicted by an independent model.

300 of them in the normal run, 10,000 with `./jianxi test --long`."""

from datetime import date, timedelta
from typing import Any

import pytest
from applications.domain import deadline, decisions, intent, intern_answer, onboarding, release, review, submit, unit_answer
from applications.domain.candidacy import Candidacy
from applications.domain.onboarding import onboard
from applications.domain.termination import terminate
from common.contracts.words import PostingStatus, Verdict
from common.decision import Command, Decision
from common.reasons import StatedReason
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, multiple, rule

from . import builders as b
from .claims import Claims
from .model import PLANNED, STEPS, Line
from .surroundings import PEOPLE, POSTINGS
from .world import FORMS, Mail

AHEAD = {"PENDING": "offer", "OFFERED": "accept", "APPROVED": "onboard", "ONBOARDED": "terminate"}
VERDICTS = st.sampled_from(["approve", "disapprove"])


class Histories(Claims):
    applications, mails = Bundle("applications"), Bundle("mails")

    @initialize(
        target=applications,
        wanted=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(POSTINGS)), min_size=4, max_size=9),
        rejected=st.integers(0, 3),
    )
    def begin(self, wanted: list[tuple[str, str]], rejected: int) -> Any:
        """Some have applied already when the rest begins, and some in vain."""
        self.decision("approve", at_once=True, person="per_3", version=1)
        for person, posting in wanted:
            self.submit(person, posting)
        for id in list(self.model.lines)[:rejected]:
            self.step(id, "reject")
        return multiple(*self.model.lines)

    @rule(target=applications, person=st.sampled_from(PEOPLE), posting=st.sampled_from(POSTINGS))
    def submit(self, person: str, posting: str) -> Any:
        id, today = f"app_{len(self.model.lines)}", self.world.today
        status = PostingStatus.PAUSED if posting in self.model.paused else PostingStatus.PUBLISHED
        facts = b.posting(int(posting[-1]), status=status, closing=self.world.seats[posting].closing)
        command = self.world.by(b.INTERN.but(id=person))
        expected = self.model.may_submit(person, posting, today)
        assert expected == self.world.perform(
            person, lambda c: submit.submit(c, id, FORMS[person][1], facts, b.RECOGNISED, self.world.reference, command)
        )
        if not expected:
            return multiple()
        self.model.lines[id] = Line(person, posting, owes=person == "per_2")
        return id

    @rule(id=applications, deed=st.sampled_from(sorted(STEPS)))
    def try_anything(self, id: str, deed: str) -> None:
        self.step(id, deed)

    @rule(id=applications, number=st.integers(0, 5))
    def try_what_fits(self, id: str, number: int) -> None:
        fitting = [deed for deed, (from_, _) in sorted(STEPS.items()) if from_ == self.model.lines[id].status]
        if fitting:
            self.step(id, fitting[number % len(fitting)])

    @rule()
    def sweep(self) -> None:
        for id, line in self.model.lines.items():
            if line.status == "OFFERED":
                self.extend(id)
                self.step(id, "expire")

    @rule(verdict=VERDICTS)
    def office_day(self, verdict: str) -> None:
        """Every review that waits is decided."""
        for id, line in self.model.lines.items():
            if line.status == "WILLING":
                self.decision(verdict, at_once=True, application=id)

    def step(self, id: str, deed: str) -> None:
        line = self.model.lines[id]
        actor = b.DOER.get(deed, b.UNIT)
        command = self.world.by(actor.but(id=line.person) if actor is b.INTERN else actor)
        expected = self.model.may_step(id, deed, self.world.now, self.world.today)
        assert expected == self.world.perform(line.person, lambda c: self.decide(deed, c, id, command)), (id, deed)
        if expected:
            self.model.step(id, deed, self.world.today)

    @rule(id=applications, steps=st.integers(1, 5))
    def go_on(self, id: str, steps: int) -> None:
        """The next steps on the way to the end, so that histories get far; who is there may begin anew or be wanted elsewhere."""
        for _ in range(steps):
            line = self.model.lines[id]
            if line.status in AHEAD:
                self.step(id, AHEAD[line.status])
            elif line.status == "WILLING":
                self.hand_over(self.decision("approve", application=id))
        if line.status == "TERMINATED":
            self.lift(line.person, granted=steps > 1)
            self.claim(line.person, ["object", "complain", "ask_end"][steps % 3])
            self.submit(line.person, POSTINGS[steps % 4])
            self.reinstate(line.person, again=False)

    def decide(self, deed: str, candidacy: Candidacy, id: str, command: Command) -> Decision[Candidacy]:
        today, reference = self.world.today, self.world.reference
        if deed == "offer":
            return unit_answer.offer(candidacy, id, reference, command)
        if deed in ("accept", "decline"):
            return {"accept": intern_answer.accept, "decline": intern_answer.decline}[deed](candidacy, id, reference, command)
        if deed == "expire":
            return deadline.expire(candidacy, id, reference, command)
        if deed == "onboard":
            return onboard(candidacy, id, today, today + PLANNED, reference, command)
        if deed == "terminate":
            return terminate(candidacy, id, self.ending(id), reference, command)
        return b.DEEDS[deed](candidacy, id, command)

    @rule(id=applications)
    def reinvite(self, id: str) -> None:
        line = self.model.lines[id]
        expected = line.status == "REJECTED"
        assert expected == self.world.perform(line.person, lambda c: unit_answer.reinvite(c, id, self.world.by(b.UNIT)))
        line.reinvited = line.reinvited or expected

    @rule(id=applications, asked=st.booleans())
    def let_go(self, id: str, asked: bool) -> None:
        """Nobody is let go who has not asked for it."""
        line, withdrew = self.model.lines[id], StatedReason(code="intern_withdrew")
        if asked:
            command = self.world.by(b.INTERN.but(id=line.person))
            line.asked_release = self.world.perform(line.person, lambda c: release.ask(c, id, self.world.reference, command))
            assert line.asked_release == (line.status in ("WILLING", "APPROVED"))
        unit, expected = self.world.by(b.UNIT), line.status == "APPROVED" and line.asked_release
        assert expected == self.world.perform(line.person, lambda c: onboarding.absent(c, id, withdrew, self.world.reference, unit))
        if expected:
            self.model.move(line, "ABSENT", self.world.today)

    @rule(id=applications, accepted=st.booleans())
    def bring_the_diploma(self, id: str, accepted: bool) -> None:
        line, by = self.model.lines[id], self.world.by(b.UNIT)
        expected = line.status in ("WILLING", "APPROVED") and line.owes
        assert expected == self.world.perform(line.person, lambda c: onboarding.deliver_diploma(c, id, "doc_1", by))
        if expected and accepted:
            assert self.world.perform(line.person, lambda c: onboarding.accept_diploma(c, id, by))
            line.owes = False
        self.step(id, "onboard")

    @rule(target=mails, id=applications, verdict=VERDICTS, at_once=st.booleans())
    def review(self, id: str, verdict: str, at_once: bool) -> Mail:
        """What is decided here comes there at once, late, twice, in another order, or never."""
        return self.decision(verdict, at_once, application=id)

    @rule(target=mails, verdict=VERDICTS, at_once=st.booleans())
    def check(self, verdict: str, at_once: bool) -> Mail:
        return self.decision(verdict, at_once, person="per_3", version=self.model.people["per_3"].version)

    def decision(self, verdict: str, at_once: bool = False, **about: Any) -> Mail:
        mail = Mail("cas_" + "_".join(map(str, about.values())), len(self.sent) + 1, verdict, **about)
        self.sent.append(mail)
        if at_once:
            self.hand_over(mail)
        return mail

    @rule(mail=mails)
    def hand_over(self, mail: Mail) -> None:
        command, verdict = self.world.by(b.OFFICER), Verdict(mail.verdict)
        person = mail.person or self.model.lines[mail.application or ""].person

        def apply(candidacy: Candidacy) -> Decision[Candidacy]:
            if mail.application is None:
                return intent.apply_check(candidacy, mail.version, verdict, None, mail.case, command)
            reason = StatedReason(code="employed")
            return review.decide(candidacy, mail.application, verdict, reason, mail.case, self.world.reference, command)

        assert self.world.perform(person, lambda c: decisions.once(c, mail.case, mail.seq, lambda: apply(c)))
        if mail.application is None:
            self.model.checked(person, mail.version, mail.verdict, mail.case, mail.seq, self.world.today)
        else:
            self.model.review(mail.application, mail.verdict, mail.case, mail.seq, self.world.now, self.world.today)

    @rule(person=st.sampled_from(PEOPLE), employed=st.sampled_from([False, False, True]), corrected=st.booleans())
    def renew(self, person: str, employed: bool, corrected: bool) -> None:
        model, current = self.model.people[person], self.world.people[person].intent
        assert current is not None
        form = current.form.but(declarations=current.form.declarations.but(not_employed=not employed), wanted_months=3 + model.version % 9)
        corrected = corrected and form.registration is not None
        if corrected and form.registration:
            form = form.but(registration=form.registration.but(number=f"示例-{model.version}"))
        command = self.world.by(b.INTERN.but(id=person))
        expected = form.registration is not None or form.diploma_issued is not None or self.world.today.year == 2026
        assert expected == self.world.perform(person, lambda c: intent.register(c, form, FORMS[person][1], self.world.reference, command))
        if expected:
            model.version, model.employed, model.registered_at = model.version + 1, employed, self.world.now
            if corrected:
                model.check, model.check_case = "CHECKING", ""

    @rule(person=st.sampled_from(PEOPLE), again=st.booleans())
    def reinstate(self, person: str, again: bool) -> None:
        """Whatever of a person can be put back; and what was decided about it before may be heard once more."""
        for id in [id for id, line in self.model.lines.items() if line.person == person]:
            self.put_back(id)
            for mail in [mail for mail in self.sent if again and mail.application == id]:
                self.hand_over(mail)

    def put_back(self, id: str) -> None:
        line, command = self.model.lines[id], self.world.by(b.OFFICER)
        given: dict[str, Any] = {"closing": line.posting in self.model.closed, "reference": self.world.reference}
        expected = self.model.may_reinstate(id, self.world.today)
        assert expected == self.world.perform(line.person, lambda c: b.reinstated(c, id, command, **given)), id
        if expected:
            self.model.reinstate(id, self.world.today)

    @rule(off=st.sets(st.integers(0, 12), max_size=3), again=st.booleans(), swept=st.booleans())
    def change_calendar(self, off: set[int], again: bool, swept: bool) -> None:
        """A newer notice adds days off, or takes those of the last one back; the sweep finds out soon or late."""
        rules = self.model.rules
        days = {self.world.today + timedelta(days=offset) for offset in off}
        rules.off = rules.off | days if again else days | {date(2027, 1, 1)}
        rules.calendar += 1
        self.world.set_calendar(rules.calendar, rules.off)
        for id in self.model.lines if swept else ():
            self.extend(id)

    @rule(id=applications)
    def extend(self, id: str) -> None:
        line, command = self.model.lines[id], self.world.by(b.SYSTEM)
        extended = self.world.perform(line.person, lambda c: deadline.extend(c, id, self.world.reference, command))
        assert extended == (line.status == "OFFERED")
        self.model.extend(id)

    @rule(seconds=st.integers(-1, 1), deed=st.sampled_from(["accept", "decline", "expire"]))
    def act_at_a_due_instant(self, seconds: int, deed: str) -> None:
        due = {line.due: id for id, line in self.model.lines.items() if line.due}
        if due:
            self.world.wait(min(due) + timedelta(seconds=seconds) - self.world.now)
            self.step(due[min(due)], deed)


LONG = settings.get_current_profile_name() == "long"
TestHistories = pytest.mark.rule("G5", "G7", "G11", "G13", "R2", "R3", "R4", "R5", "R6", "R8", "R9", "R13", "R17", "R25", "R28", "R30")(
    Histories.TestCase
)
TestHistories.settings = settings(max_examples=10_000 if LONG else 300, stateful_step_count=80)

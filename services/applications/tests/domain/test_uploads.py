"""Files handed in: recorded once each, and never too many (G3, R17, R19)."""

import pytest
from applications.domain import uploads
from applications.domain.candidacy import Candidacy, HandedIn
from common.contracts.words import Role, Status

from . import builders as b


def filled(candidacy: Candidacy) -> Candidacy:
    """With as many files for the intent as there may be."""
    for number in range(uploads.LIMIT):
        candidacy = uploads.add(candidacy, f"doc_{number}", b.by(b.INTERN)).state
    return candidacy


@pytest.mark.rule("G3")
def test_a_file_is_recorded_once_and_one_too_many_is_refused() -> None:
    full = filled(Candidacy(person_id=b.INTERN.id))
    assert uploads.add(full, "doc_0", b.by(b.INTERN)).state == full
    with b.refused("files_full"):
        uploads.add(full, "doc_more", b.by(b.INTERN))


@pytest.mark.rule("R19", "G13")
def test_each_party_has_room_of_its_own_for_each_application() -> None:
    willing = b.in_status(Status.WILLING)
    full = willing.but(files=filled(willing).files)
    by_both = b.DEEDS["consent"](b.do(full, "consent").state, "app_1", b.by(b.UNIT))
    assert by_both.state.files == (*full.files, HandedIn(id="doc_consent", by=Role.INTERN, application_id="app_1"))
    assert len(b.application(by_both.state).documents) == 1

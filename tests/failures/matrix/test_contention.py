"""Five hundred interns want five seats; one intern submits and accepts sixty-four times at once."""

import time

from ...journeys import test_races as races
from .conftest import Try_

CROWD = 500


def test_f16_many_want_the_same(trial: Try_) -> None:
    with trial("F16", clients=2) as under:
        parties = under.town, under.unit, under.officer
        crowd = max(races.SEATS, round(CROWD * min(under.pace, 1)))
        began = time.monotonic()
        races.test_sixty_four_submissions_at_once_leave_exactly_ten_pending(*parties)
        under.did()
        races.test_accepting_several_offers_at_once_leaves_one_willing(*parties)
        under.did()
        races.test_however_many_interns_never_get_more_than_the_seats(*parties, crowd)
        under.did()
        under.other = f"{crowd} interns, {races.SEATS} seats, in {time.monotonic() - began:.0f} s"

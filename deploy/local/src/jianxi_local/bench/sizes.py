"""How much is measured."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Flows before anything is measured; flows by how many at once; of each open loop; interns of flow C; of L; idle seconds watched."""

    warm: int
    closed: Mapping[int, int]
    opened: int
    crowd: int
    limit: int
    idle_seconds: float

    def interns(self, runs: int) -> int:
        """That all this takes."""
        return self.warm + runs * (sum(self.closed.values()) + len(LOADS) * self.opened + self.crowd)


LOADS = (0.5, 0.8)
"""Of the open loops, in shares of the capacity of the closed ones."""
SHARE_B = 0.15
FULL = Size(warm=500, closed={1: 300, 16: 2000, 64: 2000}, opened=700, crowd=500, limit=3000, idle_seconds=20)
QUICK = Size(warm=100, closed={1: 50, 16: 300, 64: 300}, opened=150, crowd=100, limit=1000, idle_seconds=5)

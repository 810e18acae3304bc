"""How much is measured."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Flows before anything is measured; flows by how many at once; of each open loop; interns of flow C; of L; idle seconds watched;
    flows whose commands come alone.
    """

    warm: int
    closed: Mapping[int, int]
    opened: int
    crowd: int
    limit: int
    idle_seconds: float
    lone: int = 0

    def interns(self, runs: int) -> int:
        """That all this takes."""
        return self.warm + runs * (self.lone + sum(self.closed.values()) + len(LOADS) * self.opened + self.crowd)


LOADS = (0.5, 0.8)
"""Of the open loops, in shares of the capacity of the closed ones."""
SHARE_B = 0.15
FULL = Size(warm=500, closed={1: 100, 16: 500, 64: 500}, opened=150, crowd=500, limit=2000, idle_seconds=20, lone=10)
CANDIDACIES, QUICK_CANDIDACIES = (1_000, 100_000, 1_000_000), (1_000, 10_000, 50_000)
"""Among which the flows of growth are measured."""
GROWTH = Size(warm=200, closed={}, opened=0, crowd=20, limit=1000, idle_seconds=5)
QUICK = Size(warm=100, closed={1: 50, 16: 300, 64: 300}, opened=150, crowd=100, limit=1000, idle_seconds=5, lone=5)
VARIANTS = Size(warm=100, closed={16: 500}, opened=0, crowd=0, limit=2000, idle_seconds=5)
QUICK_VARIANTS = Size(warm=50, closed={16: 200}, opened=0, crowd=0, limit=1000, idle_seconds=2)
CROSS = Size(warm=100, closed={}, opened=0, crowd=0, limit=0, idle_seconds=5)

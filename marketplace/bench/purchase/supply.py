"""Which lead is bought next and by whom: one count for all clients, so that no lead is asked for twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marketplace.bench.purchase.world import Buyer, lead_id
from marketplace.kit.money import Money


@dataclass(frozen=True, slots=True)
class Supply:
    """Handed to every client. `count` is shared memory with a lock of its own; `buyers` take turns."""

    count: Any
    buyers: Sequence[Buyer]
    price: Money

    def take(self) -> tuple[int, UUID, Buyer]:
        """The next number, its lead and who buys it."""
        with self.count.get_lock():
            number = self.count.value
            self.count.value = number + 1
        return number, lead_id(number), self.buyers[number % len(self.buyers)]

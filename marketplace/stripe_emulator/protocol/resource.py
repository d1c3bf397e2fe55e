"""How a file of `resources/` declares its endpoints."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

Act: TypeAlias = Callable[..., Json]  # act(work, params, **ids from the address) -> the object or list
Again: TypeAlias = Callable[[Work, Json, str], Json]  # again(work, params, id) -> the object as it is now


@dataclass(frozen=True)
class Endpoint:
    method: str
    address: str
    act: Act
    again: Again | None = None  # what a repeated request of API v2 is shown


@dataclass
class Resource:
    """The endpoints of one of Stripe's resources."""

    name: str
    version: str = "v1"
    endpoints: list[Endpoint] = field(default_factory=list)

    def get(self, address: str) -> Callable[[Act], Act]:
        return self._declare("GET", address)

    def post(self, address: str, again: Again | None = None) -> Callable[[Act], Act]:
        return self._declare("POST", address, again)

    def _declare(self, method: str, address: str, again: Again | None = None) -> Callable[[Act], Act]:
        def declare(act: Act) -> Act:
            self.endpoints.append(Endpoint(method, f"/{self.version}{address}", act, again))
            return act

        return declare

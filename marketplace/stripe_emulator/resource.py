"""How a file of `resources/` declares its endpoints."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from marketplace.stripe_emulator.store import Json

Act: TypeAlias = Callable[..., Json]  # act(work, params, **ids from the address) -> the object or list


@dataclass(frozen=True)
class Endpoint:
    method: str
    address: str
    act: Act


@dataclass
class Resource:
    """The endpoints of one of Stripe's resources."""

    name: str
    endpoints: list[Endpoint] = field(default_factory=list)

    def get(self, address: str) -> Callable[[Act], Act]:
        return self._declare("GET", address)

    def post(self, address: str) -> Callable[[Act], Act]:
        return self._declare("POST", address)

    def _declare(self, method: str, address: str) -> Callable[[Act], Act]:
        def declare(act: Act) -> Act:
            self.endpoints.append(Endpoint(method, f"/v1{address}", act))
            return act

        return declare

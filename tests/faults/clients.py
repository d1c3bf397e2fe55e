"""Clients as there are outside: whatever they want, they repeat with the same key until they are answered."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.factories.people import Person
from tests.factories.story import purchase

#: no answer may take longer, whatever happens: the pool's 10 s, a lock's 5 s, a slow machine
BOUND_S = 20


@dataclass
class Clients:
    """Each works through what it wants in a thread of its own; what was acknowledged is kept."""

    address: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    statuses: set[int] = field(default_factory=set)
    slowest_s: float = 0.0
    repeats: int = 0
    _threads: list[threading.Thread] = field(default_factory=list)

    def buy(self, buyer: Person, lead_ids: Sequence[str], cents: int) -> None:
        self._begin(buyer, [(lead_id, "/api/v1/orders", purchase(lead_id, cents)) for lead_id in lead_ids])

    def want_payout(self, agency: Person) -> None:
        self._begin(agency, [(str(agency.org_id), "/api/v1/payouts", {})])

    def wait(self) -> None:
        for thread in self._threads:
            thread.join()

    @property
    def are_done(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _begin(self, person: Person, wishes: Sequence[tuple[str, str, Any]]) -> None:
        thread = threading.Thread(target=self._work, args=(person, wishes))
        self._threads.append(thread)
        thread.start()

    def _work(self, person: Person, wishes: Sequence[tuple[str, str, Any]]) -> None:
        headers = {"Authorization": f"Bearer {person.key}"}
        with httpx.Client(
            base_url=self.address, headers=headers, timeout=BOUND_S, trust_env=False, verify=False
        ) as client:
            for name, path, body in wishes:
                self.acknowledged[name] = self._until_answered(client, path, body, f"want-{name}")

    def _until_answered(self, client: httpx.Client, path: str, body: Any, key: str) -> str:
        until = time.monotonic() + 90
        while time.monotonic() < until:
            began = time.monotonic()
            try:
                answer = client.post(path, json=body, headers={"Idempotency-Key": key})
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                self.repeats += 1
                time.sleep(0.05)
                continue
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            self.statuses.add(answer.status_code)
            if answer.is_success:
                return str(answer.json()["id"])
            assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
            time.sleep(0.05)
        raise AssertionError(f"{path} was not answered")


def within(seconds: float, is_so: Callable[[], bool]) -> float:
    """Wait until it is so; how many seconds that took."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began

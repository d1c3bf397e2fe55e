"""The yardstick: a client that calls the same SQL with the same arguments through psycopg, and does nothing else."""

import hashlib
import time
from array import array
from typing import Any
from uuid import UUID

import psycopg

from marketplace.bench.purchase.supply import Supply
from marketplace.bench.purchase.world import Buyer
from marketplace.kit import clock
from marketplace.kit.direct import Act
from marketplace.kit.ids import new_id


class BareClient:
    """One connection, one statement a purchase, committed by itself."""

    def __init__(self, dsn: str, statement: Act, supply: Supply) -> None:
        self._cursor = psycopg.RawCursor(psycopg.connect(dsn, autocommit=True))
        self._statement, self._supply = statement, supply

    def work(self, until: float) -> "array[float]":
        latencies = array("d")
        while time.monotonic() < until:
            number, lead_id, buyer = self._supply.take()
            began = time.perf_counter()
            values = self._values(number, lead_id, buyer)
            if self._cursor.execute(self._statement.sql, values, prepare=True).fetchone() is None:
                raise RuntimeError("a purchase gave no order")
            latencies.append(time.perf_counter() - began)
        return latencies

    def _values(self, number: int, lead_id: UUID, buyer: Buyer) -> list[Any]:
        given = {
            "order": new_id(),
            "entry": new_id(),
            "event": new_id(),
            "lead": lead_id,
            "buyer": buyer.org_id,
            "user": buyer.user_id,
            "via": "api",
            "price": self._supply.price.amount,
            "currency": self._supply.price.currency,
            "now": clock.now(),
            "key": f"bench-{number}",
            "asked": hashlib.sha256(lead_id.bytes).digest(),
            "trial": None,
        }
        return [given[name] for name in self._statement.names]

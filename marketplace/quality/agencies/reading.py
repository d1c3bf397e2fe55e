"""All matured leads of the exchange, read in one stream and kept in columns: a million of them in seconds."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import compress
from typing import Any

from psycopg import Connection
from sqlalchemy import select

from marketplace.kit.db import session
from marketplace.quality.agencies.models import BuyerLink
from marketplace.quality.rating import Outcome, Outcomes

#: what is older weighs less than a hundredth
OLDEST = timedelta(days=1_260)
_DAY = 86_400
_MATURED = """
COPY (
  SELECT s.agency_id, s.buyer_id, s.vertical, s.channel, s.fault::int, (s.stage = 'won')::int,
    (s.stage <> 'new')::int, extract(epoch FROM s.matured_at), extract(epoch FROM s.placed_at)
  FROM sold_leads s
  WHERE s.matured_at > %(since)s AND s.matured_at <= %(now)s
    AND NOT EXISTS (SELECT FROM own_buyers o WHERE o.agency_id = s.agency_id AND o.buyer_id = s.buyer_id)
  ORDER BY s.matured_at, s.order_id
) TO STDOUT
"""
#: leads are compared with leads of about their age, in days since the purchase: sales take their time
_AGES = (7, 14, 30, 60, 90)


@dataclass
class Matured:
    """Matured leads in the order in which they matured.

    Attributes:
        faults: with the age of each, and without an expectation.
        matured: when each matured, in seconds since 1970.
        won: whether each became a customer.
        told: whether the buyer said what became of each; silence is not "did not buy".
        ages: since the purchase, as a place in `_AGES`.
    """

    faults: Outcomes
    matured: list[float] = field(default_factory=list)
    won: bytearray = field(default_factory=bytearray)
    told: bytearray = field(default_factory=bytearray)
    ages: bytearray = field(default_factory=bytearray)

    def __len__(self) -> int:
        return len(self.faults)

    def sales(self) -> Outcomes:
        """Those of which the buyer said anything, with "became a customer" in the place of a fault, beside how many of
        leads of that trade and age did.
        """
        found = Outcomes(links=self.faults.links)
        keys = list(zip(self.faults.verticals, self.ages, strict=True))
        counts, won = Counter(compress(keys, self.told)), Counter(compress(keys, self.won))
        for each, key, is_won in compress(zip(self.faults, keys, self.won, strict=True), self.told):
            found.add(each._replace(fault=is_won, expected=won[key] / counts[key]))
        return found


def read_matured(now: datetime) -> Matured:
    """Every lead that matured in the last three and a half years, without what an agency sold to itself."""
    links = {str(link.buyer_id): str(link.group_id) for link in session().scalars(select(BuyerLink))}
    found = Matured(Outcomes(links=links))
    connection: Any = session().connection().connection.driver_connection
    assert isinstance(connection, Connection)  # noqa: S101  # the product runs on psycopg alone
    at = now.timestamp()
    with connection.cursor().copy(_MATURED, {"since": now - OLDEST, "now": now}) as lines:
        for line in lines:  # plain codes and numbers, so that nothing in them is escaped
            columns = bytes(line).decode().rstrip().split("\t")
            agency, buyer, vertical, channel, fault, won, told, matured, placed = columns
            matured_at, age = float(matured), (at - float(placed)) / _DAY
            found.faults.add(Outcome(agency, buyer, vertical, channel, (at - matured_at) / _DAY, fault == "1"))
            found.matured.append(matured_at)
            found.won.append(won == "1")
            found.told.append(told == "1")
            found.ages.append(sum(age >= limit for limit in _AGES))
    return found

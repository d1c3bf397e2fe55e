"""Counting usual prices and demand. Each run replaces what the one before it counted, so it may run at any time."""

import math
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, text

from marketplace.kit import clock
from marketplace.kit.db import session
from marketplace.quality.prices.models import Demand, PriceBase, PriceClass
from marketplace.quality.pricing import drawn, drawn_class

_KEPT_FOR = timedelta(days=90)
_BOUGHT_FOR, _ACTIVE_FOR = timedelta(days=7), timedelta(days=30)
_PRICES_EVERY, _DEMAND_EVERY = timedelta(hours=23), timedelta(minutes=55)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('price_bases'))")

#: medians of log prices by place, with the squares about the trade's own median; kept: matured without a fault
_PRICES = text("""
WITH kept AS (
  SELECT s.vertical, s.currency, l.country, coalesce(l.region, '') AS region, ln(s.price_cents)::float AS x
  FROM sold_leads s JOIN leads l ON l.id = s.lead_id
  WHERE s.fault IS FALSE AND NOT s.is_per_sale AND s.price_cents > 0 AND s.placed_at > :since
), whole AS (
  SELECT vertical, currency, count(*) AS n, percentile_cont(.5) WITHIN GROUP (ORDER BY x) AS middle
  FROM kept GROUP BY vertical, currency
), spread AS (
  SELECT vertical, currency, sum((x - middle) ^ 2) AS squares
  FROM kept JOIN whole USING (vertical, currency) GROUP BY vertical, currency
), place AS (
  SELECT vertical, currency, country, region, grouping(country) AS of_trade, grouping(region) AS of_country,
    count(*) AS n, percentile_cont(.5) WITHIN GROUP (ORDER BY x) AS middle
  FROM kept
  GROUP BY GROUPING SETS ((vertical, currency), (vertical, currency, country), (vertical, currency, country, region))
)
SELECT p.vertical, p.currency, CASE WHEN p.of_trade = 1 THEN '' ELSE p.country END AS country,
  CASE WHEN p.of_country = 1 THEN '' ELSE p.region END AS region, p.n, p.middle, w.n AS whole,
  w.middle AS whole_middle, s.squares
FROM place p JOIN whole w USING (vertical, currency) JOIN spread s USING (vertical, currency)
WHERE p.of_country = 1 OR p.region <> ''
""")

#: how far log prices of each class lie from the middle of their trade and currency
_CLASSES = text("""
WITH kept AS (
  SELECT s.vertical, s.currency, l.qualification, ln(s.price_cents)::float AS x
  FROM sold_leads s JOIN leads l ON l.id = s.lead_id
  WHERE s.fault IS FALSE AND NOT s.is_per_sale AND s.price_cents > 0 AND s.placed_at > :since
), whole AS (
  SELECT vertical, currency, percentile_cont(.5) WITHIN GROUP (ORDER BY x) AS middle
  FROM kept GROUP BY vertical, currency
)
SELECT vertical, qualification, count(*) AS n, percentile_cont(.5) WITHIN GROUP (ORDER BY x - middle) AS own
FROM kept JOIN whole USING (vertical, currency) WHERE qualification IS NOT NULL GROUP BY vertical, qualification
""")

_DEMAND = text("""
WITH bought AS (
  SELECT s.vertical, l.country, coalesce(l.region, '') AS region, s.buyer_id, s.placed_at > :week AS in_week
  FROM sold_leads s JOIN leads l ON l.id = s.lead_id WHERE s.placed_at > :month
), able AS (
  SELECT o.id FROM organisations o WHERE o.verified_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM ledger_accounts a WHERE a.kind = 'wallet_cash' AND a.owner_id = o.id AND a.balance > 0)
), wanted AS (
  SELECT vertical, country, region, grouping(country) AS of_trade, grouping(region) AS of_country,
    count(*) FILTER (WHERE in_week) AS bought,
    count(DISTINCT buyer_id) FILTER (WHERE buyer_id IN (SELECT id FROM able)) AS buyers, 0 AS on_sale
  FROM bought GROUP BY GROUPING SETS ((vertical), (vertical, country), (vertical, country, region))
), offered AS (
  SELECT l.vertical, l.country, coalesce(l.region, '') AS region, grouping(l.country) AS of_trade,
    grouping(coalesce(l.region, '')) AS of_country, 0 AS bought, 0 AS buyers, count(*) AS on_sale
  FROM leads l JOIN listings i ON i.id = l.listing_id
  WHERE l.state = 'available' AND l.expires_at > :now AND i.state = 'active'
  GROUP BY GROUPING SETS ((l.vertical), (l.vertical, l.country), (l.vertical, l.country, coalesce(l.region, '')))
)
SELECT vertical, CASE WHEN of_trade = 1 THEN '' ELSE country END AS country,
  CASE WHEN of_country = 1 THEN '' ELSE region END AS region,
  sum(bought)::integer AS bought, sum(buyers)::integer AS buyers, sum(on_sale)::integer AS on_sale
FROM (SELECT * FROM wanted UNION ALL SELECT * FROM offered) both_sides
WHERE of_country = 1 OR region <> ''
GROUP BY 1, 2, 3
""")


def count_due() -> None:
    """Count what was last counted too long ago: prices a night ago, demand an hour ago."""
    now = clock.now()
    for table, every, count in ((PriceBase, _PRICES_EVERY, count_prices), (Demand, _DEMAND_EVERY, count_demand)):
        last = session().scalar(select(func.max(table.counted_at)))
        if last is None or last <= now - every:
            count()


def count_prices() -> None:
    """Count usual prices anew."""
    now = clock.now()
    session().execute(_LOCK)
    rows = []
    for row in session().execute(_PRICES, {"since": now - _KEPT_FOR}):
        base = drawn(row.middle, row.n, row.whole_middle, row.squares, row.whole)
        place = {name: getattr(row, name) for name in ("vertical", "currency", "country", "region", "whole")}
        rows.append({**place, "log_price": base.log_price, "spread": base.spread, "count": row.n, "counted_at": now})
    session().execute(delete(PriceBase))
    if rows:
        session().execute(insert(PriceBase), rows)
    _count_classes(now)


def _count_classes(now: datetime) -> None:
    rows = [
        {
            "vertical": row.vertical,
            "qualification": row.qualification,
            "log_ratio": drawn_class(row.own, row.n),
            "count": row.n,
            "counted_at": now,
        }
        for row in session().execute(_CLASSES, {"since": now - _KEPT_FOR})
    ]
    session().execute(delete(PriceClass))
    if rows:
        session().execute(insert(PriceClass), rows)


def count_demand() -> None:
    """Count demand anew."""
    now = clock.now()
    session().execute(_LOCK)
    since = {"week": now - _BOUGHT_FOR, "month": now - _ACTIVE_FOR, "now": now}
    rows = [{**row, "counted_at": now} for row in session().execute(_DEMAND, since).mappings()]
    session().execute(delete(Demand))
    if rows:
        session().execute(insert(Demand), rows)


def usual_cents(base: PriceBase) -> int:
    """The usual price itself, in minor units."""
    return max(1, round(math.exp(base.log_price)))

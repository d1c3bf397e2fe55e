"""Who belongs together, as those tell it who know of cards, banks and people."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from marketplace.kit.db import session
from marketplace.quality.agencies.models import BuyerLink, OwnBuyer

#: two organisations and what ties them
Pair = tuple[UUID, UUID, str]


def tell_links(buyers: Collection[Pair], own: Collection[Pair]) -> None:
    """Write down all pairs of buyers, and of an agency and a buyer, that belong together, in the place of what was
    known before. Who is linked with somebody through others is linked with them too.
    """
    session().execute(select(func.pg_advisory_xact_lock(func.hashtext("buyer_links"))))
    for table in (BuyerLink, OwnBuyer):
        session().execute(delete(table))
    whys = {org: why for first, second, why in sorted(buyers, reverse=True) for org in (first, second)}
    grouped = groups(buyers)
    if grouped:
        rows = [{"buyer_id": org, "group_id": group, "why": whys[org]} for org, group in grouped.items()]
        session().execute(insert(BuyerLink), rows)
    pairs = {(agency, buyer): why for agency, buyer, why in sorted(own, reverse=True)}
    if pairs:
        rows = [{"agency_id": agency, "buyer_id": buyer, "why": why} for (agency, buyer), why in pairs.items()]
        session().execute(insert(OwnBuyer), rows)


def groups(pairs: Collection[Pair]) -> Mapping[UUID, UUID]:
    """For each organisation of a pair the smallest id of all that hang together with it."""
    head: dict[UUID, UUID] = {}

    def find(org: UUID) -> UUID:
        while head.setdefault(org, org) != org:
            org = head[org]
        return org

    for first, second, _why in pairs:
        one, other = sorted((find(first), find(second)))
        head[other] = one
    return {org: find(org) for org in list(head)}

"""What each role may do, as one table. A key's scopes are the same words, cut down to what its maker may do."""

from datetime import timedelta
from enum import StrEnum

#: a sign-in that was not seen for so long has ended, and a session's cookie is taken for no longer
UNSEEN = timedelta(days=31)
#: how exactly it is known when somebody was last seen
SEEN_EVERY = timedelta(hours=1)


class Power(StrEnum):
    """One thing that somebody may do; also the scope of an API key."""

    LISTINGS_READ = "listings:read"
    LISTINGS_WRITE = "listings:write"
    LEADS_READ = "leads:read"
    LEADS_WRITE = "leads:write"
    BALANCE_READ = "balance:read"
    BALANCE_WRITE = "balance:write"
    CATALOG_READ = "catalog:read"
    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    WALLET_READ = "wallet:read"
    WALLET_WRITE = "wallet:write"
    DISPUTES_READ = "disputes:read"
    DISPUTES_WRITE = "disputes:write"
    TEAM_READ = "team:read"
    TEAM_WRITE = "team:write"
    KEYS_WRITE = "keys:write"
    DISPUTES_DECIDE = "disputes:decide"
    ORGANISATIONS_VERIFY = "organisations:verify"
    AUDIT_READ = "audit:read"
    LEDGER_READ = "ledger:read"
    MONEY_WRITE = "money:write"
    SETTINGS_WRITE = "settings:write"


_BY_SCOPE = {power.value: power for power in Power}
P = Power
_AGENCY_DAILY = {P.LISTINGS_READ, P.LEADS_READ, P.LEADS_WRITE, P.DISPUTES_READ, P.DISPUTES_WRITE, P.TEAM_READ}
_AGENCY_ALL = _AGENCY_DAILY | {P.LISTINGS_WRITE, P.BALANCE_READ, P.BALANCE_WRITE, P.TEAM_WRITE, P.KEYS_WRITE}
_AGENCY_MONEY = {
    P.LISTINGS_READ, P.LEADS_READ, P.BALANCE_READ, P.BALANCE_WRITE, P.DISPUTES_READ, P.TEAM_READ,
}  # fmt: skip
_BUYER_DAILY = {P.CATALOG_READ, P.ORDERS_READ, P.DISPUTES_READ, P.DISPUTES_WRITE, P.WALLET_READ, P.TEAM_READ}
_BUYER_ALL = _BUYER_DAILY | {P.ORDERS_WRITE, P.WALLET_WRITE, P.TEAM_WRITE, P.KEYS_WRITE}
_STAFF_DAILY = {P.DISPUTES_READ, P.DISPUTES_DECIDE, P.ORGANISATIONS_VERIFY, P.AUDIT_READ, P.LEDGER_READ, P.TEAM_READ}
_STAFF_ALL = _STAFF_DAILY | {P.MONEY_WRITE, P.SETTINGS_WRITE, P.TEAM_WRITE, P.KEYS_WRITE}

_TABLE: dict[tuple[str, str], set[Power]] = {
    ("agency", "owner"): _AGENCY_ALL,
    ("agency", "manager"): _AGENCY_ALL - {P.TEAM_WRITE},
    ("agency", "member"): _AGENCY_DAILY,
    ("agency", "finance"): _AGENCY_MONEY,
    ("buyer", "owner"): _BUYER_ALL,
    ("buyer", "manager"): _BUYER_ALL - {P.TEAM_WRITE},
    ("buyer", "member"): _BUYER_DAILY | {P.ORDERS_WRITE},
    ("buyer", "finance"): {P.WALLET_READ, P.WALLET_WRITE, P.DISPUTES_READ, P.TEAM_READ},
    ("staff", "owner"): _STAFF_ALL,
    ("staff", "manager"): _STAFF_ALL - {P.TEAM_WRITE},
    ("staff", "member"): _STAFF_DAILY,
    ("staff", "finance"): {P.LEDGER_READ, P.MONEY_WRITE, P.AUDIT_READ, P.TEAM_READ},
}


def powers_of(org_kind: str, role: str) -> frozenset[Power]:
    """Everything that a role allows on a side of the market; empty for a pair that does not exist."""
    return frozenset(_TABLE.get((org_kind, role), set()))


def powers_of_key(org_kind: str, role: str, scopes: list[str]) -> frozenset[Power]:
    """What a key may do: its scopes, never more than what its maker's role allows today."""
    return powers_of(org_kind, role) & {_BY_SCOPE[scope] for scope in scopes if scope in _BY_SCOPE}


def roles_with(*powers: Power) -> list[tuple[str, str]]:
    """Every side and role that has all of these powers."""
    return [place for place, allowed in _TABLE.items() if allowed.issuperset(powers)]

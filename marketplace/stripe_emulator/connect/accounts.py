"""The life of a connected account: made, changed, checked, stopped. Whatever changes, its standing follows."""

from typing import Any

from marketplace.stripe_emulator.connect.requirements import (
    CAPABILITIES,
    payouts_of,
    requirements_of,
    standing_of,
)
from marketplace.stripe_emulator.ids import new_id
from marketplace.stripe_emulator.protocol.params import merged
from marketplace.stripe_emulator.resources.v2 import events
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

_NAME = "v2.core.account"
_RECIPIENT = f"{_NAME}[configuration.recipient]"
#: the parts of an account whose changes have events of their own
_PARTS = ("identity", "defaults", "requirements")


def create(work: Work, given: Json) -> Json:
    account = _build(work, given)
    _follow(account)
    work.add(account)
    events.record(work, f"{_NAME}.created", account)
    return account


def change(work: Work, account: Json, **facts: object) -> Json:
    """Store the account with what was edited and these facts; tell what became of each of its parts."""
    before = _parts(work.known(account["id"]))
    account.update(facts)
    _follow(account)
    work.change(account)
    after = _parts(account)
    changed = [name for name in after if after[name] != before[name]]
    for name in changed:
        events.record(work, *_told(name, account))
    if not changed:
        events.record(work, f"{_NAME}.updated", account)
    return account


def apply(account: Json, given: Json) -> None:
    """Edit what the parameters of an update name, without storing it."""
    for name in ("contact_email", "contact_phone", "dashboard", "display_name"):
        if name in given:
            account[name] = given[name]
    if "metadata" in given:
        account["metadata"] = merged(account["metadata"], given["metadata"])
    _enter_identity(account, given.get("identity", {}))
    account["defaults"] = _defaults(account["defaults"], given.get("defaults", {}), account["dashboard"])
    if asked := given.get("configuration", {}).get("recipient"):
        transfers = asked.get("capabilities", {}).get("stripe_balance", {}).get("stripe_transfers", {})
        account["applied_configurations"] = ["recipient"]
        account["_is_requested"] = transfers.get("requested", account["_is_requested"])


def can_receive(account: Json) -> bool:
    """Whether transfers to the account are possible."""
    return status_of(account, "stripe_transfers") == "active"


def can_pay_out(account: Json) -> bool:
    return status_of(account, "payouts") == "active"


def status_of(account: Json, capability: str) -> str | None:
    """How a capability stands; None when it was not asked for."""
    recipient = account["configuration"]["recipient"] or {}
    found = ((recipient.get("capabilities") or {}).get("stripe_balance") or {}).get(capability)
    return found["status"] if found else None


def _follow(account: Json) -> None:
    """Derive requirements and capabilities from the facts."""
    account["requirements"] = requirements_of(account)
    standing = {"stripe_transfers": standing_of(account), "payouts": payouts_of(account)}
    capabilities = {"stripe_balance": standing} if account["_is_requested"] else None
    applied = "recipient" in account["applied_configurations"]
    recipient = {"applied": True, "capabilities": capabilities} if applied else None
    account["configuration"] = {"customer": None, "merchant": None, "recipient": recipient}


def _parts(account: Json) -> Json:
    parts = {name: repr(account[name]) for name in _PARTS}
    return parts | {name: status_of(account, name) for name in CAPABILITIES}


def _told(name: str, account: Json) -> tuple[Any, ...]:
    if name in CAPABILITIES:
        return f"{_RECIPIENT}.capability_status_updated", account, {"updated_capability": f"stripe_balance.{name}"}
    return f"{_NAME}[{name}].updated", account


def _enter_identity(account: Json, given: Json) -> None:
    identity = account["identity"]
    for name in ("country", "entity_type"):
        if name in given:
            identity[name] = given[name]
    if "business_details" in given:
        identity["business_details"] = (identity["business_details"] or {}) | given["business_details"]
    if "individual" in given:
        identity["individual"] = (identity["individual"] or _person(account)) | given["individual"]


def _person(account: Json) -> Json:
    return {
        "id": new_id("person"),
        "object": "v2.core.account_person",
        "account": account["id"],
        "created": account["created"],
        "updated": account["created"],
    }


def _defaults(before: Json, given: Json, dashboard: str | None) -> Json:
    responsibilities = before["responsibilities"] | given.get("responsibilities", {})
    responsibilities["requirements_collector"] = "application" if dashboard == "none" else "stripe"
    profile = (before["profile"] or {}) | given.get("profile", {})
    return before | given | {"profile": profile or None, "responsibilities": responsibilities}


def _build(work: Work, given: Json) -> Json:
    account = {
        "id": new_id("acct", 16),
        "object": _NAME,
        "applied_configurations": [],
        "closed": False,
        "configuration": None,
        "contact_email": None,
        "contact_phone": None,
        "created": work.time,
        "dashboard": None,
        "defaults": {
            "currency": "usd",
            "locales": None,
            "profile": None,
            "responsibilities": {"fees_collector": None, "losses_collector": None},
        },
        "display_name": None,
        "future_requirements": {"entries": [], "summary": {"minimum_deadline": None}},
        "identity": dict.fromkeys(("attestations", "business_details", "country", "entity_type", "individual")),
        "livemode": False,
        "metadata": {},
        "requirements": None,
        "_bank_status": None,
        "_checked": False,
        "_is_paused": False,
        "_is_requested": False,
        "_terms_at": None,
    }
    apply(account, given)
    return account

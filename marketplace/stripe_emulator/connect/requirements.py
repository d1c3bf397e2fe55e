"""What an account still has to tell, and what that means for its capabilities. Pure: the account in, its standing out.

The facts about an account are notes of our own on its object:
`_terms_at`   when its owner accepted the terms, `_bank_status` how its bank account stands (None without one),
`_checked`    whether Stripe has finished its check, `_is_paused` whether Stripe has stopped it.
"""

from typing import Any

from marketplace.stripe_emulator.store import Json

CAPABILITIES = ("stripe_transfers", "payouts")
_TRANSFERS = [f"stripe_balance.{name}" for name in CAPABILITIES]
_REFUSED = {
    "code": "verification_failed_keyed_match",
    "description": "The bank account does not belong to this business. Enter another one.",
}


def requirements_of(account: Json) -> Json:
    """The account's `requirements`."""
    if not account["_is_requested"]:
        return {"entries": [], "summary": {"minimum_deadline": None}}
    entries = [_entry(what, "user") for what in _missing(account)]
    if account["_bank_status"] == "verification_failed":
        entries.append(_entry("external_account", "user", _REFUSED))
    elif not entries and not account["_checked"]:
        entries.append(_entry("identity.business_details.registered_name", "stripe"))
    due = "past_due" if any(entry["awaiting_action_from"] == "user" for entry in entries) else None
    return {
        "entries": entries,
        "summary": {"minimum_deadline": {"status": due, "time": None} if due else None},
    }


def standing_of(account: Json) -> Json:
    """The status and the reasons for it that every capability of the account shares."""
    if account["_is_paused"]:
        return _standing("restricted", "restricted_other", "contact_stripe")
    if _missing(account) or account["_bank_status"] == "verification_failed":
        return _standing("restricted", "requirements_past_due", "provide_info")
    if not account["_checked"]:
        return _standing("pending", "requirements_pending_verification", "no_resolution")
    return {"status": "active", "status_details": []}


def payouts_of(account: Json) -> Json:
    """A bank that sent a payout back stops further ones until it is replaced; transfers go on."""
    standing = standing_of(account)
    if standing["status"] == "active" and account["_bank_status"] == "errored":
        return _standing("restricted", "requirements_past_due", "provide_info")
    return standing


def _missing(account: Json) -> list[str]:
    identity: dict[str, Any] = account["identity"]
    wanted = {"identity.country": identity["country"], "identity.entity_type": identity["entity_type"]}
    if identity["entity_type"] == "individual":
        person = identity["individual"] or {}
        wanted |= {f"identity.individual.{name}": person.get(name) for name in ("given_name", "surname")}
    else:
        business = identity["business_details"] or {}
        wanted["identity.business_details.registered_name"] = business.get("registered_name")
    wanted["identity.attestations.terms_of_service.account"] = account["_terms_at"]
    wanted["external_account"] = account["_bank_status"]
    return [what for what, given in wanted.items() if not given]


def _standing(status: str, code: str, resolution: str) -> Json:
    return {"status": status, "status_details": [{"code": code, "resolution": resolution}]}


def _entry(description: str, waits_for: str, error: Json | None = None) -> Json:
    due = {"status": "past_due" if waits_for == "user" else "currently_due"}
    return {
        "awaiting_action_from": waits_for,
        "description": description,
        "errors": [error] if error else [],
        "impact": {
            "restricts_capabilities": [
                {"capability": capability, "configuration": "recipient", "deadline": due} for capability in _TRANSFERS
            ]
        },
        "minimum_deadline": due,
        "reference": None,
        "requested_reasons": [{"code": "routine_verification" if error else "routine_onboarding"}],
    }

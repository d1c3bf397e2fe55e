"""An account's owner tells who they are and where their bank is; Stripe looks at it a moment later."""

from dataclasses import dataclass

from marketplace.stripe_emulator.banks import Bank
from marketplace.stripe_emulator.connect import accounts, payouts
from marketplace.stripe_emulator.resources import external_accounts
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Work

CHECK = "account.check"


@dataclass(frozen=True)
class Told:
    """What was entered on the hosted page."""

    entity_type: str  # company or individual
    name: str  # of an individual: given names and surname
    country: str  # lower case
    bank: Bank


def tell(work: Work, account: Json, told: Told) -> Json:
    """Take over what was entered, and have it checked."""
    identity: Json = {"country": told.country, "entity_type": told.entity_type}
    if told.entity_type == "individual":
        given_name, _, surname = told.name.rpartition(" ")
        identity["individual"] = {"given_name": given_name, "surname": surname}
    else:
        identity["business_details"] = {"registered_name": told.name}
    account["_terms_at"] = work.time
    accounts.apply(account, {"identity": identity})
    return change_bank(work, account, told.bank)


def change_bank(work: Work, account: Json, bank: Bank) -> Json:
    """Pay out to this bank account from now on, once it is checked. What was edited before is stored too."""
    external_accounts.replace(work.within(account["id"]), bank, name_of(account), account["defaults"]["currency"])
    is_checked = account["_checked"] and account["_bank_status"] != "verification_failed"
    work.later(work.now + work.world.delays.check, CHECK, account["id"])
    return accounts.change(work, account, _bank_status="new", _checked=is_checked)


def check(work: Work, account_id: str) -> None:
    """Stripe has looked at the account and its bank."""
    account = work.known(account_id)
    theirs = work.within(account_id)
    bank = external_accounts.current(theirs)
    if bank and external_accounts.behaviour_of(bank).is_refused:
        external_accounts.mark(theirs, bank, "verification_failed")
        accounts.change(work, account, _bank_status="verification_failed")
    else:
        accounts.change(work, account, _checked=True)
        payouts.plan(theirs)


def name_of(account: Json) -> str:
    person, business = account["identity"]["individual"] or {}, account["identity"]["business_details"] or {}
    full = f"{person.get('given_name', '')} {person.get('surname', '')}".strip()
    return str(business.get("registered_name") or full or account["display_name"] or "")

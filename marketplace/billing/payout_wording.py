"""What Stripe's and our own codes about accounts and payouts mean, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from marketplace.billing import payout_errors as errors
from marketplace.billing.models import AccountState, Hold, Payout, PayoutAccount, PayoutState
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l

S, A = PayoutState, AccountState

STATES: Mapping[str, LazyText] = {
    S.REQUESTED: _l("asked for"),
    S.RESERVED: _l("reserved"),
    S.SENDING: _l("being sent"),
    S.UNKNOWN: _l("being looked up"),
    S.SENT: _l("on its way to the bank"),
    S.PAID: _l("paid"),
    S.FAILED: _l("sent back by the bank"),
    S.CANCELED: _l("not made"),
}

ACCOUNT_STATES: Mapping[str, LazyText] = {
    A.NEW: _l("not opened yet"),
    A.ONBOARDING: _l("not finished"),
    A.CHECKING: _l("checked by Stripe"),
    A.READY: _l("ready"),
    A.RESTRICTED: _l("stopped by Stripe"),
    A.CLOSED: _l("closed"),
}

RHYTHMS: Mapping[str, LazyText] = {
    "same_day": _l("on the same day, every 4 hours at most"),
    "daily": _l("once a day"),
    "weekly": _l("once a week"),
    "held": _l("not at all, until we have looked"),
}

#: beginnings of Stripe's words for what it wants, the longest that fits wins
_NEEDS: Mapping[str, LazyText] = {
    "": _l("Something that Stripe names on its own page"),
    "configuration": _l("What the account is used for"),
    "defaults.profile": _l("A few words about what you do, or your website"),
    "external_account": _l("A bank account that belongs to you"),
    "default_outbound_destination": _l("A bank account that belongs to you"),
    "identity": _l("Who you are"),
    "identity.attestations.terms_of_service": _l("Your agreement with Stripe’s terms"),
    "identity.attestations": _l("Your confirmation that what you said is true"),
    "identity.business_details": _l("Details of your company"),
    "identity.business_details.address": _l("The address of your company"),
    "identity.business_details.documents": _l("A document about your company"),
    "identity.business_details.id_numbers": _l("The tax or register number of your company"),
    "identity.business_details.phone": _l("The phone number of your company"),
    "identity.business_details.registered_name": _l("The registered name of your company"),
    "identity.country": _l("Your country"),
    "identity.entity_type": _l("Whether you are a company or a person"),
    "identity.individual": _l("Details of yourself"),
    "identity.individual.address": _l("Your address"),
    "identity.individual.date_of_birth": _l("Your date of birth"),
    "identity.individual.documents": _l("A picture of your passport or identity card"),
    "identity.individual.given_name": _l("Your given name"),
    "identity.individual.id_numbers": _l("Your tax or identity number"),
    "identity.individual.surname": _l("Your surname"),
    "identity.persons": _l("Who owns or leads your company"),
    "payment_method": _l("A bank account that belongs to you"),
    "person": _l("Who owns or leads your company"),
}

#: what a bank says when it sends money back
_BANKS_SAY: Mapping[str, LazyText] = {
    "account_closed": _l("The bank account is closed."),
    "account_frozen": _l("The bank account is frozen."),
    "bank_account_restricted": _l("The bank does not accept transfers to this account."),
    "could_not_process": _l("The bank could not accept it."),
    "debit_not_authorized": _l("The bank does not accept transfers to this account."),
    "incorrect_account_holder_name": _l("The name of the holder does not fit the bank account."),
    "invalid_account_number": _l("There is no bank account with this number."),
    "invalid_currency": _l("The bank account does not accept this currency."),
    "no_account": _l("There is no bank account with this number."),
}


@dataclass(frozen=True, slots=True)
class NeedWords:
    """One thing that Stripe wants, in its own word and in ours."""

    code: str
    message: str
    waits_for: str
    trouble: str


@dataclass(frozen=True, slots=True)
class HoldWords:
    code: str
    message: str
    until: datetime | None


def needs_of(account: PayoutAccount) -> list[NeedWords]:
    """What Stripe still wants to know, what the agency has to do first; the same words once."""
    found: dict[tuple[str, str], NeedWords] = {}
    for need in sorted(account.needs, key=lambda need: need["waits_for"] != "user"):
        words = str(_need(need["what"]))
        said = NeedWords(need["what"], words, need["waits_for"], need["trouble"])
        found.setdefault((words, need["waits_for"]), said)
    return list(found.values())


def hold_of(account: PayoutAccount) -> HoldWords | None:
    """Why payouts to an account wait although Stripe would take them."""
    if not account.is_held or account.hold is None:
        return None
    kind = errors.AccountHeld if account.hold == Hold.BY_STAFF else errors.BankChanged
    return HoldWords(account.hold, str(kind.sentence), account.held_until)


def why_words(payout: Payout) -> str:
    """Why a payout was not made or came back; empty when neither is so."""
    if payout.why is None:
        return ""
    said = {kind.code: kind.sentence for kind in _REFUSALS} | dict(_BANKS_SAY)
    return str(said.get(payout.why, _l("Stripe did not accept it. Nothing is lost.")))


_REFUSALS = (
    errors.AccountUnfit,
    errors.AccountRestricted,
    errors.AccountClosed,
    errors.AccountHeld,
    errors.BankChanged,
    errors.AccountSwapped,
    errors.NotOnRecord,
)


def _need(what: str) -> LazyText:
    """Stripe's words are dotted paths, some of which begin with the id of a person."""
    path = "person" if what.startswith("person_") else what
    fits = [start for start in _NEEDS if path == start or path.startswith(f"{start}.") or not start]
    return _NEEDS[max(fits, key=len)]

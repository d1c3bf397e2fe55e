"""Accounts of agencies while their owner waits: the way to Stripe's page, and how the account stands afterwards."""

from marketplace.billing.actions.payout_accounts import account_of, ask_account, settle_account
from marketplace.billing.calls import engine
from marketplace.billing.calls.checkout import public_url
from marketplace.billing.models import PayoutAccount
from marketplace.billing.payout_errors import NoPayoutAccount
from marketplace.billing.queries import call_of
from marketplace.kit.db import transaction
from marketplace.people import Power, Who


def onboarding_link(who: Who) -> str:
    """The address of Stripe's own page on which an agency says who it is and where its bank is; for one use, at once.

    The account is opened at Stripe if that was not done before.

    Raises:
        Forbidden, EmailNotConfirmed, AccountNotOpened.
        PaymentsAway: Stripe does not answer; asking again goes on where this stopped.
    """
    with transaction():
        account = ask_account(who)
        call_id = None if account.stripe_id else call_of("open_account", account.id)
    if call_id:
        engine.perform(call_id)
        with transaction():
            account = account_of(who.org_id) or account
    if not account.stripe_id:
        raise NoPayoutAccount
    pages = f"{public_url()}/payout-account"
    return engine.gateway().accounts.link(account.stripe_id, f"{pages}/return", f"{pages}/again")


def look_up_account(who: Who) -> PayoutAccount | None:
    """Bring an agency's account up to date from Stripe itself, for the page that its owner comes back to.

    Raises:
        Forbidden, PaymentsAway, NotAtStripe.
    """
    who.need(Power.BALANCE_READ)
    with transaction():
        account = account_of(who.org_id)
    if account is None or account.stripe_id is None:
        return account
    found = engine.gateway().accounts.get(account.stripe_id)
    with transaction():
        return settle_account(found)

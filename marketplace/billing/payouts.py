"""Paying agencies: where each is paid to, its payouts, when one is due, and what staff may stop or take back."""

from marketplace.billing.actions.payout_accounts import hold_account, let_account_go
from marketplace.billing.actions.payouts import ask_payout
from marketplace.billing.actions.takings import take_back
from marketplace.billing.calls import look_up_account, onboarding_link
from marketplace.billing.models import AccountState, Payout, PayoutAccount, PayoutState
from marketplace.billing.payout_queries import (
    AccountLine,
    Outlook,
    PayoutLine,
    account_line_for,
    account_of_agency,
    accounts_for,
    on_its_way_for,
    outlook_for,
    payout_account_for,
    payout_for,
    payout_inflight_for,
    payouts_for,
)
from marketplace.billing.payout_rules import LEAST

__all__ = [
    "LEAST",
    "AccountLine",
    "AccountState",
    "Outlook",
    "Payout",
    "PayoutAccount",
    "PayoutLine",
    "PayoutState",
    "account_line_for",
    "account_of_agency",
    "accounts_for",
    "ask_payout",
    "hold_account",
    "let_account_go",
    "look_up_account",
    "on_its_way_for",
    "onboarding_link",
    "outlook_for",
    "payout_account_for",
    "payout_for",
    "payout_inflight_for",
    "payouts_for",
    "take_back",
]

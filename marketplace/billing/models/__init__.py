"""Tables of billing."""

from marketplace.billing.models.cards import CardSetup, CardSetupState, SavedCard, StripeCustomer
from marketplace.billing.models.chargebacks import Chargeback, ChargebackState
from marketplace.billing.models.homes import Home
from marketplace.billing.models.links import LinkedParty, MarkKind, PaymentMark
from marketplace.billing.models.payouts import RESERVED, AccountState, Hold, Payout, PayoutAccount, PayoutState
from marketplace.billing.models.promos import PromoGrant
from marketplace.billing.models.proposals import Proposal, ProposalState
from marketplace.billing.models.recharges import Pause, Recharge
from marketplace.billing.models.refunds import CardRefund, CardRefundState
from marketplace.billing.models.stripe import CallState, StripeCall, StripeEvent
from marketplace.billing.models.top_ups import OPEN, PAID, TopUp, TopUpState
from marketplace.billing.models.treasury import BalanceLine, BalanceReading, Sweep, SweepState

__all__ = [
    "OPEN",
    "PAID",
    "RESERVED",
    "AccountState",
    "BalanceLine",
    "BalanceReading",
    "CallState",
    "CardRefund",
    "CardRefundState",
    "CardSetup",
    "CardSetupState",
    "Chargeback",
    "ChargebackState",
    "Hold",
    "Home",
    "LinkedParty",
    "MarkKind",
    "Pause",
    "PaymentMark",
    "Payout",
    "PayoutAccount",
    "PayoutState",
    "PromoGrant",
    "Proposal",
    "ProposalState",
    "Recharge",
    "SavedCard",
    "StripeCall",
    "StripeCustomer",
    "StripeEvent",
    "Sweep",
    "SweepState",
    "TopUp",
    "TopUpState",
]

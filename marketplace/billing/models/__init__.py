"""Tables of billing."""

from marketplace.billing.models.chargebacks import Chargeback, ChargebackState
from marketplace.billing.models.links import LinkedParty, MarkKind, PaymentMark
from marketplace.billing.models.payouts import RESERVED, AccountState, Hold, Payout, PayoutAccount, PayoutState
from marketplace.billing.models.promos import PromoGrant
from marketplace.billing.models.proposals import Proposal, ProposalState
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
    "Chargeback",
    "ChargebackState",
    "Hold",
    "LinkedParty",
    "MarkKind",
    "PaymentMark",
    "Payout",
    "PayoutAccount",
    "PayoutState",
    "PromoGrant",
    "Proposal",
    "ProposalState",
    "StripeCall",
    "StripeEvent",
    "Sweep",
    "SweepState",
    "TopUp",
    "TopUpState",
]

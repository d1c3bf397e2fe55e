"""Tables of billing."""

from marketplace.billing.models.chargebacks import Chargeback, ChargebackState
from marketplace.billing.models.proposals import Proposal, ProposalState
from marketplace.billing.models.stripe import CallState, StripeCall, StripeEvent
from marketplace.billing.models.top_ups import TopUp, TopUpState

__all__ = [
    "CallState",
    "Chargeback",
    "ChargebackState",
    "Proposal",
    "ProposalState",
    "StripeCall",
    "StripeEvent",
    "TopUp",
    "TopUpState",
]

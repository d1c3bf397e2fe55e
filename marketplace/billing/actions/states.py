"""Changing the state of a thing, along its table of allowed changes."""

from marketplace.billing import rules
from marketplace.billing.models import CardRefund, CardRefundState, TopUp, TopUpState


class WrongMove(Exception):
    """A change of state that the table does not allow: a bug of whoever wants it, never a refusal."""


def move_top_up(top_up: TopUp, state: TopUpState) -> None:
    """Raises WrongMove."""
    if state not in rules.ALLOWED[TopUpState(top_up.state)]:
        raise WrongMove(f"top-up {top_up.id}: {top_up.state} to {state}")
    top_up.state = state


def move_refund(refund: CardRefund, state: CardRefundState) -> None:
    """Raises WrongMove."""
    if state not in rules.REFUND_ALLOWED[CardRefundState(refund.state)]:
        raise WrongMove(f"refund {refund.id}: {refund.state} to {state}")
    refund.state = state

"""Everything that we ask Stripe to do: one row a kind."""

from marketplace.billing.calls.chargeback import ANSWER_CHARGEBACK
from marketplace.billing.calls.checkout import OPEN_CHECKOUT
from marketplace.billing.calls.engine import Call

CALLS: dict[str, Call] = {call.kind: call for call in (OPEN_CHECKOUT, ANSWER_CHARGEBACK)}

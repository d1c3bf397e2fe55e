"""Everything that we ask Stripe to do: one row a kind."""

from marketplace.billing.calls.chargeback import ANSWER_CHARGEBACK
from marketplace.billing.calls.checkout import OPEN_CHECKOUT
from marketplace.billing.calls.engine import Call
from marketplace.billing.calls.payouts import OPEN_ACCOUNT, SEND_PAYOUT, TAKE_BACK
from marketplace.billing.calls.refunds import REFUND_PAYMENT
from marketplace.billing.calls.treasury import SEND_SWEEP

_ALL = (OPEN_CHECKOUT, REFUND_PAYMENT, ANSWER_CHARGEBACK, OPEN_ACCOUNT, SEND_PAYOUT, TAKE_BACK, SEND_SWEEP)

CALLS: dict[str, Call] = {call.kind: call for call in _ALL}

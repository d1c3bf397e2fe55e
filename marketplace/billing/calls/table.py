"""Everything that we ask Stripe to do: one row a kind."""

from marketplace.billing.calls.cards import CHARGE_CARD, FORGET_CARD, OPEN_CARD_PAGE, OPEN_CUSTOMER
from marketplace.billing.calls.chargeback import ANSWER_CHARGEBACK
from marketplace.billing.calls.checkout import OPEN_CHECKOUT
from marketplace.billing.calls.closing import CANCEL_PAYMENT, CLOSE_CHECKOUT
from marketplace.billing.calls.engine import Call
from marketplace.billing.calls.payouts import OPEN_ACCOUNT, SEND_PAYOUT, TAKE_BACK
from marketplace.billing.calls.refunds import REFUND_PAYMENT
from marketplace.billing.calls.treasury import SEND_SWEEP

_BUYERS = (OPEN_CHECKOUT, OPEN_CUSTOMER, OPEN_CARD_PAGE, CHARGE_CARD, FORGET_CARD, REFUND_PAYMENT, ANSWER_CHARGEBACK)
_BACK = (CLOSE_CHECKOUT, CANCEL_PAYMENT)
_AGENCIES = (OPEN_ACCOUNT, SEND_PAYOUT, TAKE_BACK)
_ALL = (*_BUYERS, *_BACK, *_AGENCIES, SEND_SWEEP)

CALLS: dict[str, Call] = {call.kind: call for call in _ALL}

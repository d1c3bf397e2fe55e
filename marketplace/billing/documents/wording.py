"""What documents, their lines and their notes are called."""

from collections.abc import Mapping

from marketplace.billing.documents.models import DocumentKind, Treatment
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l

K = DocumentKind

KINDS: Mapping[str, LazyText] = {
    K.RECEIPT: _l("Receipt"),
    K.INVOICE: _l("Invoice"),
    K.CREDIT_NOTE: _l("Credit note"),
    K.SELF_BILL: _l("Self-billing invoice"),
    K.SELF_BILL_CREDIT: _l("Self-billing credit note"),
    K.STATEMENT: _l("Statement"),
}

#: what each kind tells, as the letter about it says
ABOUT: Mapping[str, LazyText] = {
    K.RECEIPT: _l("For money that was paid into your wallet."),
    K.INVOICE: _l("For the leads that you bought. It is paid from your wallet; there is nothing left to pay."),
    K.CREDIT_NOTE: _l("For what you got back of an invoice."),
    K.SELF_BILL: _l("For the leads that you sold, made out by us in your name."),
    K.SELF_BILL_CREDIT: _l("For what was taken back of a self-billing invoice."),
    K.STATEMENT: _l("Every movement of your balance in one month."),
}

#: kinds of ledger entries as a line names them
LINES: Mapping[str, LazyText] = {
    "topup": _l("Top-up of the wallet by card"),
    "hold": _l("Lead"),
    "commission": _l("Commission on a sale"),
    "refund": _l("Refund"),
    "sale_reversal": _l("Reversed sale"),
    "claw_back": _l("Taken back: the lead was proven fake"),
    "release": _l("Sale"),
    "appeal_award": _l("Won appeal"),
    "reserve_release": _l("Reserve of a sale"),
    "payout_reserve": _l("Payout"),
    "payout_void": _l("Payout that came back"),
    "payout_return": _l("Payout that was sent back"),
    "cb_lost": _l("Cancelled: the bank took the payment back"),
    "reversal": _l("Reversed entry"),
    "adjustment": _l("Adjustment"),
    "write_off": _l("Written off"),
}
OTHER = _l("Other entry")

VAT_NOTES: Mapping[str, LazyText] = {
    Treatment.NOT_CHARGED: _l("VAT is not charged."),
    Treatment.REVERSE_CHARGE: _l(
        "Reverse charge: VAT is to be accounted for by the customer (Article 196 of Directive 2006/112/EC)."
    ),
}

NOTES: Mapping[str, LazyText] = {
    K.RECEIPT: _l("Paid by card. Leads bought with this money are invoiced after the end of each month."),
    K.INVOICE: _l("Paid from the wallet. There is nothing left to pay."),
    K.CREDIT_NOTE: _l("The invoice that it corrects is reduced by this amount."),
    K.SELF_BILL: _l("Self-billing: made out by the customer in the name of the supplier."),
    K.SELF_BILL_CREDIT: _l("Self-billing: made out by the customer in the name of the supplier."),
    K.STATEMENT: _l("A statement is not an invoice. Amounts are what moved on your balance."),
}

"""What an agency was paid, and where it is paid to: the list, one payout with its entries, the way to Stripe's page."""

from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace import billing, ledger
from marketplace.billing import payouts as paying
from marketplace.billing.errors import NotAtStripe, PaymentsAway
from marketplace.billing.payout_rules import LEAST
from marketplace.billing.payout_wording import ACCOUNT_STATES, RHYTHMS, STATES, hold_of, needs_of, why_words
from marketplace.kit.db import transaction
from marketplace.kit.errors import Refusal
from marketplace.kit.i18n import gettext as _
from marketplace.kit.money import Money
from marketplace.kit.paging import Ask
from marketplace.people import Power
from marketplace.web.session import who

blueprint = Blueprint("payouts", __name__, url_prefix="/payouts")
account = Blueprint("payout_account", __name__, url_prefix="/payout-account")

_ROWS = 25


@blueprint.get("")
def index() -> str:
    agency = who()
    page = paying.payouts_for(agency, Ask(request.args.get("cursor"), _ROWS))
    currency = billing.balance_currencies(agency)[0]
    return render_template(
        "payouts/index.html",
        page=page,
        is_first="cursor" not in request.args,
        states=STATES,
        outlook=paying.outlook_for(agency, currency),
        currency=currency,
        rhythms=RHYTHMS,
        least=Money(LEAST, currency),
        can_ask=agency.can(Power.BALANCE_WRITE),
        on_its_way=Money(paying.on_its_way_for(agency, currency), currency),
    )


@blueprint.post("")
def ask() -> Response:
    """Everything that is payable in one currency."""
    agency = who()
    known = billing.balance_currencies(agency)
    currency = request.form.get("currency", "")
    try:
        with transaction():
            made = paying.ask_payout(agency, currency if currency in known else known[0])
    except Refusal as why:
        flash(str(why), "warning")
        return redirect(url_for(".index"), HTTPStatus.SEE_OTHER)
    flash(_("%(amount)s are reserved for you and are sent in a moment.", amount=made.amount), "success")
    return redirect(url_for(".show", payout_id=made.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/<uuid:payout_id>")
def show(payout_id: UUID) -> str:
    found = paying.payout_for(who(), payout_id).payout
    return render_template(
        "payouts/show.html",
        payout=found,
        state=STATES[found.state],
        why=why_words(found),
        entries=ledger.about(found.id),
        entry_names=ledger.ENTRY_NAMES,
        account_names=ledger.ACCOUNT_NAMES,
    )


@account.get("")
def show_account() -> str:
    agency = who()
    found = paying.payout_account_for(agency)
    currency = billing.balance_currencies(agency)[0]
    return render_template(
        "payouts/account.html",
        account=found,
        state=ACCOUNT_STATES[found.state] if found else "",
        needs=needs_of(found) if found else [],
        hold=hold_of(found) if found else None,
        outlook=paying.outlook_for(agency, currency),
        rhythms=RHYTHMS,
        least=Money(LEAST, currency),
        can_tell=agency.can(Power.BALANCE_WRITE),
        is_verified=agency.is_verified,
    )


@account.post("")
def tell() -> Response:
    return _to_stripe()


@account.get("/again")
def again() -> Response:
    """Where a link that was used up, or is too old, leads to: on to a fresh one."""
    return _to_stripe()


@account.get("/return")
def back() -> Response:
    """Where somebody comes back to from Stripe's page: how the account stands is asked from Stripe itself."""
    try:
        paying.look_up_account(who())
    except (PaymentsAway, NotAtStripe):
        flash(_("Stripe is not responding. What you entered there is not lost; look again in a minute."), "warning")
    return redirect(url_for(".show_account"), HTTPStatus.SEE_OTHER)


def _to_stripe() -> Response:
    try:
        return redirect(paying.onboarding_link(who()), HTTPStatus.SEE_OTHER)
    except PaymentsAway:
        flash(_("Stripe does not answer. Try again in a minute."), "warning")
    except Refusal as why:
        flash(str(why), "warning")
    return redirect(url_for(".show_account"), HTTPStatus.SEE_OTHER)

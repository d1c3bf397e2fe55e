"""The operator's page: what banks, card owners and Stripe's staff would do, as plain forms for whoever tries a demo."""

from collections.abc import Callable
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from marketplace.stripe_emulator.amounts import format_amount
from marketplace.stripe_emulator.banks import BANKS
from marketplace.stripe_emulator.connect.accounts import status_of
from marketplace.stripe_emulator.connect.onboarding import name_of
from marketplace.stripe_emulator.control import Control
from marketplace.stripe_emulator.pages.common import present_world, render
from marketplace.stripe_emulator.paying import disputes
from marketplace.stripe_emulator.protocol.errors import Refusal
from marketplace.stripe_emulator.resources import balance, external_accounts
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.webhooks.outbox import pending
from marketplace.stripe_emulator.world import Work

pages = Blueprint("operator", __name__, url_prefix="/emulator")
_SHOWN = 20
#: what each button does
_ACTS: dict[str, Callable[[Control, str, str], object]] = {
    "dispute": lambda control, charge, reason: control.open_dispute(charge, reason),
    "ask": lambda control, charge, reason: control.ask_about(charge, reason),
    "escalate": lambda control, dispute, _: control.escalate_dispute(dispute),
    "win": lambda control, dispute, _: control.win_dispute(dispute),
    "lose": lambda control, dispute, _: control.lose_dispute(dispute),
    "fail-refund": lambda control, refund, _: control.fail_refund(refund),
    "bank": lambda control, account, number: control.change_bank(account, number),
    "our-bank": lambda control, _, number: control.change_bank("", number),
    "pause": lambda control, account, _: control.pause(account),
    "resume": lambda control, account, _: control.resume(account),
    "resend": lambda control, event, _: control.resend(event),
}


@pages.get("")
def show() -> Response:
    return _page(200)


@pages.post("")
def act() -> Response:
    """One act: `act` names it, `on` the object, `how` what else it needs."""
    _refuse_strangers()
    wanted = _ACTS.get(request.form.get("act", ""))
    if wanted is None:
        abort(404)
    try:
        wanted(Control(current_app), request.form.get("on", ""), request.form.get("how", ""))
    except (LookupError, ValueError, Refusal):
        return _page(409, problem="That is not possible any more, or the number is no test account's.")
    return redirect(url_for("operator.show"), 303)


def _refuse_strangers() -> None:
    """Another site's page may not press these buttons."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def _page(status: int, problem: str | None = None) -> Response:
    with present_world().work() as work:
        shown: dict[str, Any] = {
            "charges": [_charge(charge) for charge in islice(work.all("charge"), _SHOWN)],
            "disputes": [_with_amount(dispute) for dispute in islice(work.all("dispute"), _SHOWN)],
            "refunds": [_with_amount(refund) for refund in islice(work.all("refund"), _SHOWN)],
            "accounts": [_account(work, account) for account in islice(work.all("v2.core.account"), _SHOWN)],
            "bank": external_accounts.current(work),
            "funds": _funds(work),
            "payouts": [_with_amount(payout) for payout in islice(work.all("payout"), _SHOWN)],
            "events": list(islice(work.all("event"), _SHOWN)),
            "waiting": pending(work.rows),
        }
    return render("operator.html", status, problem=problem, reasons=disputes.REASONS, banks=BANKS.values(), **shown)


def _charge(charge: Json) -> Json:
    return _with_amount(charge) | {
        "card": charge["payment_method_details"]["card"]["last4"],
        "is_disputable": disputes.is_disputable(charge),
    }


def _account(work: Work, account: Json) -> Json:
    theirs = work.within(account["id"])
    return {
        "id": account["id"],
        "name": name_of(account),
        "status": status_of(account, "stripe_transfers") or "none",
        "is_paused": account["_is_paused"],
        "bank": external_accounts.current(theirs),
        "funds": _funds(theirs),
        "payouts": [_with_amount(payout) for payout in islice(theirs.all("payout"), 3)],
    }


def _funds(work: Work) -> list[str]:
    return [format_amount(amount, currency) for currency, amount in balance.available(work).items()]


def _with_amount(found: Json) -> Json:
    return found | {"shown": format_amount(found["amount"], found["currency"])}

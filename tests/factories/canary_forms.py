"""Every form of every page, filled in so that it gets past the door in the world of the canaries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from marketplace.disputes.jobs import let_fall
from marketplace.kit import clock
from marketplace.kit.db import transaction
from marketplace.people import terms
from tests.factories.canaries import file_of
from tests.factories.files import CONSENT
from tests.factories.people import PASSWORD
from tests.factories.trials import export, rows


@dataclass(frozen=True)
class Form:
    """Sent to a route; `at` tells which of the things it is about: so a form that ends one leaves the others alone.

    `then`: what happens when everybody has sent it.
    """

    endpoint: str
    fields: dict[str, Any] = field(default_factory=dict)
    at: int = 0
    then: Callable[[], None] | None = None


def half_a_minute():
    """What was decided at the desk of staff stands."""
    with transaction():
        clock.advance(timedelta(seconds=31))
    let_fall()


def account(email):
    known = {"kind": "buyer", "organisation": "New", "country": "US", "name": "Kim", "accept": "1", **terms.current()}
    return {**known, "email": email, "password": PASSWORD}


def forms(things, secrets):
    """Every form of every page, in an order in which each finds what it is about."""
    columns, case = secrets["columns"], {"reason": "bot", "statement": "It was a program."}
    why = "Delivered twice, by our own fault."
    goodwill = {"kind": "goodwill", "about": things["org_id"][0], "amount": "200", "currency": "USD", "reason": why}
    recharge = {"on": "1", "below": "50", "amount": "100", "currency": "USD"}
    half = {"decision": "half", "reasoning": "Both.", "early_reason": "Plain."}
    several = {"lead": things["lead_id"], "currency": "USD"}
    return [
        Form("auth.enter", {"email": secrets["email"], "password": PASSWORD}),
        Form("auth.enter_with_code", {"code": "123123"}),
        Form("auth.ask_for_passkey"),
        Form("auth.enter_with_passkey", {"credential": "{}"}),
        Form("auth.sign_out"),
        Form("auth.ask_for_letter", {"email": secrets["email"]}),
        Form("auth.reset", {"token": secrets["reset"], "password": PASSWORD}),
        Form("sign_up.open_account", account("newer@example.com")),
        Form("sign_up.send_again", {"email": "confirms@example.com"}),
        Form("sign_up.confirmed", {"token": secrets["confirm"]}),
        Form("sign_up.join", {"token": secrets["join"], "name": "Kim", "password": PASSWORD}),
        Form("account.sign_out_of"),
        Form("account.sign_out_elsewhere"),
        Form("second_factor.set_up", {"current": PASSWORD}),
        Form("second_factor.turn_on", {"token": "none", "code": "123123"}),
        Form("second_factor.make_recovery_codes", {"current": PASSWORD, "code": "123123"}),
        Form("second_factor.turn_off", {"current": PASSWORD, "code": "123123"}),
        Form("passkeys.ask", {"name": "Laptop", "current": PASSWORD}),
        Form("passkeys.add", {"name": "Laptop", "credential": "{}"}),
        Form("passkeys.rename", {"name": "Phone"}),
        Form("passkeys.remove"),
        Form("account.describe", {"website": "https://example.com"}),
        Form("account.give_billing_details", {"legal_name": "Brightside LLC", "address": "Austin", "country": "US"}),
        Form("account.accept", {"accept": "1", **terms.current()}),
        Form("account.switch"),
        Form("team.invite", {"email": "newest@example.com", "role": "member"}),
        Form("team.change_role", {"role": "manager"}),
        Form("team.remove", at=1),
        Form("team.withdraw"),
        Form("team.leave"),
        Form("keys.make", {"name": "Scripts", "scopes": ["leads:read"], "key": str(uuid4())}),
        Form("keys.revoke"),
        Form("wallet.top_up", {"amount": "5000", "currency": "USD"}),
        Form("cards.save"),
        Form("cards.set_recharge", {"on": "1", "below": "about ten", "amount": "100", "currency": "USD"}),
        Form("cards.set_recharge", {**recharge, "card_id": things["card_id"][0]}),
        Form("cards.make_default", at=1),
        Form("cards.remove", at=1),
        Form("refunds.ask", {"amount": "5.00", "currency": "USD", "key": str(uuid4())}),
        Form("payouts.ask"),
        Form("admin_terms.change", {"grade": "C", "fee_bp": "1100", "reason": "Stripe costs more."}),
        Form("admin_organisations.grade", {"grade": "C", "reason": "no"}, at=1),
        Form("admin_organisations.grade", {"grade": "C", "reason": "By hand."}, at=1),
        Form("admin_payouts.take_back", {"reason": "The bank is gone."}),
        Form("admin_organisations.hold", {"reason": "no"}, at=2),
        Form("admin_organisations.hold", {"reason": "Somebody called."}, at=2),
        Form("admin_payouts.let_go", {"reason": "It was them."}, at=2),
        Form("admin_payouts.sweep", {"amount": "10.00", "currency": "USD", "reason": "The fees."}),
        Form("payout_account.tell"),
        Form("catalog.buy", {"price": "2500", "currency": "USD", "key": str(uuid4())}, at=1),
        Form("catalog.pay_by_card", {"price": "2500", "currency": "USD", "top_up": "2500"}, at=2),
        Form("catalog.buy_several", {**several, "key": str(uuid4())}),
        Form("catalog.buy_several", {**several, "key": str(uuid4()), "max_total": "9000"}),
        Form("imports.upload", {"listing": things["listing_id"][0], "file": file_of(30)}),
        Form("imports.read_again", {"header_row": "2"}, at=1),
        Form("imports.read_again", {"date_order": "dmy"}, at=1),
        Form("imports.match", {**columns, "column-0": "nonsense"}, at=1),
        Form("imports.match", columns, at=1),
        Form("imports.start", {**columns, "declared": "1"}, at=1),
        Form("imports.start", {**columns, **CONSENT}, at=1),
        Form("imports.pause", at=1),
        Form("imports.resume", at=1),
        Form("imports.pause", at=1),
        Form("imports.cancel", at=2),
        Form("disputes.create", {**case, "statement": "It", "evidence": b"abc"}, at=1),
        Form("disputes.create", {**case, "evidence": b"abc"}, at=1),
        Form("disputes.answer", {"statement": "It was a person.", "evidence": b"def"}),
        Form("disputes.add_evidence", {"evidence": b"ghi"}),
        Form("corrections.offer", {"field": "phone", "value": "no"}, at=1),
        Form("corrections.offer", {"field": "last_name", "value": "Kenarek"}, at=1),
        Form("corrections.try_it", at=2),
        Form("corrections.say", {"works": "0"}, at=2),
        Form("disputes.withdraw", at=1),
        Form("disputes.concede", at=2),
        Form("admin_disputes.decide", {"decision": "half", "reasoning": "no"}, at=3),
        Form("admin_disputes.decide", half, at=3),
        Form("admin_disputes.take_back", at=3),
        Form("admin_disputes.decide", half, at=3, then=half_a_minute),
        Form("disputes.appeal", {"statement": "Why", "evidence": b"jkl"}, at=3),
        Form("disputes.appeal", {"statement": "The call log shows it.", "evidence": b"jkl"}, at=3),
        Form("disputes.answer_appeal", {"statement": "It shows nothing."}, at=3),
        Form("admin_reviews.review", {"percent": "50", "reasoning": "no"}, at=4),
        Form("admin_reviews.review", {"percent": "50", "reasoning": "Both are right."}, at=4),
        Form("admin_disputes.decide_appeal", {"decision": "100", "reasoning": "It does."}, at=4),
        Form("admin_batches.propose", {"kind": "sub_id", "reason": "no"}, at=6),
        Form("admin_batches.propose", {"kind": "sub_id", "reason": "They came the same way."}, at=6),
        Form("admin_batches.refuse", {"reason": "One is not a batch."}, at=1),
        Form("admin_batches.approve"),
        Form("outcomes.create", {"stage": "sold"}),
        Form("outcomes.create", {"stage": "contacted", "words": "Rang once.", "key": str(uuid4())}),
        Form("attempts.create", {"result": "shouted"}),
        Form("attempts.create", {"result": "busy", "key": str(uuid4())}),
        Form("outcomes.upload", {"file": b"order_id,stage,at\n1,contacted,2026-11-26"}),
        Form("sale_reports.create", {"amount": "about ten", "repeat": "no"}, at=2),
        Form("sale_reports.create", {"amount": "100", "repeat": "no", "reference": "A-1"}, at=2),
        Form("sale_reports.none", {"reason": "price"}, at=3),
        Form("sale_claims.agree", at=4),
        Form("sale_claims.contest", {"statement": "no"}, at=5),
        Form("sale_claims.contest", {"statement": "There was one."}, at=5),
        Form("sales.upload", {"file": b"order_id,amount\n1,2"}),
        Form("sales.agree", {"amount": "10000", "currency": "USD"}),
        Form("sales.contest", {"statement": "It was more."}, at=1),
        Form("sales.correct", {"amount": "90", "reason": "A discount."}, at=2),
        Form("sales.pay", at=2),
        Form("admin_audits.decide", {"outcome": "no_sale", "reasoning": "no"}, at=6),
        Form("admin_audits.decide", {"outcome": "no_sale", "reasoning": "Both agree."}, at=6),
        Form("admin_audits.decide_sale", {"amount": "200", "reasoning": "The contract says so."}, at=3),
        Form("reports.answer", {"statement": "short"}),
        Form("reports.answer", {"statement": "Nobody bought in summer.", "evidence": b"jkl"}),
        Form("admin_reports.contact"),
        Form("admin_reports.call", {"finding": "no"}),
        Form("admin_reports.call", {"finding": "bought", "note": "In May."}),
        Form("admin_reports.decide", {"act": "propose", "reasoning": "no"}),
        Form("admin_reports.decide", {"act": "propose", "reasoning": "One has bought."}),
        Form("admin_calls.contact"),
        Form("admin_calls.result", {"finding": "sung"}),
        Form("admin_calls.result", {"finding": "did_not_ask", "note": "Never heard of it."}),
        Form("persons.answer", {"token": secrets["asked"], "answer": "sung"}),
        Form("persons.answer", {"token": secrets["asked"], "answer": "asked"}),
        Form("outcome_hooks.renew", {"key": str(uuid4())}),
        Form("outcome_hooks.map_stages", {"won": "closed, closed"}),
        Form("outcome_hooks.map_stages", {"won": "closed"}),
        Form("outcome_hooks.revoke"),
        Form("trials.upload", {"file": export(rows(62))}),
        Form("trials.start", {"bought": "1:0"}),
        Form("trials.start", {"bought": "8:1", "order": "7", "column": ["4", "5"]}),
        Form("trials.discard", at=1),
        Form("quality.appeal", {"statement": "no"}),
        Form("quality.appeal", {"statement": "It was an attack."}),
        Form("admin_ratings.answer", {"is_right": "false", "reasoning": "no"}),
        Form("admin_ratings.answer", {"is_right": "true", "reasoning": "The logs show it."}, at=1),
        Form("admin_organisations.verify", at=1),
        Form("admin_proposals.propose", {"kind": "goodwill", "amount": "1"}),
        Form("admin_proposals.propose", {**goodwill, "key": str(uuid4())}),
        Form("admin_proposals.approve"),
        Form("admin_proposals.refuse", {"reason": "No."}, at=1),
        Form("admin_chargebacks.answer", {"words": "short"}),
        Form("admin_chargebacks.answer", {"words": "The payer bought leads and read each of them."}),
        Form("admin_money.check"),
        Form("admin_money.look_up"),
        Form("admin_money.replay"),
        Form("leads.qualify", {"need": "true", "by": "manager"}, at=2),
        Form("leads.withdraw", at=2),
        Form("listings.create", {"title": "New", "vertical": "education", "kind": "consumer", "price": "25"}),
        Form("listings.suggest", {"vertical": "education", "currency": "USD", "default_country": "US"}),
        Form("listings.suggest_for", {"title": "Another title"}),
        Form("listings.change", {"title": "Another title"}),
        Form("listings.move", {"state": "paused"}),
        Form("listings.move", {"state": "active"}),
        Form("webhooks.stripe"),
        Form("account.change_password", {"current": PASSWORD, "password": PASSWORD}),
    ]


def questions(things, secrets):
    """What else stands behind the question mark of some pages."""
    return {
        "admin_calls.index": ["state=failed"],
        "admin_disputes.index": ["state=ended", "state=appeals", "state=waiting", "reason=bot"],
        "admin_organisations.index": ["kind=buyer"],
        "auth.choose_password": [f"token={secrets['reset']}"],
        "catalog.index": ["sort=price"],
        "demo.mail": [f"to={secrets['email']}"],
        "imports.progress": ["state=running"],
        "imports.rejected": ["reason=phone_invalid"],
        "leads.index": [f"import={things['import_id'][0]}", f"listing={things['listing_id'][0]}"],
        "persons.show": [f"token={secrets['asked']}"],
        "sign_up.confirm": [f"token={secrets['confirm']}"],
        "sign_up.invitation": [f"token={secrets['join']}"],
    }

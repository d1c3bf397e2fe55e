"""The emulator's objects against the types of the `stripe` package itself: no field that Stripe does not have, none
missing that it always has, and every value of the type and among the words that it allows."""

import contextlib
import shutil
import sqlite3
import types
from decimal import Decimal
from typing import Any, ClassVar, ForwardRef, Literal, Union, get_args, get_origin

import pytest
import stripe
from stripe import ListObject, StripeObject
from stripe._stripe_object import UntypedStripeObject
from stripe.events._event_classes import get_v2_event_class

FORWARD = {
    "Account": stripe.Account,
    "BankAccount": stripe.BankAccount,
    "BalanceTransaction": stripe.BalanceTransaction,
    "Charge": stripe.Charge,
    "Customer": stripe.Customer,
    "LineItem": stripe.LineItem,
    "PaymentIntent": stripe.PaymentIntent,
    "PaymentMethod": stripe.PaymentMethod,
    "Price": stripe.Price,
    "Refund": stripe.Refund,
    "SetupIntent": stripe.SetupIntent,
    "Transfer": stripe.Transfer,
    "TransferReversal": stripe.TransferReversal,
}


def problems(value, wanted, where):
    """Sentences on all that does not fit; `wanted` is an annotation as the package writes it."""
    if isinstance(wanted, ForwardRef | str):
        return named(value, wanted if isinstance(wanted, str) else wanted.__forward_arg__, where)
    if get_origin(wanted) in CONTAINERS:
        return CONTAINERS[get_origin(wanted)](value, get_args(wanted), where)
    if isinstance(wanted, type) and issubclass(wanted, StripeObject):
        return in_object(value, wanted, where)
    return scalar(value, wanted, where)


def named(value, name, where):
    return problems(value, FORWARD[name], where) if name in FORWARD else [f"{where}: {value!r} for {name}"]


def in_union(value, args, where):
    if value is None:
        return [] if types.NoneType in args else [f"{where} must not be null"]
    if any(get_origin(arg) is Literal for arg in args) and isinstance(value, str):
        args = [arg for arg in args if arg is not str]  # the package adds `str` for the words of later versions
    tried = [problems(value, arg, where) for arg in args if arg is not types.NoneType and fits_form(value, arg)]
    return min(tried, key=len) if tried else [f"{where}: {value!r} fits none of {args}"]


def fits_form(value, wanted):
    """Whether a value of this JSON form can be meant by the annotation at all."""
    is_text = wanted in {str, Decimal} or get_origin(wanted) is Literal
    return is_text if isinstance(value, str) else not is_text


def in_literal(value, args, where):
    return [] if value in args else [f"{where}: {value!r} is none of {args}"]


def in_page(value, args, where):
    if set(value) != {"object", "data", "has_more", "url"} or value["object"] != "list":
        return [f"{where} is no list"]
    return in_list(value["data"], args, where)


def in_list(value, args, where):
    return [p for place, inner in enumerate(value) for p in problems(inner, args[0], f"{where}[{place}]")]


def in_map(value, args, where):
    return [p for name, inner in value.items() for p in problems(inner, args[0], f"{where}.{name}")]


CONTAINERS = {Union: in_union, Literal: in_literal, ListObject: in_page, list: in_list, UntypedStripeObject: in_map}


def in_object(value, kind, where):
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no object"]
    known = fields(kind)
    found = [f"{where}.{name} is no field of {kind.__name__}" for name in value.keys() - known.keys()]
    missing = [name for name in known.keys() - value.keys() if types.NoneType not in get_args(known[name])]
    found += [f"{where}.{name} is missing" for name in missing]
    return found + [
        p for name in value.keys() & known.keys() for p in problems(value[name], known[name], f"{where}.{name}")
    ]


def fields(kind):
    annotations = {
        name: of for base in reversed(kind.__mro__) for name, of in vars(base).get("__annotations__", {}).items()
    }
    return {name: of for name, of in annotations.items() if get_origin(of) is not ClassVar and not name.startswith("_")}


def scalar(value, wanted, where):
    if wanted is Decimal:
        return [] if isinstance(value, str) and Decimal(value).is_finite() else [f"{where}: {value!r} is no decimal"]
    if wanted is Any or (isinstance(wanted, type) and type(value) is wanted):
        return []
    return [f"{where}: {value!r} is no {wanted}"]


KINDS = {
    "bank_account": stripe.BankAccount,
    "balance": stripe.Balance,
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "customer": stripe.Customer,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
    "payout": stripe.Payout,
    "radar.early_fraud_warning": stripe.radar.EarlyFraudWarning,
    "refund": stripe.Refund,
    "setup_intent": stripe.SetupIntent,
    "transfer": stripe.Transfer,
    "transfer_reversal": stripe.TransferReversal,
}


def money(emulator, client):
    """Transfers, their reversals and payouts, ours and theirs, in each of their states."""
    emulator.fund()
    for bank in ("000123456789", "000111111116"):
        account = emulator.onboarded(bank)
        made = emulator.transfer(account, metadata={"a": "b"})
        client.transfers.reversals.create(made.id, {"amount": 100})
        client.transfers.update(made.id, {"description": "x"})
    ours = {"amount": 1000, "currency": "usd"}
    client.payouts.create(ours)
    client.payouts.cancel(client.payouts.create(ours).id)
    emulator.clock.advance(days=2, hours=1)
    emulator.transfer(account)
    client.payouts.create(ours)
    emulator.clock.advance(days=1)


DEFAULTS = {
    "currency": "eur",
    "profile": {"business_url": "https://lisboa.example"},
    "responsibilities": {"fees_collector": "application", "losses_collector": "application"},
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Where a filled store is kept, once there is one, and the moment until which it was lived in."""
    return {"store": tmp_path_factory.mktemp("filled") / "stripe.db", "moment": None}


@pytest.fixture
def everything(start, clock, tmp_path, filled):
    """An emulator in which each kind of object exists in each of its states; each test has its own copy."""
    own = tmp_path / "emulator/stripe.db"
    if filled["moment"]:
        own.parent.mkdir()
        shutil.copy(filled["store"], own)
        clock.moment = filled["moment"]
    with start() as emulator:
        if not filled["moment"]:
            fill(emulator)
            with contextlib.closing(sqlite3.connect(own)) as store:
                store.execute("VACUUM INTO ?", [str(filled["store"])])
            filled["moment"] = clock.moment
        yield emulator


def fill(emulator):
    client = emulator.stripe()
    customer = client.customers.create({"email": "ana@example.org", "address": {"city": "Porto", "country": "PT"}})
    emulator.checkout()
    client.checkout.sessions.expire(emulator.checkout(customer=customer.id).id)
    emulator.enter(emulator.checkout(), "4000000000009995")
    emulator.enter(emulator.checkout(), "4000002760003184")
    for card in ("4242424242424242", "4000000000007726", "4000000000005126"):
        paid = emulator.paid(card, customer=customer.id, metadata={"a": "b"})
        client.refunds.create({"payment_intent": paid.payment_intent.id, "amount": 100})
    approved = emulator.checkout()
    emulator.enter(approved, "4000002500003155")
    emulator.enter(emulator.checkout(), "4000000000000002")
    emulator.app.test_client().post(f"/c/pay/{approved.id}/bank", data={"answer": "approve"})
    emulator.clock.advance(seconds=2)
    client.refunds.create({"payment_intent": paid.payment_intent.id, "reason": "duplicate"})
    emulator.clock.advance(seconds=10)
    saved_cards(emulator, client, customer.id)
    disputed(emulator, client)
    connected(emulator)


def disputed(emulator, client):
    """Disputes in each of their states, and a warning."""
    for card in (*["4000000000000259"] * 5, "4000000000005423"):
        emulator.paid(card)
    emulator.clock.advance(seconds=7)
    first, second, third, fourth, fifth = client.disputes.list().data
    client.disputes.close(first.id)
    client.disputes.update(second.id, {"evidence": {"uncategorized_text": "winning_evidence"}, "metadata": {"a": "b"}})
    client.disputes.update(third.id, {"evidence": {"uncategorized_text": "losing_evidence"}})
    client.disputes.update(fourth.id, {"evidence": {"customer_name": "Ana"}, "submit": False})
    emulator.clock.advance(seconds=5)
    client.disputes.update(fifth.id, {"evidence": {"customer_name": "Ana"}})


def connected(emulator):
    """Accounts in each of their states, and what they own."""
    emulator.core.accounts.create({})
    emulator.recipient(identity={"country": "pt", "entity_type": "individual"}, defaults=DEFAULTS)
    for bank in ("000123456789", "000999999991"):
        account = emulator.onboarded(bank)
    money(emulator, client=emulator.stripe())
    emulator.tell(emulator.link(account), entity_type="individual", name="Ana Reis")
    emulator.core.accounts.update(account, {"contact_phone": "+351 210 000 000"})
    emulator.core.accounts.update(account, {"defaults": {"currency": "eur"}})


def saved_cards(emulator, client, customer):
    saving = {"mode": "setup", "currency": "usd", "customer": customer, "success_url": "http://shop.test/"}
    client.checkout.sessions.expire(client.checkout.sessions.create(saving).id)
    for card in ("4242424242424242", "4000000000000002", "4000002760003184"):
        emulator.enter(client.checkout.sessions.create(saving), card)
    [method] = client.customers.payment_methods.list(customer).data
    paying = {"amount": 500, "currency": "usd", "customer": customer, "payment_method": method.id, "confirm": True}
    client.payment_intents.create(paying | {"off_session": True, "payment_method_types": ["card"]})
    automatic = {"enabled": True, "allow_redirects": "never"}
    client.payment_intents.create(
        paying | {"setup_future_usage": "off_session", "automatic_payment_methods": automatic}
    )
    client.payment_intents.cancel(client.payment_intents.create(paying | {"confirm": False}).id)
    client.customers.update(customer, {"name": "Ana"})
    client.payment_methods.detach(method.id)


def stored(emulator, kind):
    """Ids and owners of all objects of this kind, also those of connected accounts."""
    with emulator.world.store.transaction() as rows:
        found = rows.rows("SELECT id, account FROM objects WHERE kind = ? ORDER BY seq DESC", kind)
    return [(row["id"], {"Stripe-Account": row["account"]} if row["account"] else {}) for row in found]


ADDRESSES = {
    "balance_transaction": "balance_transactions",
    "charge": "charges",
    "checkout.session": "checkout/sessions",
    "customer": "customers",
    "dispute": "disputes",
    "event": "events",
    "payment_intent": "payment_intents",
    "payment_method": "payment_methods",
    "payout": "payouts",
    "radar.early_fraud_warning": "radar/early_fraud_warnings",
    "refund": "refunds",
    "setup_intent": "setup_intents",
    "transfer": "transfers",
}
EXPANDED = {
    "checkout.session": ["line_items", "customer", "payment_intent.latest_charge.balance_transaction", "setup_intent"],
    "charge": ["refunds", "payment_intent", "balance_transaction"],
    "dispute": ["charge", "payment_intent"],
    "radar.early_fraud_warning": ["charge", "payment_intent"],
    "refund": ["charge", "balance_transaction", "failure_balance_transaction"],
    "payment_intent": ["payment_method", "customer", "latest_charge"],
    "setup_intent": ["payment_method", "customer"],
    "payout": ["balance_transaction", "failure_balance_transaction", "destination"],
    "transfer": ["balance_transaction", "destination_payment"],
}


@pytest.mark.parametrize("kind", ADDRESSES)
def test_objects_have_the_packages_own_types(everything, kind):
    found = stored(everything, kind)
    assert found
    for object_id, headers in found:
        for wanted in ([], EXPANDED.get(kind, [])):
            address = f"/v1/{ADDRESSES[kind]}/{object_id}"
            answer = everything.raw("GET", address, params={"expand[]": wanted}, headers=headers)
            assert answer.status_code == 200, answer.text
            assert problems(answer.json(), KINDS[kind], kind) == []


def test_reversals_have_the_packages_own_type(everything):
    for object_id, _ in stored(everything, "transfer_reversal"):
        with everything.world.store.transaction() as rows:
            transfer = rows.find(object_id)["transfer"]
        wanted = {"expand[]": ["balance_transaction", "transfer"]}
        answer = everything.raw("GET", f"/v1/transfers/{transfer}/reversals/{object_id}", params=wanted)
        assert problems(answer.json(), stripe.TransferReversal, "reversal") == []


def test_bank_accounts_have_the_packages_own_type(everything):
    found = [(object_id, headers) for object_id, headers in stored(everything, "bank_account") if headers]
    assert len(found) > 2
    for object_id, headers in found:
        answer = everything.raw("GET", f"/v1/accounts/{headers['Stripe-Account']}/external_accounts/{object_id}")
        assert problems(answer.json(), stripe.BankAccount, "bank_account") == []


def test_accounts_have_the_packages_own_type(everything):
    statuses = set()
    for object_id, _ in stored(everything, "v2.core.account"):
        bare = everything.raw("GET", f"/v2/core/accounts/{object_id}").json()
        assert problems(bare, stripe.v2.core.Account, "account") == []
        parts = ["configuration.recipient", "identity", "defaults", "requirements", "future_requirements"]
        include = {f"include[{place}]": part for place, part in enumerate(parts)}
        full = everything.raw("GET", f"/v2/core/accounts/{object_id}", params=include).json()
        assert problems(full, stripe.v2.core.Account, "account") == []
        recipient = full["configuration"]["recipient"]
        statuses.add(recipient and recipient["capabilities"]["stripe_balance"]["stripe_transfers"]["status"])
    assert statuses == {None, "active", "pending", "restricted"}


def test_account_links_have_the_packages_own_type(everything):
    use = {"refresh_url": "http://a.test/", "return_url": "http://a.test/"}
    account = everything.recipient().id
    for kind in ("account_onboarding", "account_update"):
        body = {"account": account, "use_case": {"type": kind, kind: use}}
        link = everything.raw("POST", "/v2/core/account_links", json=body).json()
        assert problems(link, stripe.v2.core.AccountLink, "account_link") == []


def test_thin_events_have_the_packages_own_types(everything):
    seen = set()
    for event_id, _ in stored(everything, "v2.core.event"):
        event = everything.raw("GET", f"/v2/core/events/{event_id}").json()
        assert problems(event, get_v2_event_class(event["type"]), event["type"]) == []
        seen.add(event["type"].removeprefix("v2.core.account"))
    assert seen == {
        ".created",
        ".updated",
        "[configuration.recipient].capability_status_updated",
        "[defaults].updated",
        "[identity].updated",
        "[requirements].updated",
        "_link.returned",
    }


def test_the_balance_has_the_packages_own_type(everything):
    assert problems(everything.raw("GET", "/v1/balance").json(), stripe.Balance, "balance") == []


def test_every_event_carries_an_object_of_the_packages_own_type(everything):
    seen = set()
    for event_id, headers in stored(everything, "event"):
        event = everything.raw("GET", f"/v1/events/{event_id}", headers=headers).json()
        assert event.get("account") == headers.get("Stripe-Account")
        subject = event["data"]["object"]
        assert problems(subject, KINDS[subject["object"]], event["type"]) == []
        seen.add(event["type"])
    assert seen == {
        "account.external_account.created",
        "account.external_account.deleted",
        "account.external_account.updated",
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.funds_reinstated",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.failed",
        "charge.refund.updated",
        "charge.refunded",
        "charge.succeeded",
        "charge.updated",
        "checkout.session.completed",
        "checkout.session.expired",
        "customer.created",
        "customer.updated",
        "payment_intent.canceled",
        "payment_intent.created",
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "payment_intent.succeeded",
        "payment_method.attached",
        "payment_method.detached",
        "payout.canceled",
        "payout.created",
        "payout.failed",
        "payout.paid",
        "payout.updated",
        "radar.early_fraud_warning.created",
        "refund.created",
        "refund.failed",
        "refund.updated",
        "setup_intent.canceled",
        "setup_intent.created",
        "setup_intent.requires_action",
        "setup_intent.setup_failed",
        "setup_intent.succeeded",
        "transfer.created",
        "transfer.reversed",
        "transfer.updated",
    }


def test_errors_have_the_packages_own_form(everything):
    allowed = set(fields(stripe.ErrorObject))
    for answer in (
        everything.raw("GET", "/v1/charges/ch_x"),
        everything.raw("POST", "/v1/refunds", data={"amount": "x"}),
        everything.raw("GET", "/v2/unknown"),
    ):
        error = answer.json()["error"]
        assert error.keys() <= allowed
        assert error["message"]
        assert error["type"] == "invalid_request_error"


def test_a_declined_card_is_told_in_the_packages_own_form(everything):
    params = {"amount": 500, "currency": "usd", "payment_method": "pm_card_chargeCustomerFail", "confirm": "true"}
    answer = everything.raw("POST", "/v1/payment_intents", data=params)
    assert answer.status_code == 402
    error = answer.json()["error"]
    assert problems(error, stripe.ErrorObject, "error") == []
    assert {"charge", "decline_code", "payment_intent", "payment_method"} <= error.keys()


def test_the_comparison_itself_finds_what_is_wrong():
    good = {"id": "txn_1", "object": "balance_transaction", "status": "available"}
    found = problems(good | {"surprise": 1, "object": "refund", "fee": "3"}, stripe.BalanceTransaction, "txn")
    assert "txn.surprise is no field of BalanceTransaction" in found
    assert "txn.net is missing" in found
    assert any("txn.object: 'refund'" in problem for problem in found)
    assert any("txn.fee: '3'" in problem for problem in found)
    assert in_union("weird", get_args(stripe.PaymentIntent.__annotations__["status"]), "status")

"""Cards that are saved, and charged while their owner is away."""

import re

import httpx
import pytest
import stripe

from marketplace.stripe_emulator.cards import CARDS, TOKENS

PRICE = {"currency": "usd", "unit_amount": 50, "product_data": {"name": "x"}}
AWAY = {"off_session": True, "confirm": True, "error_on_requires_action": True}


@pytest.fixture
def customer(emulator):
    return emulator.stripe().customers.create({"email": "ana@example.org"}).id


def setup_page(emulator, customer, **more):
    return emulator.stripe().checkout.sessions.create(
        {
            "mode": "setup",
            "currency": "usd",
            "customer": customer,
            "success_url": "http://shop.test/saved?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://shop.test/wallet",
            **more,
        }
    )


def saved(emulator, customer, card="4242424242424242"):
    """The id of the payment method that a person saved on the page."""
    session = setup_page(emulator, customer)
    answer = emulator.enter(session, card)
    if answer.headers["Location"].endswith("/bank"):
        answer = emulator.web.post(f"{session.url}/bank", data={"answer": "approve"})
    assert answer.headers["Location"] == f"http://shop.test/saved?session={session.id}"
    done = emulator.stripe().checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    return done.setup_intent.payment_method


def charge(emulator, customer, method, **more):
    return emulator.stripe().payment_intents.create(
        {"amount": 2500, "currency": "usd", "customer": customer, "payment_method": method, **AWAY, **more}
    )


def refused(emulator, customer, method, **more):
    with pytest.raises(stripe.CardError) as refusal:
        charge(emulator, customer, method, **more)
    assert refusal.value.http_status == 402
    return refusal.value


def methods_of(emulator, customer):
    return [method.id for method in emulator.stripe().customers.payment_methods.list(customer).data]


def kinds(emulator):
    return [event.type for event in reversed(emulator.stripe().events.list({"limit": 100}).data)]


def test_a_card_saved_on_the_page_pays_while_its_owner_is_away(emulator, customer):
    method = saved(emulator, customer)
    assert methods_of(emulator, customer) == [method]
    intent = charge(emulator, customer, method, metadata={"recharge": "7"})
    assert (intent.status, intent.amount_received, intent.metadata["recharge"]) == ("succeeded", 2500, "7")
    assert intent.customer == customer
    emulator.settle()
    paid = emulator.stripe().charges.retrieve(intent.latest_charge, {"expand": ["balance_transaction"]})
    assert paid.balance_transaction.net == 2397


def test_saving_takes_no_money_and_is_told_in_stripes_order(emulator, customer):
    session = setup_page(emulator, customer, setup_intent_data={"metadata": {"card": "1"}})
    assert (session.payment_status, session.amount_total, session.currency) == ("no_payment_required", None, "usd")
    waiting = emulator.stripe().setup_intents.retrieve(session.setup_intent)
    assert (waiting.status, waiting.usage, waiting.metadata["card"]) == (
        "requires_payment_method",
        "off_session",
        "1",
    )
    page = emulator.web.get(session.url).text
    assert "<h1>Save card</h1>" in page
    assert "No money is taken now" in page
    assert emulator.enter(session).status_code == 303
    assert "The card is saved" in emulator.web.get(session.url).text
    assert emulator.stripe().charges.list().data == []
    assert kinds(emulator) == [
        "customer.created",
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
        "checkout.session.completed",
    ]


def test_a_card_that_is_declined_is_not_saved_and_another_one_can_be(emulator, customer):
    session = setup_page(emulator, customer)
    page = emulator.enter(session, "4000000000000002")
    assert page.status_code == 402
    assert "Your card was declined." in page.text
    setup = emulator.stripe().setup_intents.retrieve(session.setup_intent)
    assert (setup.status, setup.last_setup_error.decline_code) == ("requires_payment_method", "generic_decline")
    assert methods_of(emulator, customer) == []
    assert emulator.enter(session).status_code == 303
    assert len(methods_of(emulator, customer)) == 1
    assert "setup_intent.setup_failed" in kinds(emulator)


def test_the_banks_question_about_saving_can_be_answered_no(emulator, customer):
    session = setup_page(emulator, customer)
    emulator.enter(session, "4000002500003155")
    setup = emulator.stripe().setup_intents.retrieve(session.setup_intent)
    assert setup.status == "requires_action"
    question = emulator.web.get(setup.next_action.redirect_to_url.url)
    assert "ending in 3155" in question.text
    assert "save this card" in question.text
    assert emulator.web.post(f"{session.url}/bank", data={"answer": "fail"}).status_code == 402
    setup = emulator.stripe().setup_intents.retrieve(session.setup_intent)
    assert setup.last_setup_error.code == "setup_intent_authentication_failure"
    assert methods_of(emulator, customer) == []


def test_the_page_can_have_the_bank_ask_before_it_saves(emulator, customer):
    asking = {"payment_method_options": {"card": {"request_three_d_secure": "any"}}}
    session = setup_page(emulator, customer, **asking)
    assert emulator.enter(session, "4000000000003055").headers["Location"].endswith("/bank")
    assert (
        emulator.enter(setup_page(emulator, customer), "4000000000003055").headers["Location"].startswith("http://shop")
    )


def test_a_setup_session_that_expires_saves_nothing(emulator, customer):
    session = setup_page(emulator, customer)
    emulator.clock.advance(days=1)
    page = emulator.enter(session)
    assert (page.status_code, "No card was saved" in page.text) == (410, True)
    assert emulator.stripe().setup_intents.retrieve(session.setup_intent).status == "canceled"


@pytest.mark.parametrize("card", ["4000002500003155", "4000000000003220", "4000003800000446"])
def test_a_card_whose_owner_agreed_once_is_charged_without_asking(emulator, customer, card):
    assert charge(emulator, customer, saved(emulator, customer, card)).status == "succeeded"


def test_a_card_that_always_wants_its_owner_is_refused_while_they_are_away(emulator, customer):
    method = saved(emulator, customer, "4000002760003184")
    error = refused(emulator, customer, method, metadata={"recharge": "7"})
    assert (error.code, error.error.decline_code) == ("authentication_required", "authentication_required")
    intent = error.error.payment_intent
    assert (intent.status, intent.metadata["recharge"]) == ("requires_payment_method", "7")
    assert error.error.payment_method.id == method
    [failed] = emulator.stripe().charges.list({"payment_intent": intent.id}).data
    assert (failed.status, failed.failure_code, failed.id) == ("failed", "authentication_required", error.error.charge)
    assert kinds(emulator)[-3:] == ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"]


@pytest.mark.parametrize(
    ("card", "reason"), [("4000000000000341", "generic_decline"), ("4000008260003178", "insufficient_funds")]
)
def test_a_card_that_could_be_saved_may_still_be_declined(emulator, customer, card, reason):
    error = refused(emulator, customer, saved(emulator, customer, card))
    assert (error.code, error.error.decline_code) == ("card_declined", reason)


def test_a_saved_card_expires_with_the_clock(emulator, customer):
    session = setup_page(emulator, customer)
    emulator.enter(session, expiry="03/27")
    [method] = methods_of(emulator, customer)
    assert charge(emulator, customer, method).status == "succeeded"
    emulator.clock.advance(days=31)
    assert refused(emulator, customer, method).code == "expired_card"


def test_a_decline_is_remembered_by_its_key(emulator, customer):
    method = saved(emulator, customer, "4000000000000341")
    params = {"amount": 2500, "currency": "usd", "customer": customer, "payment_method": method, **AWAY}
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            emulator.stripe().payment_intents.create(params, {"idempotency_key": "recharge:1"})
    assert len(emulator.stripe().charges.list().data) == 1


def test_a_refused_intent_can_be_confirmed_with_its_owner_at_the_bank(emulator, customer):
    method = saved(emulator, customer, "4000002760003184")
    intent = refused(emulator, customer, method).error.payment_intent
    back = {"payment_method": method, "return_url": "http://shop.test/paid?a=1"}
    asked = emulator.stripe().payment_intents.confirm(intent.id, back)
    assert asked.status == "requires_action"
    question = asked.next_action.redirect_to_url.url
    page = emulator.web.get(question)
    assert "$25.00" in page.text
    assert "form-action 'self' http://shop.test" in page.headers["Content-Security-Policy"]
    action = re.search(r'action="([^"]+)"', page.text)[1]
    answer = emulator.web.post(httpx.URL(question).join(action), data={"answer": "approve"})
    assert answer.headers["Location"].startswith(f"http://shop.test/paid?a=1&payment_intent={intent.id}&")
    assert answer.headers["Location"].endswith("redirect_status=succeeded")
    assert emulator.stripe().payment_intents.retrieve(intent.id).status == "succeeded"
    again = emulator.web.post(question, data={"answer": "approve"})
    assert (again.status_code, again.headers["Location"]) == (303, httpx.URL(question).path)
    assert len(emulator.stripe().charges.list({"payment_intent": intent.id}).data) == 2


def test_the_bank_without_a_way_back_says_what_it_heard(emulator, customer):
    method = saved(emulator, customer, "4000002760003184")
    params = {"amount": 2500, "currency": "usd", "customer": customer, "payment_method": method, "confirm": True}
    asked = emulator.stripe().payment_intents.create(params)
    question = asked.next_action.redirect_to_url.url
    assert emulator.web.post(question, data={"answer": "fail"}).headers["Location"] == httpx.URL(question).path
    assert "Not approved" in emulator.web.get(question).text
    assert emulator.stripe().payment_intents.retrieve(asked.id).status == "requires_payment_method"
    assert emulator.web.get(f"{emulator.url}/bank/pi_unknown").status_code == 404


def test_a_program_can_ask_not_to_be_left_waiting_for_the_owner(emulator, customer):
    method = saved(emulator, customer, "4000002500003155")
    error = refused(emulator, customer, method, off_session=False)
    assert error.code == "authentication_required"
    assert error.error.payment_intent.status == "requires_payment_method"
    assert emulator.stripe().charges.list().data == []


def test_a_payment_on_the_page_can_save_its_card(emulator, customer):
    future = {"setup_future_usage": "off_session"}
    intent = emulator.paid(customer=customer, payment_intent_data=future).payment_intent
    assert methods_of(emulator, customer) == [intent.payment_method]
    assert charge(emulator, customer, intent.payment_method).status == "succeeded"
    emulator.paid(customer=customer)
    assert len(methods_of(emulator, customer)) == 1


def test_a_page_that_saves_a_card_makes_a_customer_when_there_is_none(emulator):
    future = {"setup_future_usage": "off_session"}
    session = emulator.paid(payment_intent_data=future, customer_email="ana@example.org")
    assert emulator.stripe().customers.retrieve(session.customer).email == "ana@example.org"
    assert methods_of(emulator, session.customer) == [session.payment_intent.payment_method]
    assert emulator.paid().customer is None


def test_a_card_of_somebody_else_or_one_used_before_is_not_charged(emulator, customer):
    other = emulator.stripe().customers.create({}).id
    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment method"):
        charge(emulator, other, saved(emulator, customer))
    once = emulator.paid().payment_intent.payment_method
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        charge(emulator, customer, once)
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        emulator.stripe().payment_methods.attach(once, {"customer": customer})
    assert len(emulator.stripe().payment_intents.list().data) == 1


def test_a_forgotten_card_is_gone_for_good(emulator, customer):
    method = saved(emulator, customer)
    client = emulator.stripe()
    assert client.payment_methods.detach(method).customer is None
    assert methods_of(emulator, customer) == []
    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        charge(emulator, customer, method)
    with pytest.raises(stripe.InvalidRequestError, match="not attached"):
        client.payment_methods.detach(method)
    [event] = client.events.list({"type": "payment_method.detached"}).data
    assert event.data.previous_attributes.to_dict() == {"customer": customer}


def test_an_attached_card_whose_owner_was_never_asked_is_refused_while_they_are_away(emulator, customer):
    client = emulator.stripe()
    attached = client.payment_methods.attach("pm_card_authenticationRequiredOnSetup", {"customer": customer})
    assert refused(emulator, customer, attached.id).code == "authentication_required"
    setup = client.setup_intents.create({"customer": customer, "payment_method": attached.id, "confirm": True})
    assert setup.status == "requires_action"
    emulator.web.post(setup.next_action.redirect_to_url.url, data={"answer": "approve"})
    assert client.setup_intents.retrieve(setup.id).status == "succeeded"
    assert charge(emulator, customer, attached.id).status == "succeeded"


@pytest.mark.parametrize("token", TOKENS)
def test_each_test_card_can_be_named_without_its_number(emulator, customer, token):
    client, card = emulator.stripe(), TOKENS[token]
    if card.decline and not card.can_be_saved:
        with pytest.raises(stripe.CardError) as refusal:
            client.payment_methods.attach(token, {"customer": customer})
        assert refusal.value.code == card.decline.code
        assert methods_of(emulator, customer) == []
    else:
        assert client.payment_methods.attach(token, {"customer": customer}).card.last4 == card.number[-4:]
    assert len(TOKENS) == len(CARDS)


def test_saved_cards_are_found_by_customer_and_only_there(emulator, customer):
    client, other = emulator.stripe(), emulator.stripe().customers.create({}).id
    method = saved(emulator, customer)
    assert [found.id for found in client.payment_methods.list({"customer": customer, "type": "card"}).data] == [method]
    assert client.payment_methods.list({"customer": other}).data == []
    assert client.customers.payment_methods.retrieve(customer, method).id == method
    with pytest.raises(stripe.InvalidRequestError, match="does not have"):
        client.customers.payment_methods.retrieve(other, method)
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        client.payment_methods.attach(method, {"customer": other})


def test_a_customer_can_be_changed_and_found(emulator, customer):
    client, method = emulator.stripe(), saved(emulator, customer)
    client.customers.update(customer, {"metadata": {"org": "7", "old": "x"}, "name": "Ana"})
    settings = {"invoice_settings": {"default_payment_method": method}}
    changed = client.customers.update(customer, {"metadata": {"old": ""}, "address": {"city": "Porto"}, **settings})
    assert (changed.metadata.to_dict(), changed.name, changed.address.city) == ({"org": "7"}, "Ana", "Porto")
    assert changed.invoice_settings.default_payment_method == method
    assert [found.id for found in client.customers.search({"query": "metadata['org']:'7'"}).data] == [customer]
    assert [found.id for found in client.customers.list({"email": "ana@example.org"}).data] == [customer]
    assert client.customers.list({"email": "olga@example.org"}).data == []
    with pytest.raises(stripe.InvalidRequestError, match="does not have"):
        client.customers.update(client.customers.create({}).id, settings)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"off_session": True}, "off_session"),
        ({"return_url": "http://a.test/"}, "return_url"),
        ({"error_on_requires_action": True}, "error_on_requires_action"),
        ({"confirm": "perhaps"}, "confirm"),
        ({"amount": 49}, "amount"),
        ({"amount": 100_000_000}, "amount"),
        ({"customer": "cus_unknown"}, "customer"),
        ({"payment_method": "pm_unknown"}, "payment_method"),
    ],
)
def test_a_wrong_parameter_of_an_intent_is_named(emulator, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        emulator.stripe().payment_intents.create({"amount": 2500, "currency": "usd"} | params)
    assert refusal.value.param == param
    assert emulator.stripe().payment_intents.list().data == []


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"line_items": [{"quantity": 1, "price_data": PRICE}]}, "line_items"),
        ({"payment_intent_data": {"description": "x"}}, "payment_intent_data"),
        ({"currency": ""}, "currency"),
    ],
)
def test_a_setup_session_takes_no_parameters_of_a_payment(emulator, customer, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        setup_page(emulator, customer, **params)
    assert refusal.value.param == param


def test_a_payment_session_takes_no_parameters_of_a_setup(emulator):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        emulator.checkout(setup_intent_data={"description": "x"})
    assert refusal.value.param == "setup_intent_data"


def test_intents_can_be_made_first_and_confirmed_or_canceled_later(emulator, customer):
    client, method = emulator.stripe(), saved(emulator, customer)
    params = {"amount": 2500, "currency": "usd", "customer": customer}
    bare = client.payment_intents.create(params)
    assert bare.status == "requires_payment_method"
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        client.payment_intents.confirm(bare.id)
    ready = client.payment_intents.create({**params, "payment_method": method})
    assert ready.status == "requires_confirmation"
    assert client.payment_intents.confirm(ready.id, {"off_session": True}).status == "succeeded"
    for verb in (client.payment_intents.confirm, client.payment_intents.cancel):
        with pytest.raises(stripe.InvalidRequestError, match="status of succeeded"):
            verb(ready.id)
    gone = client.payment_intents.cancel(bare.id, {"cancellation_reason": "abandoned"})
    assert (gone.status, gone.cancellation_reason) == ("canceled", "abandoned")
    setup = client.setup_intents.create({"customer": customer})
    with pytest.raises(stripe.InvalidRequestError, match="missing a payment method"):
        client.setup_intents.confirm(setup.id)
    assert client.setup_intents.cancel(setup.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="status of canceled"):
        client.setup_intents.confirm(setup.id, {"payment_method": method})


def test_a_refused_setup_through_the_api_shows_its_intent(emulator, customer):
    params = {"customer": customer, "payment_method": "pm_card_visa_chargeDeclined", "confirm": True}
    with pytest.raises(stripe.CardError) as refusal:
        emulator.stripe().setup_intents.create(params)
    assert refusal.value.error.setup_intent.status == "requires_payment_method"
    assert [setup.status for setup in emulator.stripe().setup_intents.list({"customer": customer}).data] == [
        "requires_payment_method"
    ]

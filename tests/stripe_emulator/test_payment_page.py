import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import stripe


def intents(emulator):
    return emulator.stripe().payment_intents.list({"expand": ["data.latest_charge"]}).data


def problem_at(page, field):
    found = re.search(rf'id="{field}-problem">([^<]+)<', page.text)
    return found[1] if found else None


def test_paying_leads_back_to_the_shop_with_the_session(emulator):
    session = emulator.checkout(metadata={"topup": "1"}, payment_intent_data={"metadata": {"topup": "1"}})
    assert session.status, session.payment_status == ("open", "unpaid")
    assert session.payment_intent is None
    answer = emulator.enter(session)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"http://shop.test/done?session={session.id}"
    paid = emulator.stripe().checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent = paid.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata["topup"]) == ("succeeded", 2500, "1")
    assert (intent.latest_charge.paid, intent.latest_charge.amount_captured) == (True, 2500)
    assert intent.latest_charge.metadata["topup"] == "1"


def test_the_form_can_be_driven_without_a_browser(emulator):
    session = emulator.checkout()
    page = emulator.web.get(session.url)
    action = re.search(r'<form[^>]*action="([^"]+)"', page.text)[1]
    target = httpx.URL(session.url).join(action)
    assert target == session.url
    answer = emulator.web.post(target, data={"card_number": "4242424242424242", "expiry": "12/34", "cvc": "123"})
    assert answer.status_code == 303


def test_the_page_shows_the_amount_in_its_currencys_own_form(emulator):
    for amount, currency, shown in [(2500, "usd", "$25.00"), (2500, "jpy", "¥2,500"), (2500, "tnd", "TND2.500")]:
        assert f"<h1>Pay {shown}</h1>" in emulator.web.get(emulator.checkout(amount, currency).url).text


def test_the_page_runs_nothing_and_is_not_kept(emulator):
    session = emulator.checkout()
    for page in (emulator.web.get(session.url), emulator.enter(session, card="")):
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "form-action 'self' http://shop.test" in policy
        assert page.headers["Cache-Control"] == "no-store"
        assert "<script" not in page.text
        assert " style=" not in page.text
    style = re.search(r'<link rel="stylesheet"\s+href="([^"]+)"', page.text)[1]
    assert "prefers-color-scheme: dark" in emulator.web.get(emulator.url + style).text


def test_what_the_shop_says_is_escaped(emulator):
    item = {
        "price_data": {"currency": "usd", "unit_amount": 500, "product_data": {"name": "<script>alert(1)</script>"}}
    }
    page = emulator.web.get(emulator.checkout(line_items=[item | {"quantity": 3}]).url).text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; × 3" in page


@pytest.mark.parametrize(
    ("card", "field", "message", "code", "reason"),
    [
        ("4000000000000002", "card_number", "Your card was declined.", "card_declined", "generic_decline"),
        (
            "4000 0000 0000 9995",
            "card_number",
            "Your card has insufficient funds.",
            "card_declined",
            "insufficient_funds",
        ),
        ("4000000000000069", "expiry", "Your card has expired.", "expired_card", "expired_card"),
        ("4000000000000127", "cvc", "Your card’s security code is incorrect.", "incorrect_cvc", "incorrect_cvc"),
    ],
)
def test_a_refused_card_is_explained_at_its_field_and_another_one_can_pay(emulator, card, field, message, code, reason):
    session = emulator.checkout()
    page = emulator.enter(session, card)
    assert page.status_code == 402
    assert problem_at(page, field) == message
    assert f'value="{card}"' in page.text
    [intent] = intents(emulator)
    error = intent.last_payment_error
    assert (intent.status, error.code, error.decline_code) == ("requires_payment_method", code, reason)
    assert (intent.latest_charge.status, intent.latest_charge.failure_code) == ("failed", code)
    assert emulator.stripe().checkout.sessions.retrieve(session.id).status == "open"
    assert emulator.enter(session).status_code == 303
    [paid] = intents(emulator)
    assert (paid.id, paid.status, paid.last_payment_error) == (intent.id, "succeeded", None)
    assert len(emulator.stripe().charges.list({"payment_intent": intent.id}).data) == 2


@pytest.mark.parametrize(
    ("entry", "field", "message"),
    [
        ({"card": ""}, "card_number", "Enter a card number."),
        ({"card": "4242424242424241"}, "card_number", "Your card number is invalid."),
        ({"card": "4242x"}, "card_number", "Your card number is invalid."),
        ({"card": "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢"}, "card_number", "Your card number is invalid."),
        ({"card": "4111111111111111"}, "card_number", "This page takes test cards only, such as 4242 4242 4242 4242."),
        ({"expiry": ""}, "expiry", "Enter it as MM/YY."),
        ({"expiry": "13/34"}, "expiry", "Your card’s expiration month is invalid."),
        ({"expiry": "02/27"}, "expiry", "Your card’s expiration date is in the past."),
        ({"cvc": "12"}, "cvc", "Your card’s security code is incomplete."),
        ({"card": "378282246310005", "cvc": "123"}, "cvc", "Your card’s security code is incomplete."),
    ],
)
def test_a_wrong_entry_is_explained_before_anything_is_charged(emulator, entry, field, message):
    page = emulator.enter(emulator.checkout(), **entry)
    assert page.status_code == 422
    assert problem_at(page, field) == message
    assert f'aria-describedby="{field}-problem"' in page.text
    assert page.text.count("autofocus") == 1
    assert intents(emulator) == []


@pytest.mark.parametrize("expiry", ["03/27", "3/27", "12 / 34", "12/2034", "1234"])
def test_the_month_of_expiry_still_counts_and_may_be_written_in_several_ways(emulator, expiry):
    assert emulator.enter(emulator.checkout(), expiry=expiry).status_code == 303


def test_a_card_expires_with_the_clock(emulator):
    emulator.clock.advance(days=31)
    assert problem_at(emulator.enter(emulator.checkout(), expiry="03/27"), "expiry")


def test_card_numbers_are_never_stored(emulator):
    emulator.paid("5555555555554444")
    page = emulator.enter(emulator.checkout(), card="4111 1111 1111 1111")
    assert "4111" not in page.text
    with emulator.world.store.transaction() as rows:
        kept = "".join(row["body"] for row in rows.rows("SELECT body FROM objects UNION SELECT body FROM answers"))
    assert "4444" in kept
    assert "5555555555554444" not in kept
    assert "4111111111111111" not in kept


def test_the_same_card_has_the_same_fingerprint(emulator):
    def fingerprint(card):
        return emulator.paid(card).payment_intent.latest_charge.payment_method_details.card.fingerprint

    assert fingerprint("4242424242424242") == fingerprint("4242424242424242") != fingerprint("5555555555554444")


def test_a_second_post_does_not_charge_again(emulator):
    session = emulator.checkout()
    first, second = emulator.enter(session), emulator.enter(session)
    assert (second.status_code, second.headers["Location"]) == (303, first.headers["Location"])
    assert len(emulator.stripe().charges.list().data) == 1
    page = emulator.web.get(session.url)
    assert page.status_code == 200
    assert "$25.00 is paid" in page.text
    assert first.headers["Location"] in page.text


def test_ten_posts_at_once_charge_once(emulator):
    session = emulator.checkout()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: emulator.enter(session), range(10)))
    assert {answer.status_code for answer in answers} == {303}
    assert len(emulator.stripe().charges.list().data) == 1
    assert len(emulator.stripe().events.list({"type": "checkout.session.completed"}).data) == 1


@pytest.mark.parametrize("card", ["4000002760003184", "4000002500003155"])
def test_the_banks_question_approved_pays(emulator, card):
    session = emulator.checkout()
    answer = emulator.enter(session, card)
    assert answer.status_code == 303
    [intent] = intents(emulator)
    assert (intent.status, intent.latest_charge) == ("requires_action", None)
    question = intent.next_action.redirect_to_url.url
    assert httpx.URL(session.url).join(answer.headers["Location"]) == question
    assert f"ending in {card[-4:]}" in emulator.web.get(question).text
    done = emulator.web.post(question, data={"answer": "approve"})
    assert done.headers["Location"] == f"http://shop.test/done?session={session.id}"
    [paid] = intents(emulator)
    assert (paid.status, paid.next_action) == ("succeeded", None)
    assert paid.latest_charge.payment_method_details.card.three_d_secure.result == "authenticated"
    assert emulator.web.post(question, data={"answer": "approve"}).status_code == 303
    assert len(emulator.stripe().charges.list().data) == 1


def test_the_banks_question_failed_charges_nothing(emulator):
    session = emulator.checkout()
    emulator.enter(session, "4000002760003184")
    page = emulator.web.post(f"{session.url}/bank", data={"answer": "fail"})
    assert page.status_code == 402
    assert "unable to authenticate" in problem_at(page, "card_number")
    [intent] = intents(emulator)
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert emulator.stripe().charges.list().data == []
    assert "unable to authenticate" in problem_at(emulator.web.get(session.url), "card_number")
    assert emulator.enter(session).status_code == 303


def test_a_shop_can_ask_for_the_question_where_the_card_allows_it(emulator):
    asked = {"payment_method_options": {"card": {"request_three_d_secure": "any"}}}
    assert emulator.enter(emulator.checkout(), "4000000000003055").headers["Location"].startswith("http://shop.test")
    assert emulator.enter(emulator.checkout(**asked), "4000000000003055").headers["Location"].endswith("/bank")
    assert emulator.enter(emulator.checkout(**asked)).headers["Location"].startswith("http://shop.test")


def test_an_expired_session_takes_no_money(emulator):
    late, closed = emulator.checkout(), emulator.checkout()
    emulator.enter(closed, "4000000000000002")
    client = emulator.stripe()
    assert client.checkout.sessions.expire(closed.id).status == "expired"
    assert client.payment_intents.list().data[0].status == "canceled"
    emulator.clock.advance(days=1)
    for session in (late, closed):
        page = emulator.enter(session)
        assert page.status_code == 410
        assert 'href="http://shop.test/wallet"' in page.text
        assert emulator.web.get(session.url).status_code == 410
        assert client.checkout.sessions.retrieve(session.id).status == "expired"
    assert [charge.status for charge in client.charges.list().data] == ["failed"]
    assert len(client.events.list({"type": "checkout.session.expired"}).data) == 2


def test_a_paid_session_cannot_expire(emulator):
    session = emulator.paid()
    with pytest.raises(stripe.InvalidRequestError, match="complete"):
        emulator.stripe().checkout.sessions.expire(session.id)
    emulator.clock.advance(days=2)
    assert emulator.stripe().checkout.sessions.retrieve(session.id).status == "complete"


def test_an_unknown_session_has_no_page(emulator):
    customer = emulator.stripe().customers.create({})
    for unknown in ("cs_test_unknown", customer.id):
        assert emulator.web.get(f"{emulator.url}/c/pay/{unknown}").status_code == 404
        assert emulator.web.post(f"{emulator.url}/c/pay/{unknown}/bank").status_code == 404


def test_the_cancel_link_leads_back(emulator):
    assert '<a href="http://shop.test/wallet">Cancel' in emulator.web.get(emulator.checkout().url).text

import pytest
import stripe

from marketplace.stripe_emulator import create_world


def test_a_customer_is_kept_as_it_was_given(emulator):
    client = emulator.stripe()
    made = client.customers.create(
        {"email": "olga@example.org", "name": "Olga", "metadata": {"org_id": "7"}, "address": {"country": "PL"}}
    )
    found = client.customers.retrieve(made.id)
    assert found.to_dict() == made.to_dict()
    assert (found.email, found.name, found.metadata["org_id"], found.address.country) == (
        "olga@example.org",
        "Olga",
        "7",
        "PL",
    )
    assert found.created == int(emulator.clock.now().timestamp())


def test_a_wrong_key_is_refused_and_not_repeated_in_full(emulator):
    with pytest.raises(stripe.AuthenticationError) as refusal:
        emulator.stripe(key="sk_test_somebody_elses_key_1234").balance.retrieve()
    assert refusal.value.http_status == 401
    assert "somebody" not in refusal.value.user_message


def test_no_key_is_refused(emulator):
    answer = emulator.web.get(f"{emulator.url}/v1/balance")
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_the_key_may_come_by_basic_authentication(emulator):
    assert emulator.web.get(f"{emulator.url}/v1/balance", auth=("sk_test_emulator", "")).status_code == 200
    assert emulator.web.get(f"{emulator.url}/v1/balance", headers={"Authorization": "Basic %%%"}).status_code == 401


def test_an_unknown_object_is_404_in_the_address_and_400_in_a_parameter(emulator):
    with pytest.raises(stripe.InvalidRequestError) as missing:
        emulator.stripe().payment_intents.retrieve("pi_missing")
    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError) as named:
        emulator.checkout(customer="cus_missing")
    assert (named.value.http_status, named.value.code, named.value.param) == (400, "resource_missing", "customer")


def test_an_id_of_another_kind_is_unknown(emulator):
    customer = emulator.stripe().customers.create({})
    with pytest.raises(stripe.InvalidRequestError, match="No such charge"):
        emulator.stripe().charges.retrieve(customer.id)


def test_an_unknown_address_answers_in_stripes_form(emulator):
    answer = emulator.raw("GET", "/v1/nothing")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Unrecognized request URL (GET: /v1/nothing)."


def test_a_request_beyond_a_mebibyte_is_refused(emulator):
    answer = emulator.raw("POST", "/v1/customers", data={"description": "x" * 2**20})
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, "The request is too large.")


def price(**more):
    return {"price_data": {"currency": "usd", "unit_amount": 1000, "product_data": {"name": "x"}} | more}


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"success_url": "not an address"}, "success_url"),
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"success_url": "http://a.test;script-src/x"}, "success_url"),
        ({"mode": "subscription"}, "mode"),
        ({"surprise": "1"}, "surprise"),
        ({"line_items": [price(currency="zzz")]}, "line_items[0][price_data][currency]"),
        ({"line_items": [price(unit_amount=-5)]}, "line_items[0][price_data][unit_amount]"),
        ({"line_items": [price(unit_amount="12.5")]}, "line_items[0][price_data][unit_amount]"),
        ({"line_items": [price(product_data={})]}, "line_items[0][price_data][product_data]"),
        ({"line_items": [price(unit_amount=49)]}, "line_items"),
        ({"line_items": [price(unit_amount=99_999_999) | {"quantity": 2}]}, "line_items"),
        ({"line_items": [price(), price(currency="eur")]}, "line_items"),
        ({"metadata": {"k": "v" * 501}}, "metadata[k]"),
        ({"expand": ["amount_total"]}, "expand"),
    ],
)
def test_a_wrong_parameter_is_named(emulator, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        emulator.checkout(**params)
    assert refusal.value.param == param
    assert not emulator.stripe().checkout.sessions.list().data


def test_a_missing_parameter_is_named(emulator):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        emulator.stripe().checkout.sessions.create({"mode": "payment", "success_url": "http://a.test/"})
    assert (refusal.value.code, refusal.value.param) == ("parameter_missing", "line_items")


def test_a_session_may_last_between_half_an_hour_and_a_day(emulator):
    now = int(emulator.clock.now().timestamp())
    assert emulator.checkout(expires_at=now + 1800).expires_at == now + 1800
    for wrong in (now + 1799, now + 86_401):
        with pytest.raises(stripe.InvalidRequestError, match="30 minutes and 24 hours"):
            emulator.checkout(expires_at=wrong)


def test_lists_page_through_everything_newest_first(emulator):
    client = emulator.stripe()
    made = [emulator.checkout(metadata={"n": str(n)}).id for n in range(7)]
    walked = [session.id for session in client.checkout.sessions.list({"limit": 3}).auto_paging_iter()]
    assert walked == made[::-1]
    back = client.checkout.sessions.list({"limit": 2, "ending_before": made[2]})
    assert [session.id for session in back.data] == [made[4], made[3]]
    assert back.has_more


def test_lists_filter_by_time_and_field(emulator):
    client = emulator.stripe()
    customer = client.customers.create({})
    emulator.checkout()
    emulator.clock.advance(hours=1)
    theirs = emulator.checkout(customer=customer.id)
    assert [s.id for s in client.checkout.sessions.list({"customer": customer.id}).data] == [theirs.id]
    assert [s.id for s in client.checkout.sessions.list({"created": {"gte": theirs.created}}).data] == [theirs.id]
    assert len(client.checkout.sessions.list({"status": "open"}).data) == 2
    assert client.checkout.sessions.list({"status": "complete"}).data == []


def test_an_intent_is_found_by_its_metadata(emulator):
    wanted = emulator.paid(payment_intent_data={"metadata": {"topup_id": "t'1", "kind": "card"}}).payment_intent
    emulator.paid(payment_intent_data={"metadata": {"topup_id": "t2", "kind": "card"}})
    search = emulator.stripe().payment_intents.search
    found = search({"query": r"metadata['topup_id']:'t\'1' AND status:'succeeded'"})
    assert [intent.id for intent in found.data] == [wanted.id]
    assert len(search({"query": "metadata['kind']:'card' amount>=2500 -currency:'eur'"}).data) == 2
    assert search({"query": "metadata['kind']:null OR status:\"canceled\""}).data == []
    assert len(search({"query": "metadata['kind']:'card'", "limit": 1}).data) == 1
    assert len(list(search({"query": "metadata['kind']:'card'", "limit": 1}).auto_paging_iter())) == 2


@pytest.mark.parametrize("query", ["topup", "shoe_size:'9'", "metadata:'x'", "status:'a' AND amount>1 OR amount<9"])
def test_an_unreadable_search_is_refused(emulator, query):
    with pytest.raises(stripe.InvalidRequestError):
        emulator.stripe().payment_intents.search({"query": query})


def test_search_can_lag_behind(start):
    with start(search=60) as emulator:
        emulator.paid(payment_intent_data={"metadata": {"a": "b"}})
        search = emulator.stripe().payment_intents.search
        assert search({"query": "metadata['a']:'b'"}).data == []
        emulator.clock.advance(seconds=60)
        assert len(search({"query": "metadata['a']:'b'"}).data) == 1


def test_expansion_goes_through_several_objects_and_lists(emulator):
    customer = emulator.stripe().customers.create({"name": "Ana"})
    emulator.paid(customer=customer.id)
    emulator.settle()
    wanted = ["data.payment_intent.latest_charge.balance_transaction", "data.customer", "data.line_items"]
    session = emulator.stripe().checkout.sessions.list({"expand": wanted[1:]}).data[0]
    assert session.customer.name == "Ana"
    assert session.line_items.data[0].description == "Wallet top-up"
    with pytest.raises(stripe.InvalidRequestError, match="more than 4 levels"):
        emulator.stripe().checkout.sessions.list({"expand": [f"{wanted[0]}.source"]})
    charge = emulator.stripe().checkout.sessions.list({"expand": wanted[:1]}).data[0].payment_intent.latest_charge
    assert charge.balance_transaction.net == 2500 - 103


def test_the_answer_says_which_request_it_was(emulator):
    answer = emulator.raw("GET", "/v1/balance")
    assert answer.headers["Request-Id"].startswith("req_")
    assert answer.headers["Stripe-Version"] == stripe.api_version == "2026-10-28.endive"


def test_secrets_are_required_and_a_live_key_is_not_taken(tmp_path, clock):
    rest = {"webhook_url": "http://a.test/", "now": clock.now, "public_url": "http://b.test"}
    for key, secret in [("", "whsec_x"), ("sk_test_x", " "), ("sk_live_x", "whsec_x")]:
        with pytest.raises(ValueError, match="emulator"):
            create_world(tmp_path / "s.db", secret_key=key, webhook_secret=secret, **rest)

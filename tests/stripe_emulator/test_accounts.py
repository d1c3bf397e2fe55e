"""Connected accounts: made by a program, told on a page, checked a moment later."""

import json
import re

import httpx
import pytest
import stripe

from marketplace.stripe_emulator import RequestFault
from marketplace.stripe_emulator.banks import BANKS
from marketplace.stripe_emulator.protocol.errors import InvalidParameter
from marketplace.stripe_emulator.protocol.form import parse_json

ALL = ["configuration.recipient", "identity", "defaults", "requirements"]
TRANSFERS = "stripe_balance.stripe_transfers"
CAPABILITY = "v2.core.account[configuration.recipient].capability_status_updated"


def account(emulator, account_id):
    return emulator.core.accounts.retrieve(account_id, {"include": ALL})


def standing(emulator, account_id, capability="stripe_transfers"):
    """Status and reasons of the capability, and what is missing and from whom."""
    found = account(emulator, account_id)
    status = found.configuration.recipient.capabilities.stripe_balance[capability]
    wanted = [(entry.awaiting_action_from, entry.description) for entry in found.requirements.entries]
    return status.status, [detail.code for detail in status.status_details], wanted


def told(emulator):
    return [event.type for event in reversed(emulator.core.events.list({"limit": 100}).data)]


def test_a_recipient_is_kept_as_it_was_given(emulator):
    made = emulator.recipient(metadata={"org": "7"}, identity={"country": "pt", "entity_type": "company"})
    found = account(emulator, made.id)
    assert (found.display_name, found.contact_email, found.dashboard) == ("Lisboa Leads", "ana@example.org", "express")
    assert (found.metadata["org"], found.identity.country, found.closed) == ("7", "pt", False)
    assert found.applied_configurations == ["recipient"]
    owed = found.defaults.responsibilities
    assert (owed.fees_collector, owed.losses_collector, owed.requirements_collector) == (
        "application",
        "application",
        "stripe",
    )
    assert found.created == "2027-03-01T12:00:00.000Z"


def test_parts_of_an_account_are_only_shown_on_demand(emulator):
    made = emulator.recipient()
    assert (made.configuration, made.identity, made.requirements, made.defaults) == (None, None, None, None)
    one = emulator.core.accounts.retrieve(made.id, {"include": ["identity"]})
    assert one.identity is not None
    assert one.configuration is None


def test_a_new_recipient_cannot_be_paid_and_says_what_is_missing(emulator):
    made = emulator.recipient(identity={"country": "pt"})
    assert standing(emulator, made.id) == (
        "restricted",
        ["requirements_past_due"],
        [
            ("user", "identity.entity_type"),
            ("user", "identity.business_details.registered_name"),
            ("user", "identity.attestations.terms_of_service.account"),
            ("user", "external_account"),
        ],
    )
    assert account(emulator, made.id).requirements.summary.minimum_deadline.status == "past_due"


def test_an_account_without_the_capability_needs_nothing_and_has_none(emulator):
    bare = emulator.core.accounts.create({"display_name": "Bare"})
    found = account(emulator, bare.id)
    assert (found.configuration.recipient, found.requirements.entries) == (None, [])
    asking = {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
    emulator.core.accounts.update(bare.id, {"configuration": {"recipient": asking}})
    assert standing(emulator, bare.id)[0] == "restricted"


def test_telling_on_the_page_leads_to_a_check_and_then_to_transfers(emulator):
    made = emulator.recipient()
    answer = emulator.tell(emulator.link(made.id))
    assert (answer.status_code, answer.headers["Location"]) == (303, "http://shop.test/back")
    assert standing(emulator, made.id) == (
        "pending",
        ["requirements_pending_verification"],
        [("stripe", "identity.business_details.registered_name")],
    )
    emulator.clock.advance(seconds=4)
    assert standing(emulator, made.id)[0] == "pending"
    emulator.clock.advance(seconds=1)
    assert standing(emulator, made.id) == ("active", [], [])
    assert standing(emulator, made.id, "payouts") == ("active", [], [])
    found = account(emulator, made.id)
    assert (found.identity.business_details.registered_name, found.identity.country) == ("Lisboa Leads Lda", "pt")


def test_a_person_tells_given_name_and_surname(emulator):
    made = emulator.recipient()
    page = emulator.tell(emulator.link(made.id), entity_type="individual", name="Ana")
    assert (page.status_code, "Enter given name and surname." in page.text) == (422, True)
    emulator.tell(emulator.link(made.id), entity_type="individual", name="Ana Maria Reis")
    person = account(emulator, made.id).identity.individual
    assert (person.given_name, person.surname) == ("Ana Maria", "Reis")


def test_the_form_can_be_driven_without_a_browser(emulator):
    link = emulator.link(emulator.recipient().id)
    page = emulator.web.get(link.url)
    assert "form-action 'self' http://shop.test" in page.headers["Content-Security-Policy"]
    assert '<a href="http://shop.test/back">Finish later' in page.text
    action = re.search(r'<form[^>]*action="([^"]+)"', page.text)[1]
    assert httpx.URL(link.url).join(action) == link.url
    assert set(re.findall(r'name="([a-z_]+)"', page.text)) >= {"entity_type", "name", "country", "bank", "terms"}


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("entity_type", "ship", "Choose what you are."),
        ("name", " ", "Enter the name."),
        ("name", "x" * 201, "The name is too long."),
        ("country", "zz", "Choose a country."),
        ("bank", "", "This page takes test accounts only"),
        ("bank", "PT50 0002 0123 1234 5678 9015 5", "This page takes test accounts only"),
        ("terms", "", "Agree to the terms to be paid."),
    ],
)
def test_a_wrong_entry_is_explained_at_its_field_and_nothing_is_lost(emulator, field, value, sentence):
    made = emulator.recipient()
    link = emulator.link(made.id)
    page = emulator.tell(link, **{field: value})
    assert page.status_code == 422
    assert sentence in re.search(rf'id="{field}-problem">([^<]+)<', page.text)[1]
    assert page.text.count("autofocus") == 1
    if field != "name":
        assert 'value="Lisboa Leads Lda"' in page.text
    assert standing(emulator, made.id)[0] == "restricted"
    assert emulator.tell(link).status_code == 303


def test_bank_numbers_are_never_stored_and_unknown_ones_never_shown(emulator):
    link = emulator.link(emulator.recipient().id)
    assert "0155" not in emulator.tell(link, bank="PT50000201231234567890155").text
    emulator.tell(link, bank="DE89 3704 0044 0532 0130 00")
    with emulator.world.store.transaction() as rows:
        kept = "".join(row["body"] for row in rows.rows("SELECT body FROM objects UNION SELECT body FROM answers"))
    assert "3000" in kept
    assert "0532013000" not in kept


def test_a_link_is_opened_in_ten_minutes_and_used_once(emulator):
    made = emulator.recipient()
    late, used = emulator.link(made.id), emulator.link(made.id)
    assert emulator.web.get(used.url).status_code == 200
    emulator.clock.advance(minutes=10)
    assert emulator.web.get(late.url).headers["Location"] == "http://shop.test/again"
    assert emulator.tell(late).headers["Location"] == "http://shop.test/again"
    assert standing(emulator, made.id)[0] == "restricted"
    assert emulator.tell(used).headers["Location"] == "http://shop.test/back"
    assert emulator.tell(used).headers["Location"] == "http://shop.test/again"
    assert emulator.web.get(f"{emulator.url}/connect/unknown").status_code == 404


def test_a_link_without_a_way_back_says_thank_you(emulator):
    use = {"type": "account_onboarding", "account_onboarding": {"refresh_url": "http://shop.test/again"}}
    link = emulator.core.account_links.create({"account": emulator.recipient().id, "use_case": use})
    answer = emulator.tell(link)
    assert "being checked" in emulator.web.get(httpx.URL(link.url).join(answer.headers["Location"])).text


def test_a_bank_account_of_somebody_else_is_found_out_and_can_be_replaced(emulator):
    made = emulator.onboarded(bank="000999999991")
    assert standing(emulator, made) == ("restricted", ["requirements_past_due"], [("user", "external_account")])
    [entry] = account(emulator, made).requirements.entries
    assert entry.errors[0].code == "verification_failed_keyed_match"
    [bank] = emulator.stripe().accounts.external_accounts.list(made).data
    assert bank.status == "verification_failed"
    emulator.tell(emulator.link(made, "account_update"))
    assert standing(emulator, made)[0] == "pending"
    emulator.clock.advance(seconds=5)
    assert standing(emulator, made)[0] == "active"


def test_a_good_account_stays_good_while_its_new_bank_is_checked(emulator):
    made = emulator.onboarded()
    emulator.tell(emulator.link(made, "account_update"), bank="000123412345")
    assert standing(emulator, made)[0] == "active"
    emulator.tell(emulator.link(made, "account_update"), bank="000999999991")
    assert standing(emulator, made)[0] == "active"
    emulator.clock.advance(seconds=5)
    assert standing(emulator, made)[0] == "restricted"


def test_the_bank_account_is_seen_by_its_fingerprint(emulator):
    first, second = emulator.onboarded("000123412345"), emulator.onboarded("000123412346")
    same = emulator.onboarded("0001 2341 2345")
    banks = {made: emulator.stripe().accounts.external_accounts.list(made).data for made in (first, second, same)}
    [bank] = banks[first]
    assert (bank.last4, bank.country, bank.account, bank.account_holder_name) == (
        "2345",
        "US",
        first,
        "Lisboa Leads Lda",
    )
    assert bank.fingerprint == banks[same][0].fingerprint != banks[second][0].fingerprint
    emulator.tell(emulator.link(first, "account_update"), bank="000123412346")
    [swapped] = emulator.stripe().accounts.external_accounts.list(first).data
    assert (swapped.id != bank.id, swapped.fingerprint) == (True, banks[second][0].fingerprint)
    assert emulator.stripe().accounts.external_accounts.retrieve(first, bank.id).last4 == "2345"
    with pytest.raises(stripe.InvalidRequestError):
        emulator.stripe().accounts.external_accounts.retrieve(second, bank.id)
    with pytest.raises(stripe.InvalidRequestError):
        emulator.stripe().accounts.external_accounts.list("acct_unknown")


def test_test_banks_have_valid_numbers():
    for number in BANKS:
        if number[:2].isalpha():
            digits = "".join(str(int(sign, 36)) for sign in number[4:] + number[:4])
            assert int(digits) % 97 == 1, number
        else:
            assert re.fullmatch("[0-9]{12}", number)


def test_what_happens_to_an_account_is_told_by_thin_signed_events(emulator, receiver):
    made = emulator.recipient(options={"idempotency_key": "account:7"})
    emulator.tell(emulator.link(made.id))
    emulator.clock.advance(seconds=5)
    emulator.sender.drain()
    posts = [post for post in receiver.posts if json.loads(post[0])["object"] == "v2.core.event"]
    thin = [emulator.client().parse_event_notification(*post, "whsec_emulator") for post in posts]
    assert [notification.type for notification in thin] == told(emulator)
    assert thin[0].type == "v2.core.account.created"
    assert thin[0].reason.request.idempotency_key == "account:7"
    status = [notification for notification in thin if notification.type == CAPABILITY]
    assert len(status) == 4
    assert status[0].reason is None
    event = status[-1].fetch_event()
    assert (event.type, event.data.updated_capability) == (CAPABILITY, "stripe_balance.payouts")
    assert status[0].fetch_event().data.updated_capability == TRANSFERS
    assert status[0].related_object.id == made.id
    assert status[0].fetch_related_object().display_name == "Lisboa Leads"
    returned = next(event for event in thin if event.type == "v2.core.account_link.returned").fetch_event()
    assert (returned.data.account_id, returned.data.use_case) == (made.id, "account_onboarding")
    assert b"updated_capability" not in b"".join(payload for payload, _ in posts)


def test_a_thin_event_with_a_changed_body_or_another_secret_is_found_out(emulator, receiver):
    emulator.recipient()
    emulator.sender.drain()
    payload, header = receiver.posts[0]
    for wrong in [(payload + b" ", header, "whsec_emulator"), (payload, header, "whsec_other")]:
        with pytest.raises(stripe.SignatureVerificationError):
            emulator.client().parse_event_notification(*wrong)


def test_a_change_of_bank_is_told_for_the_account(emulator):
    made = emulator.onboarded()
    emulator.tell(emulator.link(made, "account_update"), bank="000123412345")
    theirs = emulator.stripe().events.list({}, {"stripe_account": made}).data
    assert [(event.type, event.account) for event in reversed(theirs)] == [
        ("account.external_account.created", made),
        ("account.external_account.deleted", made),
        ("account.external_account.created", made),
    ]
    assert emulator.stripe().events.list().data == []


def test_events_are_listed_for_one_account_and_kind(emulator):
    first, second = emulator.recipient().id, emulator.onboarded()
    events = emulator.core.events
    assert [event.related_object.id for event in events.list({"object_id": first}).data] == [first]
    assert len(events.list({"object_id": second, "types": [CAPABILITY]}).data) == 4
    walked = list(events.list({"object_id": second, "types": [CAPABILITY], "limit": 3}).auto_paging_iter())
    assert len({event.id for event in walked}) == 4
    with pytest.raises(stripe.InvalidRequestError):
        events.retrieve("evt_unknown")


def test_accounts_are_walked_through_newest_first(emulator):
    made = [emulator.recipient(metadata={"n": str(n)}).id for n in range(5)]
    walked = [found.id for found in emulator.core.accounts.list({"limit": 2}).auto_paging_iter()]
    assert walked == made[::-1]
    assert emulator.core.accounts.list({"applied_configurations": ["merchant"]}).data == []
    assert emulator.core.accounts.list({"closed": True}).data == []


def test_an_account_can_be_changed(emulator):
    made = emulator.recipient(metadata={"org": "7", "old": "x"})
    changed = emulator.core.accounts.update(
        made.id,
        {"display_name": "New", "metadata": {"old": None}, "defaults": {"currency": "eur"}, "include": ["defaults"]},
    )
    assert (changed.display_name, changed.metadata.to_dict(), changed.defaults.currency) == ("New", {"org": "7"}, "eur")
    assert changed.defaults.responsibilities.losses_collector == "application"
    emulator.core.accounts.update(made.id, {"contact_email": "new@example.org"})
    assert told(emulator)[-2:] == ["v2.core.account[defaults].updated", "v2.core.account.updated"]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"surprise": 1}, "surprise"),
        ({"dashboard": "express", "defaults": {}}, "defaults.responsibilities"),
        ({"identity": {"country": "PT"}}, "identity[country]"),
        ({"identity": {"country": 7}}, "identity[country]"),
        ({"configuration": {"recipient": {"capabilities": {"cards": {"requested": True}}}}}, None),
        ({"include": ["everything"]}, "include[0]"),
    ],
)
def test_a_wrong_parameter_is_named(emulator, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        emulator.core.accounts.create(params)
    assert param in {None, refusal.value.param}
    assert emulator.core.accounts.list().data == []


def test_a_link_for_nobody_or_without_its_use_is_refused(emulator):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        emulator.link("acct_unknown")
    assert (refusal.value.code, refusal.value.param) == ("not_found", "account")
    with pytest.raises(stripe.InvalidRequestError, match="must be given"):
        emulator.core.account_links.create(
            {"account": emulator.recipient().id, "use_case": {"type": "account_onboarding"}}
        )


@pytest.mark.parametrize("body", ["[]", "{", '{"a": NaN}', "[" * 5000, '{"a":' * 30 + "1" + "}" * 30, b"\xff"])
def test_json_that_makes_no_parameters_is_refused(body):
    with pytest.raises(InvalidParameter):
        parse_json(body if isinstance(body, bytes) else body.encode())


def test_an_unknown_account_is_404_and_no_access_is_403(emulator):
    with pytest.raises(stripe.InvalidRequestError) as missing:
        emulator.core.accounts.retrieve("acct_unknown")
    assert (missing.value.http_status, missing.value.code) == (404, "not_found")
    with pytest.raises(stripe.PermissionError):
        emulator.stripe().balance.retrieve({}, {"stripe_account": "acct_unknown"})
    with pytest.raises(stripe.PermissionError):
        emulator.stripe().balance.retrieve({}, {"stripe_account": emulator.stripe().customers.create({}).id})


def test_what_belongs_to_another_account_does_not_exist(emulator):
    customer, account_id = emulator.stripe().customers.create({}).id, emulator.recipient().id
    with pytest.raises(stripe.InvalidRequestError):
        emulator.stripe().customers.retrieve(customer, {}, {"stripe_account": account_id})
    theirs = emulator.stripe().customers.create({}, {"stripe_account": account_id}).id
    with pytest.raises(stripe.InvalidRequestError):
        emulator.stripe().customers.retrieve(theirs)
    assert [found.id for found in emulator.stripe().customers.list().data] == [customer]


def test_v2_shows_a_repeated_request_the_present_state_and_does_nothing_again(emulator):
    made = emulator.recipient(options={"idempotency_key": "account:7"})
    emulator.core.accounts.update(made.id, {"display_name": "Changed"})
    emulator.clock.advance(days=29)
    again = emulator.recipient(options={"idempotency_key": "account:7"})
    assert (again.id, again.display_name) == (made.id, "Changed")
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(emulator.core.accounts.list().data) == 1
    emulator.clock.advance(days=1)
    assert emulator.recipient(options={"idempotency_key": "account:7"}).id != made.id


def test_v2_refuses_a_key_with_other_parameters(emulator):
    emulator.recipient(options={"idempotency_key": "account:7"})
    with pytest.raises(stripe.IdempotencyError) as refusal:
        emulator.recipient(options={"idempotency_key": "account:7"}, display_name="Other")
    assert refusal.value.http_status == 400
    assert len(emulator.core.accounts.list().data) == 1


def test_v2_does_what_failed_again_under_its_key(emulator, faults):
    faults.force(RequestFault.SAVED_ERROR, on="POST /v2/core/accounts")
    with pytest.raises(stripe.APIError):
        emulator.recipient(options={"idempotency_key": "account:7"})
    assert emulator.core.accounts.list().data == []
    made = emulator.recipient(options={"idempotency_key": "account:7"})
    assert [found.id for found in emulator.core.accounts.list().data] == [made.id]


@pytest.mark.parametrize("fault", [RequestFault.SAVED_ERROR_AFTER, RequestFault.TIMEOUT_AFTER_COMMIT])
def test_v2_does_not_repeat_what_was_done_although_nobody_heard(emulator, faults, fault):
    faults.force(fault, on="POST /v2/core/accounts")
    with pytest.raises((stripe.APIError, stripe.APIConnectionError)):
        emulator.recipient(options={"idempotency_key": "account:7"})
    [made] = emulator.core.accounts.list().data
    assert emulator.recipient(options={"idempotency_key": "account:7"}).id == made.id
    assert len(emulator.core.accounts.list().data) == 1


def test_a_repeated_link_is_the_same_link(emulator):
    made, kind = emulator.recipient().id, "account_onboarding"
    params = {"account": made, "use_case": {"type": kind, kind: {"refresh_url": "http://shop.test/again"}}}
    first, second = (emulator.core.account_links.create(params, {"idempotency_key": "link:1"}) for _ in range(2))
    assert first.url == second.url


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (RequestFault.ERROR_BEFORE, stripe.APIError),
        (RequestFault.CONFLICT, stripe.IdempotencyError),
        (RequestFault.RATE_LIMIT, stripe.RateLimitError),
    ],
)
def test_v2_has_the_faults_of_v1(emulator, faults, fault, error):
    faults.force(fault, on="POST /v2/core/accounts")
    with pytest.raises(error):
        emulator.recipient()
    assert emulator.core.accounts.list().data == []


def test_a_key_of_one_account_or_api_is_not_that_of_another(emulator):
    account_id, options = emulator.recipient(options={"idempotency_key": "x:1"}).id, {"idempotency_key": "x:1"}
    first = emulator.stripe().customers.create({}, options)
    second = emulator.stripe().customers.create({}, options | {"stripe_account": account_id})
    assert first.id != second.id

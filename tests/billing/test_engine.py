"""Calls to Stripe as rows: made once, ended once; and what Stripe tells, handled, failed, replayed."""

import pytest
from sqlalchemy import select, text

from marketplace import billing
from marketplace.billing import calls, inbox
from marketplace.billing.errors import NeverMade, PaymentsAway
from marketplace.billing.gateway import News
from marketplace.billing.models import CallState, StripeCall, StripeEvent
from marketplace.billing.queries import call_of
from marketplace.kit import clock as product_clock
from marketplace.kit.db import session, transaction
from marketplace.kit.errors import Forbidden, NotFound
from marketplace.kit.ids import new_id
from marketplace.kit.money import Money
from tests.factories.people import make_person


@pytest.fixture
def call_id(app):
    buyer = make_person("buyer").who
    with transaction():
        return call_of("open_checkout", billing.ask_top_up(buyer, Money(50_00, "USD")).id)


def call(call_id):
    session().rollback()
    return session().get(StripeCall, call_id, populate_existing=True)


def the_event():
    session().rollback()
    return session().scalars(select(StripeEvent).execution_options(populate_existing=True)).one()


def test_an_ended_call_is_not_made_again(call_id, gateway):
    calls.perform(call_id)
    calls.perform(call_id)
    assert (call(call_id).state, call(call_id).tries) == (CallState.DONE, 1)


def test_while_stripe_is_away_the_outcome_is_unknown_and_tried_later_and_later(call_id, app, clock):
    for tries in (1, 2):
        with pytest.raises(PaymentsAway):
            calls.perform(call_id)
        assert (call(call_id).state, call(call_id).tries) == (CallState.UNKNOWN, tries)
        assert (call(call_id).next_at - clock.now()).total_seconds() == pytest.approx(30 * 2**tries, abs=5)


def test_what_was_never_made_is_given_up_when_the_key_is_too_old(call_id, app, gateway, clock):
    with transaction():
        session().execute(text("UPDATE stripe_calls SET first_tried_at = now() - interval '21 hours', tries = 1"))
    with pytest.raises(NeverMade):
        calls.perform(call_id)
    assert (call(call_id).state, call(call_id).why) == (CallState.REFUSED, "never_made")
    assert session().scalar(text("SELECT state FROM top_ups")) == "failed"


def test_news_that_cannot_be_handled_is_a_dead_letter_until_staff_replay_it(app, run_jobs, mail):
    with transaction():
        inbox.keep_event(News("evt_1", "charge.updated", "ch_1"))
    for _ in range(8):
        with pytest.raises(PaymentsAway):
            inbox.handle(the_event().id)
    assert (the_event().tries, the_event().why, the_event().handled_at) == (8, "PaymentsAway", None)
    assert the_event().dead_at
    buyer, staff = make_person("buyer").who, make_person("staff").who
    with pytest.raises(Forbidden), transaction():
        inbox.replay(buyer, the_event().id)
    with pytest.raises(NotFound), transaction():
        inbox.replay(staff, new_id())
    with transaction():
        inbox.replay(staff, the_event().id)
    assert (the_event().tries, the_event().dead_at) == (0, None)


def test_news_of_a_type_that_means_nothing_to_us_is_done_with(app):
    with transaction():
        inbox.keep_event(News("evt_1", "invoice.created", "in_1"))
    inbox.handle(the_event().id)
    assert the_event().handled_at


def test_a_call_whose_content_has_changed_meanwhile_finds_what_it_made(call_id, gateway):
    calls.perform(call_id)
    page = session().scalar(text("SELECT session_id FROM top_ups"))
    with transaction():
        session().execute(text("UPDATE stripe_calls SET state = 'unknown'"))
        session().execute(text("UPDATE top_ups SET session_id = NULL, needs_3ds = NOT needs_3ds"))
    calls.perform(call_id)
    session().rollback()
    assert session().scalar(text("SELECT session_id FROM top_ups")) == page


def test_asking_for_the_time_writes_nothing_that_an_act_has_half_changed(app, clock):
    buyer = make_person("buyer").who
    with transaction():
        top_up = billing.ask_top_up(buyer, Money(50_00, "USD"))
    product_clock.let_it_move(allowed=True)  # what was known of the time is forgotten
    with transaction():
        session().merge(top_up).state = "no state that there is"
        clock.now()
        session().rollback()

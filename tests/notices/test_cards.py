"""What buyers are told about cards that did not pay, that expire, and money that came back."""

import pytest

from marketplace.billing import calls, cards
from marketplace.billing.jobs import recharge_low, warn_of_expiry
from marketplace.billing.queries import call_of
from marketplace.kit.db import transaction
from tests.factories.cards import ASKS_ALWAYS, DECLINED_LATER, fill_from, keep_card, save_card
from tests.factories.paying import REFUND_BOUNCES, give_back, pay_in
from tests.factories.people import make_person


@pytest.fixture
def buyer(app, run_jobs, mail):
    """Who has read that they are verified."""
    who = make_person("buyer").who
    run_jobs()
    mail.letters.clear()
    return who


@pytest.fixture
def told(run_jobs, mail):
    """The subjects of what was written since the last time."""

    def new():
        run_jobs()
        subjects = [letter.subject for letter in mail.letters]
        mail.letters.clear()
        return subjects

    return new


def test_a_series_of_declines_is_told_at_its_beginning_and_at_its_end(buyer, gateway, clock, told, mail, run_jobs):
    fill_from(buyer, save_card(gateway, buyer, DECLINED_LATER))
    run_jobs()
    [letter] = [letter for letter in mail.letters if letter.subject == "Your card did not pay $100.00"]
    assert "The bank declined the card. We try again in an hour" in letter.text
    assert "/wallet/cards?currency=USD" in letter.text
    mail.letters.clear()
    for hours, subjects in ((1, []), (2, []), (4, ["Auto top-up is paused"])):
        clock.advance(hours=hours)
        recharge_low.func()
        assert told() == subjects


def test_a_demand_for_the_owner_is_told_once_with_a_way_out(buyer, gateway, mail, run_jobs):
    fill_from(buyer, save_card(gateway, buyer, ASKS_ALWAYS))
    run_jobs()
    [letter] = mail.letters
    assert letter.subject == "Auto top-up is paused"
    assert "wants the card’s owner to confirm the payment. Choose another card, or pay by hand" in letter.text
    assert "/wallet/cards?currency=USD" in letter.html


def test_a_charge_that_succeeds_is_told_by_its_receipt_alone(buyer, gateway, told):
    fill_from(buyer, save_card(gateway, buyer))
    assert [subject.split()[0] for subject in told()] == ["Receipt"]


def test_nobody_is_told_what_they_did_themselves(buyer, told):
    card = keep_card(buyer).card_id
    fill_from(buyer, card, is_on=False)
    with transaction():
        cards.remove_card(buyer, card)
    assert told() == []


def test_a_card_that_expires_is_told_of_once(buyer, clock, told):
    unused, card = keep_card(buyer).card_id, keep_card(buyer, "4444").card_id
    assert unused != card
    fill_from(buyer, card, is_on=True, below=1)
    told()
    clock.advance(days=(2034 - clock.now().year) * 365 - 40)
    warn_of_expiry.func()
    assert told() == []
    while (clock.now().year, clock.now().month) < (2034, 12):
        clock.advance(days=25)
    clock.advance(days=10)
    for _ in range(2):
        warn_of_expiry.func()
    assert told() == ["Your card ending 4444 expires soon"]


def test_money_that_a_bank_sent_back_is_told(buyer, gateway, clock, mail, run_jobs):
    pay_in(gateway, buyer, 50_00, REFUND_BOUNCES)
    (part,) = give_back(buyer, 20_00)
    calls.perform_by_itself(call_of("refund_payment", part))
    clock.advance(minutes=5)
    gateway.newest("refund")
    gateway.deliver()
    run_jobs()
    [letter] = [letter for letter in mail.letters if letter.subject == "$20.00 did not reach your card"]
    assert f"/wallet/refunds/{part}" in letter.text
    assert letter.to

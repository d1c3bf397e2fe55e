"""What a buyer is told about a payment that its bank takes back."""

import pytest

from tests.factories.banks import bank_dispute
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale


@pytest.fixture
def buyer(app):
    return make_person("buyer")


@pytest.fixture
def told(run_jobs, mail, buyer):
    """What was written to the buyer since the last time."""

    def new():
        run_jobs()
        letters = [letter for letter in mail.letters if letter.to == buyer.email]
        mail.letters.clear()
        return letters

    return new


def test_what_a_bank_leaves_owed_is_told_with_the_way_to_repay_it(api, buyer, told, later):
    payment = fund(buyer.who, 100_00)
    buy(api(buyer), *put_on_sale(api(make_person("agency"))))
    later(days=8)
    told()
    bank_dispute(payment, "needs_response", 100_00)
    (opened,) = told()
    assert "/wallet?currency=USD" in opened.text
    bank_dispute(payment, "lost", 100_00)
    (ended,) = told()
    assert ended.subject == "Your bank has given you back $100.00"
    for version in (ended.text, ended.html):
        for words in ("You owe", "$25.00", "Until then you buy nothing", "/wallet?currency=USD"):
            assert words in version, words


@pytest.mark.parametrize(
    ("end", "subject"),
    [("lost", "Your bank has given you back $100.00"), ("won", "Your bank has not given you back $100.00")],
)
def test_who_owes_nothing_is_told_how_it_ended_alone(buyer, told, end, subject):
    payment = fund(buyer.who, 100_00)
    bank_dispute(payment, "needs_response", 100_00)
    told()
    bank_dispute(payment, end, 100_00)
    (ended,) = told()
    assert (ended.subject, "You owe" in ended.text + ended.html) == (subject, False)


def test_a_bank_that_only_asks_is_no_news_for_the_buyer_until_it_takes(buyer, run_jobs, mail):
    payment, staff = fund(buyer.who, 100_00), make_person("staff")
    run_jobs()
    mail.letters.clear()
    bank_dispute(payment, "warning_needs_response", 100_00)
    run_jobs()
    assert [(each.to, each.subject) for each in mail.letters] == [
        (staff.email, "A bank asks about a payment of $100.00")
    ]
    mail.letters.clear()
    bank_dispute(payment, "needs_response", 100_00)
    run_jobs()
    assert {(each.to, each.subject) for each in mail.letters} == {
        (buyer.email, "Your bank took back a payment of $100.00"),
        (staff.email, "A bank is taking back $100.00"),
    }
    mail.letters.clear()
    bank_dispute(payment, "needs_response", 100_00)
    run_jobs()
    assert mail.letters == [], "the same news again is none"

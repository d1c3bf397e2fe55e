"""Payouts: ours when we ask for them, those of connected accounts by themselves."""

import pytest
import stripe


@pytest.fixture
def agency(emulator):
    emulator.fund()
    return emulator.onboarded()


def pay_out(emulator, amount=50_000, **more):
    return emulator.stripe().payouts.create({"amount": amount, "currency": "usd", **more})


def payouts_of(emulator, account):
    return emulator.stripe().payouts.list({}, {"stripe_account": account}).data


def standing(emulator, account, capability):
    found = emulator.core.accounts.retrieve(account, {"include": ["configuration.recipient"]})
    return found.configuration.recipient.capabilities.stripe_balance[capability].status


def test_our_payout_leaves_the_balance_at_once_and_arrives_later(emulator):
    emulator.fund()
    before = emulator.balance()["usd"][1]
    made = pay_out(emulator, metadata={"sweep": "7"}, description="Fees")
    assert (made.status, made.automatic, made.metadata["sweep"]) == ("pending", False, "7")
    assert made.arrival_date == made.created + 3600 + 86_400
    assert emulator.balance()["usd"][1] == before - 50_000
    booked = emulator.stripe().balance_transactions.retrieve(made.balance_transaction)
    assert (booked.type, booked.net, booked.source) == ("payout", -50_000, made.id)
    emulator.clock.advance(hours=1)
    assert emulator.stripe().payouts.retrieve(made.id).status == "in_transit"
    emulator.clock.advance(hours=24)
    assert emulator.stripe().payouts.retrieve(made.id).status == "paid"
    assert emulator.kinds()[-3:] == ["payout.created", "payout.updated", "payout.paid"]


def test_no_more_is_paid_out_than_is_available(emulator):
    emulator.fund()
    emulator.paid(amount=50_000)
    emulator.settle()
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        pay_out(emulator, amount=emulator.balance()["usd"][1] + 1)
    assert refusal.value.code == "balance_insufficient"
    assert emulator.stripe().payouts.list().data == []


def test_a_payout_that_the_bank_sends_back_is_in_the_balance_again(emulator):
    emulator.fund()
    before = emulator.balance()["usd"]
    emulator.control.change_bank("", "000111111116")
    made = pay_out(emulator)
    emulator.clock.advance(hours=25)
    failed = emulator.stripe().payouts.retrieve(made.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_code) == ("failed", "no_account")
    booked = failed.failure_balance_transaction
    assert (booked.type, booked.net, booked.source) == ("payout_failure", 50_000, made.id)
    assert emulator.balance()["usd"] == before
    assert emulator.kinds()[-2:] == ["payout.failed", "account.external_account.updated"]


def test_a_payout_may_count_as_paid_before_it_fails(emulator):
    emulator.fund()
    emulator.control.change_bank("", "000111111113")
    made = pay_out(emulator)
    emulator.clock.advance(hours=25)
    assert emulator.stripe().payouts.retrieve(made.id).status == "paid"
    emulator.clock.advance(hours=24)
    failed = emulator.stripe().payouts.retrieve(made.id)
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    told = [kind for kind in emulator.kinds() if kind.startswith("payout")]
    assert told == ["payout.created", "payout.updated", "payout.paid", "payout.failed"]


def test_a_payout_can_be_canceled_until_it_is_sent(emulator):
    emulator.fund()
    before = emulator.balance()["usd"]
    gone = emulator.stripe().payouts.cancel(pay_out(emulator).id)
    assert gone.status == "canceled"
    assert emulator.balance()["usd"] == before
    sent = pay_out(emulator)
    emulator.clock.advance(hours=1)
    with pytest.raises(stripe.InvalidRequestError, match="only be canceled"):
        emulator.stripe().payouts.cancel(sent.id)
    emulator.clock.advance(days=3)
    assert emulator.stripe().payouts.retrieve(gone.id).status == "canceled"
    assert "payout.canceled" in emulator.kinds()


def test_a_payout_can_be_marked_and_found_by_its_status(emulator):
    emulator.fund()
    made = pay_out(emulator, amount=100)
    emulator.clock.advance(hours=25)
    waiting = pay_out(emulator, amount=100)
    changed = emulator.stripe().payouts.update(waiting.id, {"metadata": {"sweep": "7"}})
    assert changed.metadata["sweep"] == "7"
    assert [found.id for found in emulator.stripe().payouts.list({"status": "paid"}).data] == [made.id]
    assert [found.id for found in emulator.stripe().payouts.list({"status": "pending"}).data] == [waiting.id]
    with pytest.raises(stripe.InvalidRequestError, match="No such external account"):
        pay_out(emulator, amount=100, destination="ba_unknown")


def test_a_connected_account_is_paid_out_by_itself_a_day_after_the_transfer(emulator, agency):
    emulator.transfer(agency, amount=5_000)
    emulator.transfer(agency, amount=3_100)
    emulator.clock.advance(hours=23)
    assert payouts_of(emulator, agency) == []
    emulator.clock.advance(hours=1)
    [made] = payouts_of(emulator, agency)
    assert (made.amount, made.automatic, made.status) == (8_100, True, "pending")
    assert emulator.balance(agency) == {"usd": (0, 0)}
    emulator.clock.advance(hours=25)
    [paid] = payouts_of(emulator, agency)
    assert paid.status == "paid"
    assert emulator.kinds(agency)[-3:] == ["payout.created", "payout.updated", "payout.paid"]
    assert "payout.paid" not in emulator.kinds()
    [bank] = emulator.stripe().accounts.external_accounts.list(agency).data
    assert paid.destination == bank.id


def test_the_event_of_a_connected_account_names_it(emulator, agency, receiver):
    emulator.transfer(agency)
    emulator.clock.advance(days=1)
    emulator.sender.drain()
    events = {event["type"]: event for event in receiver.snapshots()}
    assert events["payout.created"].account == agency
    assert "account" not in events["transfer.created"].to_dict()


def test_the_transactions_behind_an_automatic_payout_are_listed(emulator, agency):
    first = emulator.transfer(agency, amount=5_000)
    emulator.clock.advance(days=1)
    second = emulator.transfer(agency, amount=3_100)
    emulator.clock.advance(days=1)
    later, earlier = payouts_of(emulator, agency)

    def sources(payout):
        found = emulator.stripe().balance_transactions.list({"payout": payout.id}, {"stripe_account": agency}).data
        return [booked.source for booked in reversed(found)]

    assert sources(earlier) == [first.destination_payment, earlier.id]
    assert sources(later) == [second.destination_payment, later.id]


def test_a_payout_to_a_bad_bank_comes_back_and_stops_further_ones_until_the_bank_is_changed(emulator, agency):
    emulator.control.change_bank(agency, "000111111116")
    emulator.transfer(agency)
    emulator.clock.advance(days=2, hours=1)
    [failed] = payouts_of(emulator, agency)
    assert (failed.status, failed.failure_code) == ("failed", "no_account")
    assert emulator.balance(agency) == {"usd": (0, 8_100)}
    assert standing(emulator, agency, "payouts") == "restricted"
    assert standing(emulator, agency, "stripe_transfers") == "active"
    [bank] = emulator.stripe().accounts.external_accounts.list(agency).data
    assert bank.status == "errored"
    emulator.transfer(agency, amount=900)
    emulator.clock.advance(days=3)
    assert len(payouts_of(emulator, agency)) == 1
    emulator.tell(emulator.link(agency, "account_update"), bank="000123412345")
    emulator.clock.advance(days=1, seconds=5)
    assert [found.amount for found in payouts_of(emulator, agency)] == [9_000, 8_100]
    assert standing(emulator, agency, "payouts") == "active"


def test_a_late_failure_does_not_stop_the_bank_that_came_after(emulator, agency):
    emulator.control.change_bank(agency, "000111111113")
    emulator.transfer(agency)
    emulator.clock.advance(days=2, hours=1)
    assert payouts_of(emulator, agency)[0].status == "paid"
    emulator.control.change_bank(agency, "000123412345")
    emulator.clock.advance(days=1)
    assert payouts_of(emulator, agency)[0].status == "failed"
    assert standing(emulator, agency, "payouts") == "active"


def test_a_paused_account_is_not_paid_out_until_it_goes_on(emulator, agency):
    emulator.transfer(agency)
    emulator.control.pause(agency)
    found = emulator.core.accounts.retrieve(agency, {"include": ["configuration.recipient"]})
    transfers = found.configuration.recipient.capabilities.stripe_balance.stripe_transfers
    assert (transfers.status, transfers.status_details[0].code) == ("restricted", "restricted_other")
    emulator.clock.advance(days=3)
    assert payouts_of(emulator, agency) == []
    emulator.control.resume(agency)
    emulator.clock.advance(days=1)
    assert [made.amount for made in payouts_of(emulator, agency)] == [8_100]


def test_control_refuses_what_it_does_not_know(emulator, agency):
    with pytest.raises(ValueError, match="PT50"):
        emulator.control.change_bank(agency, "PT50000201231234567890155")
    with pytest.raises(LookupError):
        emulator.control.pause("acct_unknown")


def test_every_balance_is_the_sum_of_its_transactions(emulator, agency):
    emulator.transfer(agency)
    reversal = emulator.transfer(agency, amount=400)
    emulator.stripe().transfers.reversals.create(reversal.id, {"amount": 150})
    pay_out(emulator, amount=10_000)
    emulator.clock.advance(days=4)
    for account in (None, agency):
        options = {"stripe_account": account} if account else {}
        rows = emulator.stripe().balance_transactions.list({"limit": 100}, options).data
        assert emulator.balance(account) == {"usd": (0, sum(row.net for row in rows))}
        assert all(row.net == row.amount - row.fee for row in rows)
    paid_out = sum(made.amount for made in payouts_of(emulator, agency))
    assert paid_out == 8_100 + 400 - 150

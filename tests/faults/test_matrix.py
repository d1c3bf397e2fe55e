"""Every row of the failure matrix, and the tests that hold it: a row without a test fails, and so does a lost test."""

import ast
from pathlib import Path

import pytest

_TESTS = Path(__file__).parents[1]

_CALLS = "faults/test_crash_points.py"
_HOOKS = "api/test_webhooks.py"
_SETTLING = "billing/test_settling.py"
_RACES = "stories/test_races.py"
_INSTANT = "faults/test_same_instant.py"

#: what goes wrong -> where it is tried
MATRIX = {
    "crash before the commit": ["faults/test_killed_web.py::test_kill_nine_under_load"],
    "crash after the commit, before the answer": ["faults/test_killed_web.py::test_kill_nine_under_load"],
    "crash after the row of a call, before the call": [f"{_CALLS}::test_a_crash_changes_nothing"],
    "crash after a call, before it is recorded": [f"{_CALLS}::test_a_crash_changes_nothing"],
    "timeout or 5xx of Stripe: unknown, the money stays reserved": [
        f"{_CALLS}::test_an_unknown_outcome_is_found_out",
        f"{_CALLS}::test_when_stripe_has_forgotten_the_key_the_object_is_looked_up",
        "billing/test_engine.py::test_while_stripe_is_away_the_outcome_is_unknown_and_tried_later_and_later",
    ],
    "webhook before the answer to our own call": [f"{_SETTLING}::test_news_before_our_own_answer_finds_its_top_up"],
    "webhook twice": [
        f"{_HOOKS}::test_an_event_is_kept_once_however_often_it_comes",
        "stories/test_main_job.py::test_a_payment_that_comes_twice_or_too_early_is_credited_once",
    ],
    "two types of event for one payment": ["billing/test_permutations.py::test_a_payment_ends_the_same_in_every_order"],
    "events out of order": [
        "billing/test_permutations.py::test_a_payment_ends_the_same_in_every_order",
        "billing/test_permutations.py::test_a_refund_ends_the_same_in_every_order",
        "orders/test_chargebacks.py::test_news_in_any_order_and_twice_ends_the_same",
    ],
    "event replayed by hand": [
        f"{_HOOKS}::test_what_was_handled_and_is_replayed_by_hand_changes_nothing",
        "admin/test_chargebacks.py::test_a_dead_letter_is_handled_again_by_staff",
    ],
    "event about an unknown object": [f"{_HOOKS}::test_an_event_about_something_unknown_is_handled_without_harm"],
    "bad, old or missing signature": [f"{_HOOKS}::test_a_signature_that_does_not_fit_is_refused"],
    "empty secret": [
        f"{_HOOKS}::test_without_a_secret_the_product_does_not_start",
        f"{_HOOKS}::test_a_secret_of_nothing_but_spaces_lets_nothing_in",
    ],
    "event of the wrong livemode": [f"{_HOOKS}::test_an_event_of_the_real_world_is_refused_by_test_keys"],
    "event of more than a mebibyte": [f"{_HOOKS}::test_more_than_a_mebibyte_is_refused"],
    "many buyers, one exclusive lead": [f"{_RACES}::test_a_hundred_buy_one_exclusive_lead_and_one_has_it"],
    "one wallet, 20 debits at once, money for 5": [f"{_RACES}::test_a_wallet_with_money_for_five_buys_five_of_twenty"],
    "refund of more than was paid": [
        "billing/test_refunds.py::test_more_can_never_be_given_back_than_was_paid",
        "billing/test_refunds.py::test_what_cannot_go_back_is_refused_and_stays",
        "orders/test_rules.py::test_a_refund_is_never_more_than_the_price",
    ],
    "refund and release in the same instant": [f"{_INSTANT}::test_a_refund_and_the_release_in_the_same_instant"],
    "dispute and release in the same instant": [f"{_INSTANT}::test_a_dispute_and_the_release_in_the_same_instant"],
    "refund to a card while a chargeback is open": [
        "billing/test_refunds.py::test_nothing_goes_back_of_a_payment_that_its_bank_contests",
        "billing/test_refunds.py::test_a_chargeback_that_comes_between_asking_and_sending_stops_the_refund",
    ],
    "payout to an unverified, paused or swapped account": [
        f"{_INSTANT}::test_an_account_that_is_not_fit_any_more_when_it_is_to_be_paid_gets_nothing",
        "stories/test_payouts.py::test_an_agency_that_staff_have_not_checked_is_not_paid",
        "stories/test_payouts.py::test_a_bank_that_was_swapped_after_the_payout_was_asked_for_gets_nothing",
        "stories/test_payouts.py::test_an_account_that_stripe_finds_wanting_gets_nothing",
    ],
    "purchase from oneself, by organisation, person, card or bank": [
        "orders/test_one_hand.py::test_a_card_that_paid_for_both_sides_is_found_when_it_pays",
        "orders/test_one_hand.py::test_no_way_of_buying_is_open",
        "stories/test_strangers.py::test_an_agency_cannot_buy_through_a_second_organisation_of_its_own",
    ],
    "deploy during work": [
        "faults/test_deploy.py::test_a_server_is_replaced_under_load_and_answers_what_it_has_begun",
        "faults/test_deploy.py::test_a_worker_that_ends_leaves_its_import_to_the_next_one",
    ],
    "restore from a backup, replay from Stripe": [
        "faults/test_restore.py::test_nothing_is_sent_twice_and_nothing_is_lost",
        "faults/test_restore.py::test_a_call_that_the_backup_knows_as_wanted_is_looked_up_before_it_is_made",
        "faults/test_restore.py::test_money_that_was_earned_and_paid_in_the_lost_time_is_owed",
        "faults/test_restore.py::test_chargebacks_sweeps_and_money_that_came_back_are_known_again",
        "faults/test_restore.py::test_what_nothing_of_ours_explains_is_put_before_staff",
    ],
    "kill -9 of PostgreSQL and of the worker": [
        "faults/test_database.py::test_kill_nine_of_the_database_and_of_the_worker_under_load",
        "faults/test_killed_worker.py::test_an_import_survives_its_worker",
    ],
    "the disk is full": [
        "faults/test_database.py::test_a_full_disk_is_a_503_and_nothing_is_lost",
        "faults/test_busy.py::test_a_store_without_room_is_a_503_for_people_and_scripts",
    ],
    "a lock is held for a minute": [
        "faults/test_busy.py::test_a_lead_that_is_locked_for_a_minute_is_a_503_in_time_and_is_bought_afterwards",
    ],
    "no connection is free": ["faults/test_busy.py::test_without_a_free_connection_both_faces_say_so_in_time"],
}


@pytest.mark.parametrize("row", MATRIX)
def test_each_row_is_held_by_tests_that_exist(row):
    assert MATRIX[row]
    for node in MATRIX[row]:
        file, name = node.split("::")
        functions = [each for each in ast.parse((_TESTS / file).read_text()).body if isinstance(each, ast.FunctionDef)]
        assert name in {each.name for each in functions}, node

"""A process is killed at each point of each call to Stripe: after a restart everything is as if it had not been."""

from uuid import UUID

import pytest
from sqlalchemy import text

from marketplace.billing import calls
from marketplace.billing.models import CallState
from marketplace.billing.queries import call_of
from marketplace.kit.db import session, transaction
from marketplace.stripe_emulator import RequestFault
from marketplace.stripe_emulator.world import world_of
from tests.faults.dying import die
from tests.faults.subjects import SUBJECTS

#: all tests of a kind are one worker's, which then needs to learn only once how it ends undisturbed
KINDS = [pytest.param(kind, marks=pytest.mark.xdist_group(f"crash-{kind}")) for kind in sorted(calls.CALLS)]


@pytest.fixture(scope="module")
def known():
    """How each kind of call ends undisturbed, as far as that was looked at."""
    return {}


@pytest.fixture
def undisturbed(kind, known, gateway, clock, run_jobs):
    if kind not in known:
        known[kind] = outcome(kind, gateway, calls.perform_by_itself, clock, run_jobs)
    return known[kind]


@pytest.fixture
def here(environment, live, gateway):
    """The environment of a process beside this one, with the same Stripe."""
    return {**environment, "PUBLIC_URL": live, "STRIPE_API_BASE": calls.gateway().checkout_origin}


def test_every_call_has_something_that_wants_it():
    assert set(SUBJECTS) == set(calls.CALLS)


@pytest.mark.slow
@pytest.mark.parametrize("point", calls.POINTS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_crash_changes_nothing(kind, point, undisturbed, gateway, clock, run_jobs, here):
    crashed = outcome(kind, gateway, lambda call_id: die(call_id, point, here), clock, run_jobs)
    assert crashed == undisturbed
    assert {state for made, state in undisturbed["calls"] if made == kind} == {CallState.DONE}


@pytest.mark.parametrize("fault", [RequestFault.TIMEOUT_AFTER_COMMIT, RequestFault.ERROR_BEFORE])
@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_outcome_is_found_out(kind, fault, undisturbed, app, gateway, clock, run_jobs):

    def disturbed(call_id: UUID) -> None:
        for _ in range(3):  # as often as the client tries by itself
            world_of(gateway.app).faults.force(fault, on="POST ")
        calls.perform_by_itself(call_id)

    assert outcome(kind, gateway, disturbed, clock, run_jobs) == undisturbed


@pytest.mark.parametrize("kind", KINDS)
def test_when_stripe_has_forgotten_the_key_the_object_is_looked_up(kind, undisturbed, app, gateway, clock, run_jobs):

    def long_unknown(call_id: UUID) -> None:
        for _ in range(3):
            world_of(gateway.app).faults.force(RequestFault.TIMEOUT_AFTER_COMMIT, on="POST ")
        calls.perform_by_itself(call_id)
        with transaction():
            session().execute(text("UPDATE stripe_calls SET first_tried_at = first_tried_at - interval '21 hours'"))

    assert outcome(kind, gateway, long_unknown, clock, run_jobs) == undisturbed


def outcome(kind, payments, perform, clock, run_jobs):
    """How a fresh subject of this kind, and Stripe, stand when everything has come to rest."""
    subject_id = SUBJECTS[kind](payments)
    before = objects(payments)
    perform(call_of(kind, subject_id))
    for _ in range(2):  # what follows from a call that was made late is a call, or news, of its own
        clock.advance(minutes=3)
        calls.reconcile()
        payments.deliver()
        run_jobs()
    return {
        "at_stripe": {name: n - before.get(name, 0) for name, n in objects(payments).items() if n != before.get(name)},
        **at_home(subject_id),
    }


def objects(payments) -> dict[str, int]:
    """How many objects of each kind there are at Stripe; events may come twice, our bank is made when first used."""
    with world_of(payments.app).store.transaction() as rows:
        found = rows.rows(
            "SELECT kind, count(*) AS n FROM objects"
            " WHERE kind NOT LIKE '%event' AND kind <> 'bank_account' GROUP BY kind"
        )
        return {row["kind"]: row["n"] for row in found}


def at_home(subject_id: UUID) -> dict[str, object]:
    session().rollback()
    states = text("SELECT kind, state FROM stripe_calls WHERE subject_id = :id ORDER BY created_at")
    postings = text(
        "SELECT e.kind AS entry, a.kind AS account, p.amount FROM ledger_entries e"
        " JOIN ledger_postings p ON p.entry_id = e.id JOIN ledger_accounts a ON a.id = p.account_id"
        " WHERE e.reference_id = :id ORDER BY 1, 2, 3"
    )
    return {
        "calls": [tuple(row) for row in session().execute(states, {"id": subject_id})],
        "entries": [tuple(row) for row in session().execute(postings, {"id": subject_id})],
    }

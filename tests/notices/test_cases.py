from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from marketplace import events
from marketplace.disputes import Dispute
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.kit.render import render
from marketplace.notices import jobs
from marketplace.notices.actions import link
from marketplace.notices.look import look
from marketplace.orders import Order
from marketplace.people import actions
from marketplace.people.queries import Addressee

AT = datetime(2026, 11, 26, 14, 12, tzinfo=UTC)


@pytest.fixture
def make_case(app):
    """A dispute of two organisations with an owner each, as the table holds it: -> its id."""

    def make(event, **changes):
        with transaction():
            ids = {}
            for kind in ("agency", "buyer"):
                ids[kind] = actions.open_organisation(kind, "Brightside", "US").id
                actions.create_user(
                    email=f"{kind}@example.com",
                    name="X",
                    password="correct horse battery",
                    org_id=ids[kind],
                    role="owner",
                )
            dispute = _rows(ids, changes)
            events.record(event, dispute.id, by=events.SYSTEM, orgs=ids.values())
            return str(dispute.id)

    return make


def _rows(ids, changes):
    """Order and dispute alone: lead and listing say nothing to letters."""
    session().execute(text("SET LOCAL session_replication_role = replica"))
    sides = {"buyer_id": ids["buyer"], "agency_id": ids["agency"]}
    order = Order(
        id=new_id(),
        lead_id=new_id(),
        slot=1,
        listing_id=new_id(),
        listing_version=1,
        state="disputed",
        price_cents=4800,
        currency="USD",
        fee_bp=1000,
        reserve_bp=1000,
        reserve_days=60,
        placed_at=AT,
        window_ends_at=AT,
        releasable_at=AT,
        **sides,
    )
    case = {"state": "open", "reason": "invalid_phone", "statement": "Call 512-555-0147", **changes}
    dispute = Dispute(order_id=order.id, opened_by=new_id(), opened_at=AT, answer_by=AT, decide_by=AT, **case, **sides)
    session().add_all([order, dispute])
    session().flush()
    return dispute


@pytest.mark.parametrize(
    ("name", "changes", "readers"),
    [
        ("opened", {}, ["agency@example.com"]),
        ("answered", {"state": "answered", "answer": "We called 512-555-0147"}, ["buyer@example.com"]),
        (
            "decided",
            {"state": "rejected", "refund_percent": 0, "reasoning": "512-555-0147 answers"},
            ["agency@example.com", "buyer@example.com"],
        ),
    ],
)
def test_each_step_of_a_dispute_is_told_once_to_whom_it_concerns(make_case, post, mail, name, changes, readers):
    dispute_id = make_case(f"dispute.{name}", **changes)
    for _time in range(2):
        getattr(jobs, f"dispute_{name}")(subject_id=dispute_id)
    post()
    assert sorted(letter.to for letter in mail.letters) == readers
    for letter in mail.letters:
        assert "The phone number does not work" in letter.text
        assert "512-555-0147" not in letter.text + letter.html


def letter(kind, version, *, is_buyer=True, state="open", percent=None, refunded=0):
    dispute = Dispute(id=new_id(), state=state, refund_percent=percent, answer_by=AT, decide_by=AT)
    order = Order(price_cents=4800, currency="USD", refunded_cents=refunded)
    context = {
        "to": Addressee("dana@example.com", "en"),
        "link": link,
        "media": look().media,
        "dispute": dispute,
        "order": order,
        "reason": "The phone number does not work",
        "is_buyer": is_buyer,
    }
    return render(f"emails/{kind}.{version}", "en", **context), dispute


@pytest.mark.parametrize("version", ["txt", "html"])
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("dispute_opened", ["without your answer staff decide", "26 Nov 2026, 14:12 UTC"]),
        ("dispute_answered", ["Our staff decide now", "26 Nov 2026, 14:12 UTC"]),
    ],
)
def test_letters_about_a_dispute_say_why_how_much_and_until_when(app, kind, version, words):
    text, dispute = letter(kind, version)
    for each in (*words, "The phone number does not work", "$48.00", f"/disputes/{dispute.id}"):
        assert each in text


@pytest.mark.parametrize("version", ["txt", "html"])
@pytest.mark.parametrize(
    ("state", "percent", "for_buyer", "for_agency"),
    [
        ("conceded", 100, "The agency agrees with you", "Your side has agreed"),
        (
            "upheld",
            100,
            "We decided for you: you were given back",
            "We decided for the buyer: the whole",
        ),
        ("partly_upheld", 50, "partly for you", "partly for the buyer"),
        ("rejected", 0, "We decided for the agency", "We decided for you: the price is not given back"),
    ],
)
def test_each_side_reads_the_verdict_from_its_side(app, version, state, percent, for_buyer, for_agency):
    for is_buyer, words, others in ((True, for_buyer, for_agency), (False, for_agency, for_buyer)):
        text, _dispute = letter(
            "dispute_decided", version, is_buyer=is_buyer, state=state, percent=percent, refunded=48 * percent
        )
        assert words in text
        assert others not in text
        assert f"${48 * percent / 100:.2f}" in text

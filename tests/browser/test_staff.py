from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from marketplace.billing.actions.links import note_mark
from marketplace.billing.models import MarkKind
from marketplace.disputes import batches, reviews
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.kit.ids import new_id
from marketplace.leads import Lead
from marketplace.orders import Order
from marketplace.quality import jobs
from tests.factories.banks import dead_news, taken_back
from tests.factories.doubts import ask_proof
from tests.factories.facts import Facts, drawn_calls, ringing
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.payouts import make_payable
from tests.factories.story import buy, put_on_sale

LONG = "Verwaltungsfachangestelltenfortbildung " * 6


@pytest.fixture
def disputes(make_person, api):
    """Two answered disputes over 25.00 each; their ids in the order of the queue."""
    agency, buyer = make_person("agency"), make_person("buyer")
    fund(buyer.who, 10_000)

    def opened(reason):
        (lead_id,) = put_on_sale(api(agency), make_lead(), title=LONG[:120])
        price = api(buyer).get(f"/catalog/leads/{lead_id}")["price"]
        order = api(buyer).post("/orders", {"lead_id": lead_id, "quoted_price": price})["id"]
        return api(buyer).post(f"/orders/{order}/disputes", {"reason": reason, "statement": LONG})["id"]

    both = [opened("invalid_phone"), opened("bot")]
    for each in both:
        api(agency).post(f"/disputes/{each}/answers", {"statement": LONG})
    return both


@pytest.fixture
def waiting(make_person):
    return make_person("agency", is_verified=False)


def look_again(staff, script, dispute):
    """Somebody of staff decides, and the lot falls on it: somebody else looks a second time."""
    verdict = {"outcome": "rejected", "refund_percent": 0, "reasoning": LONG}
    assert script.post(f"/disputes/{dispute}/decisions", verdict).status == 201
    with transaction():
        first = {"first_by": staff.who.user_id, "first_percent": 0}
        session().add(reviews.BlindReview(dispute_id=UUID(dispute), drawn_at=clock.now(), **first))


def voided(staff, script, dispute):
    """A batch that a case leads to, as somebody of staff proposes it; its id."""
    order = script.get(f"/disputes/{dispute}")["order_id"]
    with transaction():
        agency_id, lead_id = session().execute(select(Order.agency_id, Order.lead_id).where(Order.id == order)).one()
        session().execute(update(Lead).where(Lead.id == lead_id).values(campaign="prize-draw"))
        row = batches.Batch(
            id=new_id(), dispute_id=UUID(dispute), agency_id=agency_id, kind="campaign", mark="prize-draw", reason=LONG,
            state="proposed", proposed_by=staff.who.user_id, proposed_at=clock.now(),
        )  # fmt: skip
        session().add(row)
        return row.id


def test_every_page_of_staff_is_open_to_everybody_who_can_read(look, disputes, waiting, make_person, api, sign_in, axe):
    proposer, staff = make_person("staff"), make_person("staff")
    amount = {"amount": 240_00, "currency": "USD"}
    wish = {"kind": "goodwill", "about": str(waiting.org_id), "amount": amount, "reason": LONG}
    assert api(proposer).post("/proposals", wish).status == 201
    chargeback = taken_back()
    dead_news()
    doubted = make_person("buyer")
    fund(doubted.who, 10_000)
    (sold,) = put_on_sale(api(make_person("agency")), make_lead())
    ask_proof(doubted, [buy(api(doubted), sold)])
    make_payable(waiting)
    rated = Facts(api, 3)
    rated.sold(40, 5)
    jobs.rate_night()
    (call,), _alarm = drawn_calls(rated.id, 1), ringing(rated.id, 1)
    look_again(proposer, api(proposer), disputes[1])
    of_one_hand = (waiting.org_id, make_person("buyer").org_id)
    with transaction():
        for org_id in of_one_hand:
            note_mark(org_id, MarkKind.CARD, b"one card")
    batch = voided(proposer, api(proposer), disputes[0])
    sign_in(look, staff)
    paths = ["/admin/disputes", f"/admin/disputes/{disputes[0]}", "/admin/disputes?state=ended", "/admin/money"]
    paths += [f"/admin/money/{page}" for page in ("corrections", "chargebacks", f"chargebacks/{chargeback}")]
    paths += ["/admin/money/terms", "/admin/money/payouts", "/admin/quality", "/admin/quality/models"]
    paths += ["/admin/reports", f"/admin/reports/{doubted.org_id}"]
    paths += ["/admin/ratings", f"/agencies/{rated.id}", "/admin/calls", f"/admin/calls/{call}", "/admin/audits"]
    paths += [
        "/admin/reviews",
        f"/admin/reviews/{disputes[1]}",
        "/admin/batches",
        f"/admin/batches/{batch}",
        f"/admin/disputes/{disputes[0]}/batch",
    ]
    for path in [*paths, "/admin/organisations", f"/admin/organisations/{waiting.org_id}"]:
        look.goto(path)
        axe(look)


def test_cases_are_decided_by_keys_one_after_the_other(page, disputes, make_person, sign_in, axe):
    sign_in(page, make_person("staff"))
    page.goto(f"/admin/disputes/{disputes[0]}")
    page.keyboard.press("s")
    page.wait_for_url(f"**/{disputes[1]}")
    page.goto(f"/admin/disputes/{disputes[0]}")
    page.get_by_label("Reason, both sides read it").fill("The network knows the number. It was only busy.")
    page.keyboard.press("Tab")
    page.keyboard.press("r")
    page.wait_for_url(f"**/{disputes[1]}")
    page.get_by_text("Decided. Both sides will be told in half a minute.").wait_for()
    axe(page)
    page.get_by_label("Reason, both sides read it").fill("Eleven fields in one second.")
    page.get_by_role("button", name="Half $12.50").click()
    page.get_by_text("Nothing waits").wait_for()
    page.goto(f"/admin/disputes/{disputes[1]}")
    page.get_by_text("Eleven fields in one second.").wait_for()
    axe(page)


def test_a_decision_without_a_reason_is_asked_for_it(page, disputes, make_person, sign_in, axe):
    sign_in(page, make_person("staff"))
    page.goto(f"/admin/disputes/{disputes[0]}")
    page.get_by_label("Reason, both sides read it").fill("no")
    page.get_by_role("button", name="Uphold").click()
    page.get_by_text("Write 5 to 4,000 characters.").wait_for()
    expect(page.get_by_label("Reason, both sides read it")).to_have_value("no")
    axe(page)


def test_an_organisation_is_verified_after_one_question(page, waiting, make_person, sign_in, axe):
    sign_in(page, make_person("staff"))
    page.goto("/admin/organisations")
    page.locator("summary", has_text="Check").click()
    page.locator("label", has_text="waits for a check").click()
    page.wait_for_url("**/admin/organisations?checked=no")
    page.get_by_role("link", name=waiting.who.org_name).click()
    page.locator("summary", has_text="Verify").click()
    axe(page)
    page.get_by_role("button", name="Yes, verify it").click()
    page.get_by_text("is verified").wait_for()
    page.get_by_role("link", name=waiting.who.org_name).click()
    page.get_by_text("Verified", exact=False).first.wait_for()

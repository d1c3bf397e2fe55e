import io
import re
from types import SimpleNamespace

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from marketplace import disputes
from marketplace.disputes.rules import hindrance
from marketplace.kit import clock as product_clock
from tests.factories.leads import make_lead
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.story import put_on_sale

PDF = b"%PDF-1.4 a bounce"
SAID = {"reason": "invalid_email", "statement": "Bounced at once: mailbox unknown."}


@pytest.fixture
def buyer(app):
    return funded_buyer(20_000)


@pytest.fixture
def order(agency, buyer, api):
    (lead_id,) = put_on_sale(api(agency), make_lead(), price={"amount": 10_000, "currency": "USD"})
    price = api(buyer).get(f"/catalog/leads/{lead_id}")["price"]
    return api(buyer).post("/orders", {"lead_id": lead_id, "quoted_price": price})["id"]


@pytest.fixture
def reader(visit, buyer):
    return visit(buyer)


@pytest.fixture
def opened(reader, order):
    """The address of an open dispute."""
    return reader.post(f"/orders/{order}/dispute", **SAID).location


def file(name="bounce.pdf", content=PDF):
    return (io.BytesIO(content), name)


def test_the_form_says_what_is_at_stake_and_what_happens_when(reader, order):
    words = reader.get(f"/orders/{order}/dispute").words
    for shown in ("$100.00", "6 d 23 h left to dispute", "The bounce message you got back.", "within 72 hours"):
        assert shown in words


def test_a_dispute_is_opened_with_a_file_and_the_agency_reads_both(reader, order, agency, visit):
    sent = reader.post(f"/orders/{order}/dispute", **SAID, evidence=file())
    page = reader.follow(sent)
    assert "waiting for the agency" in page.words
    assert "bounce.pdf" in page.words
    theirs = visit(agency).get(sent.location)
    assert "Bounced at once: mailbox unknown." in theirs.words
    assert "answer needed" in theirs.words
    assert "Maria" not in theirs.words
    assert "1 answer needed" not in visit(agency).get("/disputes?state=answered").words
    assert "The e-mail address does not work" in visit(agency).get("/disputes?state=open").words


def test_files_come_back_as_downloads_only(reader, order, agency, visit):
    page = reader.follow(reader.post(f"/orders/{order}/dispute", **SAID, evidence=file("a <b>.pdf")))
    (address,) = re.findall(r'href="(/disputes/[^"]+/evidence/[^"]+)"', page.text)
    found = visit(agency).client.get(address)
    assert found.data == PDF
    assert found.headers["Content-Disposition"].startswith("attachment")
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert found.headers["Content-Security-Policy"].startswith("sandbox")
    assert found.mimetype == "application/pdf"
    assert visit(make_person("buyer")).get(address).status == 404


def test_a_wrong_form_comes_back_with_what_was_typed(reader, order):
    page = reader.post(f"/orders/{order}/dispute", reason="bot", statement="no")
    assert page.status == 422
    assert "Write 5 to 4,000 characters." in page.words
    assert 'value="bot"' in page.text.split("checked")[0].rsplit("<input", 1)[1]
    page = reader.post(f"/orders/{order}/dispute", **SAID, evidence=file("run.exe", b"MZ\0\0"))
    assert "Add a picture, a PDF, a sound or a plain text." in page.words
    assert "Choose your files again" in page.words
    six = [file(f"{n}.txt", b"call %d" % n) for n in range(6)]
    assert "Send up to 5 files at a time." in reader.post(f"/orders/{order}/dispute", **SAID, evidence=six).words
    assert "No dispute here" in reader.get("/disputes").words


def test_a_file_that_is_too_large_is_refused(reader, order):
    fields = {**SAID, "csrf_token": reader.token(), "evidence": FileStorage(*file("calls.txt", b"a" * 10_485_761))}
    boundary, body = encode_multipart(fields)
    sent = f"multipart/form-data; boundary={boundary}"
    refused = reader.client.post(f"/orders/{order}/dispute", data=body, content_type=sent)
    assert refused.status_code == 413
    assert "10 MiB" in refused.text


def test_a_second_click_leads_to_the_same_dispute(reader, order, opened):
    assert reader.post(f"/orders/{order}/dispute", **SAID).location == opened
    assert reader.get(f"/orders/{order}/dispute").location == opened


def test_the_buyer_withdraws_and_may_dispute_again(reader, order, opened):
    page = reader.follow(reader.post(f"{opened}/withdrawal"))
    assert "The buyer withdrew the dispute" in page.words
    assert reader.get(f"/orders/{order}/dispute").status == 200
    assert reader.post(f"{opened}/withdrawal").status == 409


def test_the_agency_answers_with_words_and_a_file(reader, opened, agency, visit):
    theirs = visit(agency)
    assert theirs.post(f"{opened}/answer", statement="").status == 422
    answered = theirs.follow(
        theirs.post(f"{opened}/answer", statement="Our form asks twice.", evidence=file("form.txt", b"twice"))
    )
    assert "being decided" in answered.words
    shown = reader.get(opened).words
    assert "Our form asks twice." in shown
    assert "form.txt" in shown
    more = theirs.follow(theirs.post(f"{opened}/evidence", evidence=file("more.txt", b"and more")))
    assert "more.txt" in more.words
    assert theirs.post(f"{opened}/answer", statement="Once more, with feeling.").status == 409


def test_the_agency_agrees_and_knows_what_it_costs(reader, opened, agency, visit):
    theirs = visit(agency)
    assert "You lose $90.00" in theirs.get(opened).words
    assert "the whole price went back" in theirs.follow(theirs.post(f"{opened}/concession")).words
    assert "Available $200.00" in reader.get(opened).words


def test_each_side_has_its_own_acts(reader, opened, agency, visit):
    assert reader.post(f"{opened}/concession").status == 403
    assert visit(agency).post(f"{opened}/withdrawal").status == 403
    stranger = visit(make_person("buyer"))
    assert stranger.get(opened).status == 404
    assert stranger.post(f"{opened}/withdrawal").status == 404
    finance = visit(make_person("agency", role="finance", org_id=agency.org_id))
    assert "Send the answer" not in finance.get(opened).words
    assert finance.post(f"{opened}/answer", statement="We disagree.").status == 403


@pytest.mark.parametrize(
    ("outcome", "percent", "told"),
    [
        ("upheld", 100, ("We decided for you: you were given back the whole price.", "$100.00 of $100.00")),
        ("partly_upheld", 50, ("you were given back a part of the price", "$50.00 of $100.00")),
        ("rejected", 0, ("We decided for the agency: the price is not given back.", "$0.00 of $100.00")),
    ],
)
def test_both_sides_read_the_decision(reader, opened, agency, visit, api, outcome, percent, told):
    staff = api(make_person("staff"))
    verdict = {"outcome": outcome, "refund_percent": percent, "reasoning": "The bounce proves it."}
    decided = staff.post(f"{opened}/decisions", verdict)
    assert decided.status in (200, 201), decided.body
    words = reader.get(opened).words
    for shown in (*told, "The bounce proves it."):
        assert shown in words
    assert "The bounce proves it." in visit(agency).get(opened).words
    assert "Withdraw" not in words


def test_a_decided_order_cannot_be_disputed_again(reader, order, opened, api):
    verdict = {"outcome": "rejected", "refund_percent": 0, "reasoning": "The lead fits."}
    api(make_person("staff")).post(f"{opened}/decisions", verdict)
    page = reader.get(f"/orders/{order}/dispute")
    assert page.status == 409
    assert "disputed before" in page.words
    assert reader.post(f"/orders/{order}/dispute", **SAID).status == 409


def test_after_the_window_nothing_is_disputed(reader, order, clock):
    clock.advance(days=8)
    assert "The time for disputes is over" in reader.get(f"/orders/{order}/dispute").words
    assert reader.post(f"/orders/{order}/dispute", **SAID).status == 409


def test_staff_are_led_to_their_own_desk(opened, visit):
    theirs = visit(make_person("staff"))
    assert theirs.get("/disputes").location == "/admin/disputes"
    assert theirs.get(opened).location == f"/admin{opened}"


@pytest.mark.parametrize(
    ("state", "days", "newest", "code"),
    [
        ("acquired", -1, None, None),
        ("reported", -1, None, "not_disputable"),
        ("held", -1, None, None),
        ("held", -1, "withdrawn", None),
        ("held", 1, None, "window_closed"),
        ("released", -1, None, "window_closed"),
        ("held", -1, "rejected", "already_disputed"),
        ("disputed", -1, "open", "not_disputable"),
        ("refunded", -1, "conceded", "already_disputed"),
    ],
)
def test_what_hinders_a_dispute(app, clock, state, days, newest, code):
    now = product_clock.now()
    order = SimpleNamespace(state=state, window_ends_at=clock.now(), is_per_sale=state in ("acquired", "reported"))
    clock.advance(days=max(0, days))
    found = hindrance(
        order, SimpleNamespace(state=newest) if newest else None, now if days < 0 else product_clock.now()
    )
    assert (found.code if found else None) == code
    assert disputes.REASONS

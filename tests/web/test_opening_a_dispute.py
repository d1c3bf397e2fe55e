"""From a bought lead to an open dispute: the reasons that fit, what each asks for, files that nobody can misuse."""

import io
import re

import pytest
from PIL import Image

from tests.factories.leads import make_lead
from tests.factories.money import funded_buyer
from tests.factories.people import make_person
from tests.factories.story import buy, put_on_sale


@pytest.fixture
def buyer(app):
    return funded_buyer(200_00)


@pytest.fixture
def order(api, agency, buyer):
    def order(**lead):
        (lead_id,) = put_on_sale(api(agency), make_lead(**lead), price={"amount": 40_00, "currency": "USD"})
        return buy(api(buyer), lead_id, 40_00)

    return order


def picture(kind="PNG"):
    target = io.BytesIO()
    Image.new("RGB", (400, 300), "navy").save(target, kind)
    return target.getvalue()


def test_a_number_that_is_dead_takes_two_clicks_and_no_words(visit, buyer, order):
    reader = visit(buyer)
    form = f"/orders/{order()}/dispute"
    page = reader.get(form)
    for shown in ("We check the number; nothing else", "4 calls are needed", "Report the lead as lost instead"):
        assert shown in page.words
    opened = reader.follow(reader.post(form, reason="invalid_phone"))
    assert "The phone number does not work" in opened.words
    assert "No words." in opened.words


def test_a_lead_without_a_phone_cannot_be_disputed_for_it(visit, api, buyer, order):
    order_id = order(phone="")
    page = visit(buyer).get(f"/orders/{order_id}/dispute")
    assert 'value="invalid_email"' in page.text
    assert 'value="invalid_phone"' not in page.text
    refused = api(buyer).post(f"/orders/{order_id}/disputes", {"reason": "invalid_phone", "statement": "It is dead."})
    assert (refused.status, refused.code) == (422, "wrong_reason")


def test_nobody_is_out_of_reach_without_a_log_of_calls(visit, buyer, order):
    reader = visit(buyer)
    form, said = f"/orders/{order()}/dispute", {"reason": "unreachable", "statement": "Rings out each time."}
    refused = reader.post(form, **said)
    assert refused.status == 409
    assert "Log at least 4 calls without success on at least 2 days first." in refused.words


def test_pictures_are_seen_in_the_page_as_we_drew_them_and_sounds_are_heard(visit, buyer, agency, order):
    reader = visit(buyer)
    form, said = f"/orders/{order()}/dispute", {"reason": "bot", "statement": "See the pattern."}
    files = [(io.BytesIO(picture()), "shot.png"), (io.BytesIO(b"ID3\x04 a call"), "call.mp3")]
    page = reader.follow(reader.post(form, **said, evidence=files))
    (shown,) = re.findall(r'<img[^>]+src="(/disputes/[^"]+/picture)"', page.text)
    (heard,) = re.findall(r'<audio[^>]+src="(/disputes/[^"]+)"', page.text)
    theirs = visit(agency).client
    seen = theirs.get(shown)
    assert (seen.mimetype, seen.headers["Content-Security-Policy"]) == ("image/jpeg", "sandbox; default-src 'none'")
    assert Image.open(io.BytesIO(seen.data)).size == (400, 300)
    assert theirs.get(heard).headers["Content-Disposition"].startswith("attachment")
    assert theirs.get(f"{heard}/picture").status_code == 404
    assert visit(make_person("buyer")).get(shown).status == 404


def test_both_sides_may_give_the_same_file_and_a_download_by_key_is_as_safe(api, buyer, agency, order):
    file = {"name": "a\u202etxt.exe", "content": "U2hlIG5ldmVyIGFza2VkLg=="}
    said = {"reason": "not_requested", "statement": "They say they never asked.", "evidence": [file, file]}
    opened = api(buyer).post(f"/orders/{order()}/disputes", said)
    answered = api(agency).post(f"/disputes/{opened['id']}/answers", {"statement": "We asked.", "evidence": [file]})
    given = [(each["by"], each["name"], each["content_type"]) for each in answered["evidence"]]
    assert given == [("buyer", "atxt.exe.txt", "text/plain"), ("agency", "atxt.exe.txt", "text/plain")]
    got = api(agency).get(f"/disputes/{opened['id']}/evidence/{answered['evidence'][0]['id']}")
    assert got.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert got.headers["X-Content-Type-Options"] == "nosniff"

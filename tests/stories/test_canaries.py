"""Nobody but a buyer sees a person: every route as every role, and everything that is written down anywhere."""

import io
import json
import logging
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from marketplace.kit.db import session, transaction
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.people import make_person
from tests.factories.story import buy, open_listing

#: each of these stands in a lead and nowhere else; a part of a phone number is as good as the whole
CANARIES = re.compile(r"canary|kanarek|2125550199|5550199|203\.0\.113\.77|\b94105\b", re.IGNORECASE)
PERSON = {
    "first_name": "Canaryella",
    "last_name": "Kanarek",
    "phone": "+12122365501",
    "email": "canary.kanarek@gmail.com",
    "social_url": "https://linkedin.com/in/canary-kanarek",
    "street": "1 Canary Wharf",
    "city": "Canaryville",
    "region": "Canary County",
    "postal_code": "94105",
    "ip": "203.0.113.77",
    "user_agent": "Canary/1.0",
    "page_url": "https://forms.test/?email=canary.kanarek@gmail.com",
    "traffic_source": "canary source",
    "preferred_call_time": "after canary feeding",
    "comment": "Ask for Canary, 212 555 0199",
    "incentive": "a canary",
    "answers": {"subject": "canary breeding, call +12125550199"},
}
ROWS = [
    ["Canaryella Kanarek", "+13122365502", "canary2@gmail.com", "canary singing", "Bachelor"],
    ["Canary Broken", "212-555-0199", "canary@@nowhere", "x", "canary degree"],
    ["", "canary", "", "", ""],
]
HEADER = ["full_name", "phone", "email", "subject", "education_level", "submitted_at"]


@pytest.fixture
def world(app, api, run_jobs):
    """A sold lead full of canaries, an unsold one, an import with good and bad rows, a dispute with a file."""
    people = {
        kind: make_person(kind.split("-")[-1]) for kind in ("agency", "other-agency", "buyer", "other-buyer", "staff")
    }
    agency, buyer = api(people["agency"]), api(people["buyer"])
    top_up, _other = [fund(people[name].who, 100_000) for name in ("buyer", "other-buyer")]
    listing = open_listing(agency, exclusivity="shared", max_buyers=3, kind="consumer")
    consent = {**make_lead()["consent"], "token": "canary-token", "text": "I, Canary, agree."}
    sold = make_lead(**PERSON, consent=consent)
    another = {"phone": "+14152365503", "email": "canary3@gmail.com", "social_url": "https://linkedin.com/in/canary-3"}
    unsold = make_lead(**{**PERSON, **another, "external_id": "canary3@gmail.com"}, consent=consent)
    broken = make_lead(phone="canary", email="canary@@x", answers={"education_level": "canary"}, canary_field=1)
    sent = agency.post(f"/listings/{listing}/leads", [sold, unsold, broken], idem="batch")
    assert [item["status"] for item in sent["items"]] == ["accepted", "accepted", "rejected"], sent.body
    order = buy(buyer, sent["items"][0]["id"])
    words = {"reason": "bot", "statement": "It was a program."}
    dispute = buyer.post(f"/orders/{order}/disputes", {**words, "evidence": [{"name": "a.txt", "content": "YWJj"}]})
    return people, {
        "listing_id": listing,
        "lead_id": sent["items"][1]["id"],
        "sold": sent["items"][0]["id"],
        "import_id": imported(agency, listing, run_jobs),
        "order_id": order,
        "dispute_id": dispute["id"],
        "evidence_id": dispute["evidence"][0]["id"],
        "top_up_id": top_up,
        "org_id": str(people["buyer"].org_id),
        "slug": "education",
    }


def imported(agency, listing, run_jobs):
    now = make_lead()["submitted_at"]
    lines = [",".join(f'"{cell}"' for cell in [*row, now]) for row in ROWS]
    content = "\n".join([",".join(HEADER), *lines]).encode()
    form = {"file": (io.BytesIO(content), "leads.csv"), "consent_text": "I agree.", "consent_version": "1"}
    sent = agency.post(f"/listings/{listing}/imports", form=form, auto=1)
    assert sent.status == 202, sent.body
    run_jobs()
    done = agency.get(f"/imports/{sent['id']}")
    assert (done["state"], done["accepted"], done["rejected"]) == ("done", 1, 2), done.body
    return sent["id"]


def routes(app):
    """Every method of every address of the API."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/"):
            for method in sorted(rule.methods - {"OPTIONS"}):
                yield method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1"))


BODIES = {
    "/orders": lambda ids: {
        "lead_ids": [ids["lead_id"], ids["sold"]], "max_total": {"amount": 9_000, "currency": "USD"},
    },
    "/orders/{order_id}/disputes": lambda _: {"reason": "bot", "statement": "It was a program."},
    "/disputes/{dispute_id}/answers": lambda _: {"statement": "It was a person."},
    "/disputes/{dispute_id}/decisions": lambda _: {
        "outcome": "rejected", "refund_percent": 0, "reasoning": "Nothing to see.",
    },
    "/listings/{listing_id}": lambda _: {"title": "Another title"},
}  # fmt: skip
OWN_FILE = ("agency", "/imports/{import_id}/errors.csv")
OWN_CONTACT = ("buyer", "/orders/{order_id}")


def walk(app, api, people, ids):
    """Each address as each role: -> (role, address, answer)."""
    for role in [None, "other-agency", "other-buyer", "agency", "staff", "buyer"]:
        for method, path in routes(app):
            script, body = api(people.get(role)), BODIES.get(path, lambda _: None)(ids)
            if method in ("GET", "HEAD"):
                yield role, path, script.send(method, path.format(**ids), script.key)
            else:
                yield role, path, script.send(method, path.format(**ids), script.key, json=body)


def test_no_answer_log_event_job_or_row_shows_a_person_to_whoever_did_not_buy(
    app, api, world, mail, run_jobs, caplog, capfd
):
    people, ids = world
    caplog.set_level(logging.DEBUG)
    seen = set()
    with capture_logs() as logs:
        for role, path, answer in walk(app, api, people, ids):
            assert answer.status < 500, (role, path, answer.text)
            if (role, path) in (OWN_FILE, OWN_CONTACT) and answer.status == 200:
                seen.add((role, path)) if CANARIES.search(answer.text) else None
                continue
            assert not CANARIES.search(answer.text), (role, path, answer.text)
            assert not CANARIES.search(str(answer.headers)), (role, path)
        jobs = job_arguments()
        run_jobs()
    assert seen == {OWN_FILE, OWN_CONTACT}
    spoken = {"structured": str(logs), "plain": caplog.text, "jobs": jobs, "letters": str(mail.letters)}
    spoken |= {"streams": "".join(capfd.readouterr())}
    assert [name for name, words in spoken.items() if CANARIES.search(words)] == []
    assert rows_with_canaries() == []
    assert files_with_canaries(app) == []


def job_arguments():
    with transaction():
        return json.dumps(session().execute(text("SELECT args FROM procrastinate_jobs")).scalars().all())


def rows_with_canaries():
    """Tables in which a canary can be read without a key."""
    with transaction():
        tables = session().scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        found = {name: session().scalars(text(f'SELECT t::text FROM "{name}" t')).all() for name in tables}
    assert found["leads"]
    assert found["import_rows"]
    return [(name, row[:300]) for name, rows in found.items() for row in rows if CANARIES.search(row)]


def files_with_canaries(app):
    folder = Path(urlsplit(app.extensions["settings"].files_url).path)
    stored = [path for path in folder.rglob("*") if path.is_file()]
    assert stored
    return [path for path in stored if CANARIES.search(path.read_bytes().decode("latin-1"))]

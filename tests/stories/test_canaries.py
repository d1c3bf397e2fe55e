"""Nobody but a buyer sees a person: every operation of the API as every role, and everything written down anywhere."""

import re
from itertools import product

from tests.factories.canaries import API, person_in

BODIES = {
    "orders": lambda things: {
        "lead_ids": things["lead_id"], "max_total": {"amount": 9_000, "currency": "USD"},
    },
    "orders/{order_id}/disputes": lambda _: {"reason": "bot", "statement": "It was a program."},
    "disputes/{dispute_id}/answers": lambda _: {"statement": "It was a person."},
    "disputes/{dispute_id}/decisions": lambda _: {
        "outcome": "rejected", "refund_percent": 0, "reasoning": "Nothing to see.",
    },
    "listings/{listing_id}": lambda _: {"title": "Another title"},
}  # fmt: skip
OWN_FILE = ("agency", "imports/{import_id}/errors.csv")
OWN_CONTACT = ("buyer", "orders/{order_id}")
TO_CALL = ("staff", "lead-audits/{audit_id}/contact")
TO_ASK = ("staff", "report-doubts/{doubt_id}/calls/{doubt_call_id}/contact")
ALLOWED = {OWN_FILE, OWN_CONTACT, TO_CALL, TO_ASK}


def operations(app, world):
    """Each method of each address of the API, about each thing: -> (method, operation, address)."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(API):
            operation = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix(API)
            for address, method in product(world.addresses(rule), sorted(rule.methods - {"OPTIONS"})):
                yield method, operation, address.removeprefix(API)


def walk(app, api, world):
    """Each operation as each role: -> (role, method, operation, answer)."""
    for role, person in world.people.items():
        script = api(person)
        for method, operation, address in operations(app, world):
            body = BODIES.get(operation, lambda _: None)(world.things)
            content = {} if method in ("GET", "HEAD") else {"json": body}
            yield role, method, operation, script.send(method, f"/{address}", script.key, **content)


def test_no_answer_log_event_job_or_row_shows_a_person_to_whoever_did_not_buy(app, api, world, leaks, mail, run_jobs):
    seen, read = set(), set()
    for role, method, operation, answer in walk(app, api, world):
        assert answer.status < 500 or answer.code == "payments_unavailable", (role, operation, answer.text)
        if method == "GET" and answer.status == 200:
            read.add(operation)
        if (role, operation) in ALLOWED and answer.status == 200:
            seen |= {(role, operation)} if person_in(answer.text) else set()
            continue
        assert not person_in(answer.text + str(answer.headers)), (role, method, operation)
    assert seen == ALLOWED
    assert {operation for method, operation, _ in operations(app, world) if method == "GET"} == read
    assert leaks() == []
    run_jobs()
    # the one letter that goes to the person has their address on its envelope, and nothing of them inside
    told = [(each.subject, each.text, each.html, "" if "/asked?" in each.text else each.to) for each in mail.letters]
    assert leaks(letters=str(told)) == []

"""Nobody but a buyer sees a person: every page and part of a page as every role, every form sent by every role."""

import io
import re
from dataclasses import dataclass
from itertools import product
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from marketplace import notices
from marketplace.kit.db import session, transaction
from marketplace.leads import Import, ImportState, imports
from marketplace.leads.models import CallRight
from marketplace.orders import Order
from marketplace.people import queries
from tests.conftest import Visitor
from tests.factories import running
from tests.factories.canaries import API, person_in
from tests.factories.canary_forms import account, forms, questions
from tests.factories.files import columns_of
from tests.factories.pages import Reader, Shown, shown
from tests.factories.passkeys import keep_passkey
from tests.factories.people import make_person

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

SAFE = {"GET", "HEAD", "OPTIONS"}
#: as a whole page, and as what a script of the page asks for
ASKED_AS = ({}, {"HX-Request": "true", "Accept": "application/json"})
#: where the agency sees the first rows of its own file until it runs, also when a form comes back
PREVIEWS = {"imports.show", "imports.read_again", "imports.match", "imports.start"}
#: where staff open a contact in order to call, by what the address names the call
TO_CALL = {"admin_reports.contact": "doubt_call_id", "admin_calls.contact": "audit_id"}
SEEN = {
    ("buyer", "orders.show"),
    ("other-buyer", "orders.show"),
    ("agency", "imports.rejected"),
    *(("staff", endpoint) for endpoint in TO_CALL),
    *(("agency", endpoint) for endpoint in PREVIEWS),
}
#: forms after which a browser is signed out, or somebody else
ENDS = {"auth.enter", "auth.sign_out", "auth.reset", "sign_up.join"}
#: only Stripe, and somebody's own device, can sign what they take
REFUSED = {"webhooks.stripe", "auth.enter_with_passkey"}


@dataclass(frozen=True)
class Step:
    """An answer, and the organisation whose right it is to see a person there."""

    address: str
    endpoint: str
    right: UUID | None
    answer: Shown


class Browser:
    """Somebody at the pages: whatever an answer did to the session, the next request is theirs again."""

    def __init__(self, app, person):
        self.reader, self.person = Reader(Visitor(app, app.response_class, use_cookies=True)), person
        self._come_in()

    def _come_in(self):
        if self.person:
            assert self.reader.sign_in(self.person).status == 303
        self.token = self.reader.token()
        self.cookie = self.reader.client.get_cookie("fairlead").value

    def open(self, method, address, **content):
        self.reader.client.set_cookie("fairlead", self.cookie)
        return self._step(method, address, content)

    def send(self, method, address, fields):
        """The answer to a form, and the pages that it leads to with what they say about it."""
        files = {name: (io.BytesIO(value), "a.csv") for name, value in fields.items() if isinstance(value, bytes)}
        sent = step = self.open(method, address, data={"csrf_token": self.token, **fields, **files})
        yield step
        while step.answer.location.startswith("/"):
            step = self._step("GET", step.answer.location, {})
            yield step
        if self.person and sent.endpoint in ENDS:
            self._come_in()

    def _step(self, method, address, content):
        client = self.reader.client
        endpoint, arguments = client.application.url_map.bind("").match(re.split("[?#]", address)[0], method)
        right = right_at(endpoint, arguments)
        answer = shown(client.open(address, method=method, **content))
        if endpoint in TO_CALL:  # the right to call somebody comes with asking whom
            right = right_at(endpoint, arguments)
        return Step(address, endpoint, right, answer)


def right_at(endpoint, arguments):
    """The organisation whose right it is to see a person there, nobody's on any other page."""
    with transaction():
        if endpoint in TO_CALL:
            mine = CallRight.audit_id == arguments[TO_CALL[endpoint]]
            return session().scalar(select(CallRight.org_id).where(mine))
        if endpoint == "orders.show":
            return session().scalar(select(Order.buyer_id).where(Order.id == arguments["order_id"]))
        if endpoint in PREVIEWS | {"imports.rejected"}:
            row = session().get(Import, arguments["import_id"], populate_existing=True)
            return row.agency_id if endpoint == "imports.rejected" or row.state == ImportState.WAITING else None
    return None


@pytest.fixture
def demo(app, gateway):
    """The application as the demo has it: the pages of letters exist there alone."""
    with running.as_demo(app) as demo:
        yield demo


@pytest.fixture
def run_jobs(demo):
    return lambda: running.run_jobs(demo)


@pytest.fixture
def secrets(demo, gateway, world, run_jobs):
    """The world with what only pages are about; -> what only its people know: tokens of letters, how a file is read."""
    agency, buyer = (Browser(demo, world.people[name]).reader for name in ("agency", "buyer"))
    members = [make_person("agency", role="member", org_id=world.people["agency"].org_id) for _ in range(2)]
    for email in ("goes@example.com", "joins@example.com"):
        assert agency.post("/team/invitations", email=email, role="member").status == 303
    assert agency.post("/forgot", email=members[0].email).status == 303
    assert agency.post("/sign-up", **account("confirms@example.com")).status == 303
    key = str(uuid4())
    leads = [world.things["lead_id"][0], world.things["lead_id"][-1]]
    assert buyer.post("/catalog/purchases", lead=leads, currency="USD", key=key, max_total="9000").status == 303
    run_jobs()
    with transaction():
        letters = notices.outbox()
        _joins, goes = queries.invitations_for(world.people["agency"].who)
        used = queries.api_keys_for(world.people["agency"].who)[0]
        elsewhere = queries.sign_ins_for(world.people["agency"].who)[0].id
    world.things.update(
        key=[key],
        key_id=[str(used.id)],
        user_id=[str(member.who.user_id) for member in members],
        invitation_id=[str(goes.id)],
        letter_id=[str(letters[0].id)],
        sign_in_id=[str(elsewhere)],
        passkey_id=[str(keep_passkey(world.people["agency"]))],
    )
    found = [re.search(r"/(join|reset|confirm|asked)\?token=(\S+)", letter.text) for letter in reversed(letters)]
    columns = columns_of(agency.get(f"/imports/{world.things['import_id'][1]}"))
    return {"email": members[0].email, "columns": columns, **dict(each.groups() for each in found if each)}


def page_rules(app):
    """Everything that the walk through the API leaves out, but for the files of the pages."""
    rules = [rule for rule in app.url_map.iter_rules() if not rule.rule.startswith(API)]
    return [rule for rule in rules if rule.endpoint != "assets"]


def reading(demo, world, secrets, *, of="", asked_as=({},)):
    """Every page and part as every role: -> (role, step). Where they lead is not followed: it is read by itself.

    of: only those whose endpoint begins so.
    """
    more = questions(world.things, secrets)
    for role, person in world.people.items():
        browser = Browser(demo, person)
        for rule in (rule for rule in page_rules(demo) if "GET" in rule.methods and rule.endpoint.startswith(of)):
            for address, query, headers in product(world.addresses(rule), ["", *more.get(rule.endpoint, [])], asked_as):
                yield role, browser.open("GET", f"{address}?{query}", headers=headers)


def sending(demo, world, secrets):
    """Every form by every role, one form after the other: -> (role, step)."""
    browsers = {role: Browser(demo, person) for role, person in world.people.items()}
    takers = [rule for rule in page_rules(demo) if rule.methods - SAFE]
    sent = forms(world.things, secrets)
    assert {form.endpoint for form in sent} == {rule.endpoint for rule in takers}
    for form, rule in product(sent, takers):
        for method in sorted(rule.methods - SAFE) if rule.endpoint == form.endpoint else ():
            for role, browser in browsers.items():
                for step in browser.send(method, world.address(rule, form.at), form.fields):
                    yield role, step
        if form.then:
            form.then()


def is_let_in(person, step):
    """Whether the route did what it is for: who is not signed in is led to do so, and those pages lead there, too."""
    is_led_away = not person and step.answer.location.startswith("/sign-in") and not step.endpoint.startswith("auth.")
    return step.answer.status < 400 and not is_led_away


def test_no_page_form_log_letter_or_row_shows_a_person_to_whoever_did_not_buy(demo, world, secrets, leaks, run_jobs):
    seen, reached, chunks = set(), set(), []

    def watch(steps):
        for role, step in steps:
            answer, person = step.answer, world.people[role]
            assert answer.status < 500, (role, step)
            reached.update({step.endpoint} if is_let_in(person, step) else ())
            if person and step.right == person.org_id:
                seen.update({(role, step.endpoint)} if person_in(answer.text) else ())
            else:
                assert not person_in(answer.text + str(answer.headers)), (role, step.address)

    def read_again(rows):
        chunks.append(rows)
        watch(reading(demo, world, secrets, of="imports."))

    watch(reading(demo, world, secrets, asked_as=ASKED_AS))
    watch(sending(demo, world, secrets))
    assert leaks() == []
    run_jobs()
    paused = UUID(world.things["import_id"][1])
    with transaction():
        imports.resume(world.people["agency"].who, paused)
    imports.run(paused, told=read_again)
    with transaction():
        letters = str(notices.outbox())
    assert leaks(letters=letters) == []
    assert chunks == [3]
    assert seen == SEEN
    assert {rule.endpoint for rule in page_rules(demo)} - reached == REFUSED

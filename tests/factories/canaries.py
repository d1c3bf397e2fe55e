"""A world in which every contact is a canary: whoever reads one without having bought it has found a leak."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule

from marketplace.disputes.reviews import BlindReview
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.orders.outcomes import hooks
from marketplace.people import Who
from tests.factories.api import Api
from tests.factories.banks import dead_news, taken_back, unmade_call
from tests.factories.canary_deals import make_deals
from tests.factories.cards import keep_card
from tests.factories.chain import seal_all
from tests.factories.doubts import ask_proof
from tests.factories.facts import drawn_calls, ringing
from tests.factories.leads import make_lead
from tests.factories.money import fund
from tests.factories.paying import give_back
from tests.factories.payouts import asked, make_payable
from tests.factories.people import Person, make_person
from tests.factories.story import buy, open_listing, put_on_sale
from tests.factories.trials import waiting_trial

#: where the API begins; what stands elsewhere is a page or answers machines
API = "/api/v1/"
#: each of these stands in a lead and nowhere else; a part of a phone number is as good as the whole
_CANARIES = re.compile(
    r"canary(?! islands)|kanarek|555\W{0,2}0199|236\W{0,2}55[0-3]\d|203\.0\.113\.77|\b94105\b", re.IGNORECASE | re.ASCII
)
#: ids, digests and measured times are long enough to hold a few digits of a phone number by chance
_IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}|\b\d+\.\d{9,}")
_PERSON = {
    "first_name": "Canaryella",
    "last_name": "Kanarek",
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
_HEADER = ["full_name", "phone", "email", "subject", "education_level", "submitted_at"]
_BROKEN_ROWS = [
    ["Canary Broken", "212-555-0199", "canary@@nowhere", "x", "canary degree"],
    ["", "canary", "", "", ""],
]
_AROUND = 80
#: how many leads there are, the first of which are sold, the first of which are disputed
_LEADS, _SOLD, _DISPUTED = 9, 6, 5
#: the persons of leads that are paid by the sale, apart from all others
_FIRST_DEAL = 10
#: and those of leads that somebody was paid for
_FIRST_HIRED = 30


@dataclass(frozen=True)
class World:
    """Who may ask, None for somebody without a name; and everything there is, by what routes call it."""

    people: Mapping[str, Person | None]
    things: dict[str, list[str]]

    def addresses(self, rule: Rule) -> list[str]:
        """The rule's address for each thing that it can be about."""
        names = sorted(rule.arguments)
        return [_built(rule, names, values) for values in product(*(self._all(name, rule) for name in names))]

    def address(self, rule: Rule, at: int = 0) -> str:
        """The rule's address for one thing of each kind: the one at this place, where there are that many."""
        names = sorted(rule.arguments)
        found = [self._all(name, rule) for name in names]
        return _built(rule, names, [things[at % len(things)] for things in found])

    def _all(self, name: str, rule: Rule) -> list[str]:
        """A rule about something that the world does not have fails the test: nothing new escapes it."""
        assert name in self.things, f"{rule.rule}: put a real {name} into the world"
        return self.things[name]


def make_world(api: Callable[[Person | None], Api], run_jobs: Callable[[], int]) -> World:
    """Leads sold, disputed and on sale; one file that was imported, two that wait to be; money; people of each kind."""
    people: dict[str, Person | None] = {
        "nobody": None,
        "other-agency": make_person("agency", is_verified=False),
        **{name: make_person(name.split("-")[-1]) for name in ("other-buyer", "agency", "staff", "buyer")},
    }
    agency, buyer = api(people["agency"]), api(people["buyer"])
    top_up, _other = [fund(people[name].who, 100_000) for name in ("buyer", "other-buyer")]
    refund = str(give_back(people["buyer"].who, 1_000)[0])
    setups = [keep_card(people["buyer"].who, last4) for last4 in ("4242", "4444")]
    listing = open_listing(agency, exclusivity="shared", max_buyers=3, kind="consumer")
    leads = _sent(agency, listing)
    orders = [buy(buyer, lead) for lead in leads[:_SOLD]]
    disputes = [_disputed(buyer, order) for order in orders[:_DISPUTED]]
    _appealed(buyer, api(make_person("staff")), disputes[-1]["id"])
    _corrected(agency, disputes[2]["id"])
    _drawn(disputes[-1]["id"])
    hired = [_hired(agency, buyer, api(make_person("staff")), number) for number in range(2)]
    proposer, why = api(make_person("staff")), "They came the same way."
    batches = [
        proposer.post(f"/disputes/{hired[0]}/batches", {"kind": kind, "reason": why})["id"]
        for kind in ("sub_id", "campaign")
    ]
    with transaction():  # a batch is approved only on what cannot be appealed any more
        session().execute(text("UPDATE disputes SET appeal_until = decided_at WHERE id = :id"), {"id": hired[0]})
    deals = make_deals(agency, buyer, [make_lead(**_person(_FIRST_DEAL + number)) for number in range(9)])
    asked = ask_proof(people["buyer"], deals.orders[:2])
    imports = [_import(agency, listing, run_jobs, number=number, auto=number == 0) for number in range(3)]
    done = agency.get(f"/imports/{imports[0]}")
    assert (done["state"], done["accepted"], done["rejected"]) == ("done", 1, 2), done.body
    return World(
        people,
        {
            "listing_id": [listing],
            "lead_id": [*leads[_SOLD:], leads[0]],
            "import_id": imports,
            "order_id": [*orders[_DISPUTED - 1 :], *deals.orders],
            "sale_id": deals.sales,
            "dispute_id": [*(dispute["id"] for dispute in disputes), *hired],
            "batch_id": batches,
            "evidence_id": [disputes[0]["evidence"][0]["id"]],
            "top_up_id": [top_up],
            "refund_id": [refund],
            "setup_id": [str(setup.id) for setup in setups],
            "card_id": [str(setup.card_id) for setup in setups],
            "proposal_id": [
                _proposed(api(make_person("staff")), people[name]) for name in ("other-buyer", "other-agency")
            ],
            "payout_id": [_payout(people["agency"])],
            "document_id": [document["id"] for document in buyer.get("/documents")["items"]],
            "org_id": [str(people[name].org_id) for name in ("buyer", "other-agency", "agency")],
            "chargeback_id": [taken_back()],
            "event_id": [dead_news()],
            "call_id": [unmade_call()],
            "doubt_id": [asked.doubt],
            "doubt_call_id": asked.calls,
            "doubt_file_id": [asked.file],
            "buyer_id": [str(people["buyer"].org_id)],
            "slug": ["education"],
            "agency_id": [str(people[name].org_id) for name in ("agency", "other-agency")],
            "audit_id": drawn_calls(people["agency"].org_id, 3),
            "alarm_id": ringing(people["agency"].org_id, 3),
            "trial_id": [waiting_trial(people["buyer"].who, count) for count in (60, 61)],
            "hook_token": [hook_of(people["buyer"].who)],
            "side": ["buyer", "agency"],
            "number": [str(block.number) for block in seal_all()],
        },
    )


def _proposed(staff: Api, party: Person | None) -> str:
    assert party
    amount = {"amount": 200_00, "currency": "USD"}
    why = "Delivered twice, by our own fault."
    proposal = {"kind": "goodwill", "about": str(party.org_id), "amount": amount, "reason": why}
    return str(staff.post("/proposals", proposal)["id"])


def hook_of(who: Who) -> str:
    with transaction():
        return hooks.renew(who)


def person_in(words: str) -> str:
    """The first part of a contact that stands there, with what is around it; nothing where there is none."""
    plain = _IDS.sub("", words)
    found = _CANARIES.search(plain)
    return plain[max(0, found.start() - _AROUND) : found.end() + _AROUND] if found else ""


def kept_in_clear(app: Flask) -> list[tuple[str, str]]:
    """Rows, jobs among them, and files in which a contact can be read without a key."""
    with transaction():
        tables = session().scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        rows = {name: session().scalars(text(f'SELECT t::text FROM "{name}" t')).all() for name in tables}
    folder = Path(urlsplit(app.extensions["settings"].files_url).path)
    files = {path: path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()}
    assert files
    assert rows["leads"]
    assert rows["import_rows"]
    places = [
        *((name, row) for name, table in rows.items() for row in table),
        *((str(path), files[path]) for path in files),
    ]
    return [(place, found) for place, words in places if (found := person_in(words))]


def _built(rule: Rule, names: Sequence[str], things: Sequence[str]) -> str:
    built = rule.build(dict(zip(names, things, strict=True)), append_unknown=False)
    assert built, rule
    return built[1]


def _payout(agency: Person | None) -> str:
    assert agency
    make_payable(agency)
    return str(asked(agency.who))


def _sent(agency: Api, listing: str) -> list[str]:
    """Leads by API, one of them so broken that it is refused; the ids of the others."""
    consent = {**make_lead()["consent"], "token": "canary-token", "text": "I, Canary, agree."}
    leads = [make_lead(**_person(number), consent=consent) for number in range(_LEADS)]
    broken = make_lead(phone="canary", email="canary@@x", answers={"education_level": "canary"}, canary_field=1)
    sent = agency.post(f"/listings/{listing}/leads", [*leads, broken], idem="batch")
    assert [item["status"] for item in sent["items"]] == ["accepted"] * _LEADS + ["rejected"], sent.body
    return [item["id"] for item in sent["items"][:_LEADS]]


def _person(number: int) -> dict[str, Any]:
    reach = {
        "phone": f"+121223655{number:02}",
        "email": f"canary{number}@gmail.com",
        "social_url": f"https://linkedin.com/in/canary-{number}",
        "external_id": f"canary{number}@gmail.com",
    }
    return {**_PERSON, **reach}


def _disputed(buyer: Api, order: str) -> Any:
    words = {"reason": "wrong_person", "statement": "It was somebody else."}
    return buyer.post(f"/orders/{order}/disputes", {**words, "evidence": [{"name": "a.txt", "content": "YWJj"}]}).body


def _appealed(buyer: Api, staff: Api, dispute: str) -> None:
    verdict = {"outcome": "rejected", "refund_percent": 0, "reasoning": "It was a person."}
    assert staff.post(f"/disputes/{dispute}/decisions", verdict).status == 201
    assert buyer.post(f"/disputes/{dispute}/appeals", {"statement": "It was not."}).status == 201


def _corrected(agency: Api, dispute: str) -> None:
    """A typo in the name, put right on the one page on which its buyer reads it."""
    offered = agency.post(f"/disputes/{dispute}/correction", {"field": "first_name", "value": "Cenaryella"})
    assert offered.status == 201, offered.body


def _drawn(dispute: str) -> None:
    """As if the lot had fallen on its decision."""
    with transaction():
        drawn = BlindReview(dispute_id=UUID(dispute), first_percent=0, drawn_at=clock.now())
        session().add(drawn)


def _hired(agency: Api, buyer: Api, staff: Api, number: int) -> str:
    """A dispute that proves a paid filler, of a lead with a sub-ID and a campaign."""
    marks = {"sub_id": f"sub-{number}", "campaign": f"campaign-{number}"}
    (lead,) = put_on_sale(agency, make_lead(**_person(_FIRST_HIRED + number), **marks))
    said = {"reason": "hired", "statement": "They say that they were paid."}
    dispute = buyer.post(f"/orders/{buy(buyer, lead)}/disputes", said)["id"]
    verdict = {"outcome": "upheld", "refund_percent": 100, "reasoning": "They were paid."}
    assert staff.post(f"/disputes/{dispute}/decisions", verdict).status == 201
    return str(dispute)


def _import(agency: Api, listing: str, run_jobs: Callable[[], int], *, number: int, auto: bool) -> str:
    form = {"file": (io.BytesIO(file_of(20 + number)), "leads.csv"), "consent_text": "I agree.", "consent_version": "1"}
    sent = agency.post(f"/listings/{listing}/imports", form=form, auto=int(auto))
    assert sent.status == 202, sent.body
    run_jobs()
    return sent["id"]


def file_of(number: int) -> bytes:
    """A file with one good row and two bad ones; no two numbers have a good row in common."""
    good = ["Canaryella Kanarek", f"+121223655{number:02}", f"canary{number}@gmail.com", "canary singing", "Bachelor"]
    now = make_lead()["submitted_at"]
    lines = [",".join(f'"{cell}"' for cell in [*row, now]) for row in (good, *_BROKEN_ROWS)]
    return "\n".join([",".join(_HEADER), *lines]).encode()

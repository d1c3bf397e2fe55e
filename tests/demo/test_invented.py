"""The people of the demo are nobody twice: no lead carries a mark for a likeness that nobody meant."""

from datetime import UTC, datetime
from itertools import combinations

from marketplace.checks.likeness import stored_matcher
from marketplace.demo.history import AGENCY
from marketplace.demo.invented import leads
from marketplace.demo.world import LISTINGS
from marketplace.leads.likeness import person_in_lead

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
#: of the hundred days before: trade, leads, seed
PAST = [("education", 6, 41), ("education", 6, 42), *(("education", 3, seed) for seed in (61, 62, 63))]
#: below it nothing is said of a lead
SAID = 0.5


def sent():
    """Everything that each agency of the demo sends: its address, and its leads."""
    by_agency = {AGENCY: [lead for row in PAST for lead in leads(*row[:2], NOW, row[2])]}
    for seed, (agency, vertical, *_terms, count) in enumerate(LISTINGS, start=1):
        by_agency.setdefault(agency, []).extend(leads(vertical, count, NOW, seed))
    return by_agency


def test_no_two_people_of_an_agency_are_likely_the_same():
    likely = stored_matcher().probability
    for theirs in sent().values():
        assert len(theirs) > 40
        people = [person_in_lead(lead, lead["phone"]) for lead in theirs]
        assert likely(people[0], people[0]) > SAID
        assert [pair for pair in combinations(people, 2) if likely(*pair) >= SAID] == []


def test_the_same_seed_is_the_same_people():
    assert list(leads("insurance", 5, NOW, 3)) == list(leads("insurance", 5, NOW, 3))

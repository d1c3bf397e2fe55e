"""An agency whose leads are paid by the sale, a buyer with money, staff: each with a script."""

import pytest

from marketplace.insights import run_checks
from tests.factories.money import fund
from tests.factories.people import make_person


@pytest.fixture
def people(app):
    return {kind: make_person(kind) for kind in ("agency", "buyer", "staff")}


@pytest.fixture
def agency(people, api):
    return api(people["agency"])


@pytest.fixture
def buyer(people, api):
    fund(people["buyer"].who, 1_000_00)
    return api(people["buyer"])


@pytest.fixture
def poor(people, api):
    """The same buyer with 25.00 only."""
    fund(people["buyer"].who, 25_00)
    return api(people["buyer"])


@pytest.fixture
def staff(people, api):
    return api(people["staff"])


@pytest.fixture
def holds():
    """Every invariant, by the codes of those that are broken."""
    return lambda: {finding.code: finding.rows for finding in run_checks() if not finding.holds}

"""Documents in a database, issued without a world behind them."""

from datetime import date

import pytest

from marketplace.billing import documents
from marketplace.billing.documents import Document, DocumentKind, Draft
from marketplace.kit.db import transaction
from tests.factories.documents import line
from tests.factories.people import make_person


@pytest.fixture
def org(app):
    """A buyer whose documents are issued."""
    return make_person("buyer")


@pytest.fixture
def issue(org):
    """Issue a document for the organisation, with a line for each amount, in a transaction of its own."""

    def make(*cents, kind=DocumentKind.INVOICE, **more) -> Document:
        with transaction():
            period = None if kind == DocumentKind.RECEIPT else date(2026, 11, 1)
            lines = [line(org.org_id, each) for each in cents or (2_500,)]
            return documents.issue(Draft(kind, org.org_id, "USD", lines, **{"period": period, **more}))

    return make

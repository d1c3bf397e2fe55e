"""Readers of the pages of staff."""

import pytest

from marketplace.disputes.jobs import let_fall
from tests.conftest import Visitor
from tests.factories.pages import Reader
from tests.factories.people import make_person


@pytest.fixture
def visit(app):
    """A new browser: visit() for a visitor, visit(person) for somebody who has signed in."""

    def visit(person=None) -> Reader:
        reader = Reader(Visitor(app, app.response_class, use_cookies=True))
        if person:
            assert reader.sign_in(person).status == 303
        return reader

    return visit


@pytest.fixture
def half_a_minute(clock):
    """After it nothing that was decided can be taken back."""

    def pass_by():
        clock.advance(seconds=31)
        let_fall()

    return pass_by


@pytest.fixture
def staff(visit):
    return visit(make_person("staff"))

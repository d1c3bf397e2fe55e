"""An owner to write to, and a transport that can be told to fail."""

import pytest
from sqlalchemy import select

from marketplace import notices
from marketplace.kit.db import session, transaction
from marketplace.kit.mail import Undelivered
from marketplace.notices import Letter
from marketplace.people import actions, queries


@pytest.fixture
def owner(app):
    with transaction():
        org = actions.open_organisation("agency", "Bright & <b>Solar</b>", "US")
        actions.create_user(
            email="dana@example.com", name="Dana", password="correct horse battery", org_id=org.id, role="owner"
        )
        return queries.who_of_address("dana@example.com", via="page")


@pytest.fixture
def post(app):
    """Send every letter that waits: -> how many are in the table."""

    def run():
        with transaction():
            ids = session().scalars(select(Letter.id).order_by(Letter.created_at, Letter.id)).all()
        for letter_id in ids:
            notices.send(letter_id=str(letter_id))
        return len(ids)

    return run


class Broken:
    """A transport that refuses the first letters, as many as it is told."""

    def __init__(self, refusals):
        self.refusals = refusals
        self.letters = []

    def send(self, letter):
        if self.refusals:
            self.refusals -= 1
            raise Undelivered("refused")
        self.letters.append(letter)


@pytest.fixture
def use_transport(app):
    """Another transport for one test."""

    def use(transport):
        notices.use_transport(transport, "http://127.0.0.1", "Fairlead <hello@fairlead.test>")
        return transport

    return use


@pytest.fixture
def broken(use_transport):
    return lambda refusals: use_transport(Broken(refusals))


@pytest.fixture
def kept(use_transport):
    return use_transport(notices.Kept())

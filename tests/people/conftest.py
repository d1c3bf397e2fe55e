"""People for the tests of people: valid by default, a test says only what matters to it."""

import itertools

import pytest

from marketplace.kit.db import transaction
from marketplace.people import actions, queries, terms
from marketplace.people.schemas import SignUpForm

PASSWORD = "correct horse battery"


@pytest.fixture
def make_org(app):
    """A new organisation: kind -> its id."""

    def make(kind="buyer", name="Brightside Solar"):
        with transaction():
            return actions.open_organisation(kind, name, "US").id

    return make


@pytest.fixture
def make_who(make_org):
    """A confirmed person in an organisation, a new one unless told which: -> Who."""
    numbers = itertools.count(1)

    def make(kind="buyer", role="owner", email="", org_id=None):
        email = email or f"person{next(numbers)}@example.com"
        org_id = org_id or make_org(kind)
        with transaction():
            actions.create_user(email=email, name="Dana Ortiz", password=PASSWORD, org_id=org_id, role=role)
            return queries.who_of_address(email, via="page", org_id=org_id)

    return make


@pytest.fixture
def sign_up(app):
    """The whole form as a person fills it, with changes: -> nothing, as in life."""

    def do(**changes):
        form = {
            "kind": "buyer",
            "organisation": "Brightside Solar LLC",
            "country": "US",
            "name": "Dana Ortiz",
            "email": "dana@brightside.example",
            "password": PASSWORD,
            "accept": "on",
            **terms.current(),
        }
        with transaction():
            actions.sign_up(SignUpForm().load({**form, **changes}))

    return do

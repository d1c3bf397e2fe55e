"""A contact tells nothing about itself to whoever only prints it."""

import io
import logging
import traceback

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError

from marketplace.kit.db import session
from marketplace.leads import Lead
from marketplace.leads.contact import Contact
from tests.factories.people import make_person
from tests.factories.queries import listening
from tests.factories.story import put_on_sale

SECRETS = ("Maria", "Sandoval", "+12125550123", "maria@example.com", "roofing", "I agree", "2026-11-01")


@pytest.fixture
def contact():
    return Contact(
        {"first_name": "Maria", "last_name": "Sandoval", "email": "maria@example.com"},
        "+12125550123",
        {"text": "I agree."},
        {"service": "roofing"},
        "2026-11-01T10:00:00+00:00",
    )


def test_a_lead_that_is_read_does_not_carry_its_sealed_contact_along(api):
    put_on_sale(api(make_person("agency")))
    asked = []
    with listening(asked):
        lead = session().scalars(select(Lead)).one()
    assert "sealed" not in asked[-1][1]
    with pytest.raises(InvalidRequestError, match="sealed"):
        _ = lead.sealed


def logged(contact):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("tests.contact")
    logger.addHandler(handler)
    try:
        logger.warning("handed over %s", contact)
        logger.warning("handed over %r", {"contact": contact})
    finally:
        logger.removeHandler(handler)
    return stream.getvalue()


def rendered(contact):
    return structlog.processors.JSONRenderer(default=repr)(None, "info", {"event": "handed over", "contact": contact})


def traced(contact):
    def hand_over(contact, several):
        raise ValueError(contact)

    try:
        hand_over(contact, [contact])
    except ValueError as error:
        return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


@pytest.mark.parametrize(
    "show",
    [repr, str, format, "{0} {0!r} {0!s}".format, lambda it: f"{[it]} {(it,)}", logged, rendered, traced],
)
def test_nothing_of_it_is_shown(contact, show):
    shown = str(show(contact))
    assert "Contact" in shown
    assert [secret for secret in SECRETS if secret in shown] == []


def test_what_it_holds_is_still_there_for_whoever_asks(contact):
    assert (contact.name, contact.to_json()["email"]) == ("Maria Sandoval", "maria@example.com")
    assert contact == Contact(
        contact.fields, contact.phone_e164, contact.consent, contact.answers, contact.submitted_at
    )

import pytest
from marshmallow import ValidationError

from marketplace.people.addresses import clean_email, countries
from marketplace.people.queries import Addressee
from marketplace.people.schemas import DetailsForm, Joining, KeyForm, SignUp


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        (" Dana@Example.COM ", "dana@example.com"),
        ("agency@demo.test", "agency@demo.test"),
        ("d@XN--EXMPLE-CUA.de", "d@ex\u00e4mple.de"),
    ],
)
def test_an_address_has_one_form(typed, clean):
    assert clean_email(typed) == clean


@pytest.mark.parametrize("typed", ["", "dana", "dana@", "@example.com", "a@b", "a b@example.com", "x" * 300 + "@a.com"])
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ValueError, match="not an address"):
        clean_email(typed)


def test_countries_are_named_in_the_readers_language(app):
    names = dict(countries())
    assert names["US"] == "United States"
    assert not {"EU", "UN", "ZZ", "XA"} & set(names)


@pytest.mark.parametrize("site", ["javascript:alert(1)", "ftp://example.com", "just words"])
def test_a_website_is_a_web_address_or_nothing(app, site):
    with pytest.raises(ValidationError) as error:
        DetailsForm().load({"website": site})
    assert list(error.value.messages) == ["website"]
    assert DetailsForm().load({}) == {"website": "", "registration_number": ""}
    assert DetailsForm().load({"website": "https://b.example"})["website"] == "https://b.example"


def test_scopes_are_known_words_and_at_least_one(app):
    for scopes in ([], ["everything"], "leads:read", [None]):
        with pytest.raises(ValidationError):
            KeyForm().load({"name": "CRM", "scopes": scopes})
    assert KeyForm().load({"name": "CRM", "scopes": ["leads:read"]})["scopes"] == ["leads:read"]


def test_what_is_secret_is_not_shown_by_accident():
    form = SignUp("buyer", "Brightside", "US", "Dana", "dana@example.com", "correct horse battery", {})
    shown = repr((form, Joining("correct horse battery"), Addressee("dana@example.com", "en")))
    assert "dana@" not in shown
    assert "horse" not in shown

"""The address of a form, read: after a refusal was loaded again, or after somebody had to sign in, there is a page."""

import pytest
from flask import current_app

from marketplace.kit.db import transaction
from marketplace.people import actions, queries
from tests.factories.people import PASSWORD, make_person
from tests.factories.story import open_listing


def only_sent():
    """Addresses of forms that have no page of their own, filled in with a stranger's ids."""
    adapter = current_app.url_map.bind("localhost")
    unknown = "01900000-0000-7000-8000-000000000000"
    for rule in current_app.url_map.iter_rules():
        if "POST" in rule.methods and not rule.rule.startswith(("/api/", "/webhooks/")):
            known = {name: next(iter(getattr(rule._converters[name], "items", [unknown]))) for name in rule.arguments}
            path = rule.build(known, append_unknown=False)[1]
            if not adapter.test(path, "GET"):
                yield path


def test_no_form_ends_on_an_address_that_cannot_be_read(visit, app):
    found = list(only_sent())
    assert len(found) > 30
    reader = visit(make_person("staff"))
    for path in found:
        answer = reader.get(path)
        assert answer.status == 303, path
        assert path.startswith(answer.location), path
        assert reader.get(answer.location).status in (200, 302, 303, 403, 404), path


@pytest.mark.parametrize(
    ("path", "page"),
    [("/wallet/refunds", "/wallet"), ("/sign-out", "/"), ("/admin/money/checks", "/admin/money")],
)
def test_the_nearest_page_is_shown(visit, app, path, page):
    assert visit(make_person("buyer")).get(path).location == page


def test_whoever_must_sign_in_again_comes_back_to_the_page_of_the_form(visit, app, api):
    person = make_person("agency")
    listing = open_listing(api(person))
    reader = visit(person)
    with transaction():  # in another browser: every older session ends
        actions.change_password(queries.who_of_address(person.email), PASSWORD, "another good password")
    sent = reader.post(f"/listings/{listing}/state", state="paused")
    assert (sent.status, sent.location) == (303, f"/sign-in?next=/listings/{listing}")
    back = reader.sign_in(person, "another good password", next=f"/listings/{listing}")
    assert back.location == f"/listings/{listing}"


def test_machines_are_told_that_the_method_is_wrong(client, api, app):
    assert client.get("/webhooks/stripe").status_code == 405
    wrong = api(make_person("staff")).get("/sweeps/none")
    assert wrong.status == 404
    assert client.delete("/wallet").status_code == 405

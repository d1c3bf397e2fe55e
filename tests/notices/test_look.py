import re
from datetime import datetime, timedelta, timezone

import pytest
from flask_babel import force_locale
from jinja2 import UndefinedError

from marketplace.kit.render import TEMPLATES, moment, render
from marketplace.notices.look import dress, look, read


def test_rules_are_copied_into_style_attributes_classes_after_elements():
    worn = read("/* p { } */ p, td { margin: 0; color: red } .big { color: blue; } p { top: 1px }")
    html = dress('<p class="x big">a</p><td>b</td><br><p\nid="1">', worn)
    assert html == (
        '<p class="x big" style="margin: 0;color: red;top: 1px;color: blue;">a</p>'
        '<td style="margin: 0;color: red;">b</td><br>'
        '<p\nid="1" style="margin: 0;color: red;top: 1px;">'
    )


def test_media_rules_stay_a_style_sheet_and_win_over_attributes():
    media = look().media
    assert media.count("@media") == 2
    bodies = re.findall(r"\{([^{}]+)\}", media)
    assert bodies
    assert all(each.strip().endswith("!important") for body in bodies for each in body.split(";") if each.strip())
    assert not [selector for selector in look().rules if "@" in selector or " " in selector]


def test_words_from_outside_never_become_tags():
    worn = read("b { top: 1px }")
    assert dress("&lt;b&gt; 1 < 2", worn) == "&lt;b&gt; 1 < 2"


@pytest.mark.parametrize("path", sorted(path.name for path in (TEMPLATES / "emails").glob("[a-z]*.html")))
def test_each_letter_has_both_versions(path):
    assert (TEMPLATES / "emails" / path.replace(".html", ".txt")).exists()


@pytest.mark.parametrize("path", sorted(path.name for path in (TEMPLATES / "emails").glob("*.html")))
def test_every_class_in_a_letter_has_a_rule(path):
    classes = re.findall(r'class="([^"]*)"', (TEMPLATES / "emails" / path).read_text())
    assert set(" ".join(classes).split()) <= {selector.removeprefix(".") for selector in look().rules}


def test_a_moment_is_written_in_the_readers_language_with_its_zone(app):
    at = datetime(2026, 11, 26, 15, 12, tzinfo=timezone(timedelta(hours=1)))
    assert moment(at) == "Thu 26 Nov 2026, 14:12 UTC"
    with force_locale("pl"):
        assert moment(at) == "czw. 26 lis 2026, 14:12 UTC"


def test_a_letter_needs_every_value_that_it_shows(app):
    with pytest.raises(UndefinedError):
        render("emails/confirm_address.txt", "en")

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import request

from marketplace.kit.money import Money

COMPONENTS = Path(__file__).parents[2] / "templates/components"
NOW = datetime(2026, 11, 19, 15, 12, tzinfo=UTC)


@pytest.fixture
def part(render):
    """Render a call of a component: part("tag", "tag", "tag('held')")."""

    def part(file: str, macro: str, call: str, **values: object) -> str:
        return render(f'{{% from "components/{file}.html" import {macro} %}}{{{{ {call} }}}}', **values)

    return part


@pytest.mark.parametrize("name", sorted(path.stem for path in COMPONENTS.glob("*.html")))
def test_each_component_says_what_it_is_for(name):
    text = (COMPONENTS / f"{name}.html").read_text()
    assert re.search(r"\{#.+#\}", text, re.DOTALL)
    assert re.search(r"\{% macro ", text)


def test_a_field_with_an_error_keeps_its_input_and_tells_a_reader_where_the_error_is(part):
    html = part("field", "field", "field('top', 'Top up', '12.00', error='The least is $20.00.', help='In dollars.')")
    assert 'value="12.00"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="f-top-error f-top-help"' in html
    assert 'id="f-top-error"' in html
    assert 'id="f-top-help"' in html
    assert 'for="f-top"' in html


def test_a_field_escapes_what_was_typed(part):
    assert "<b>" not in part("field", "field", "field('x', 'X', typed)", typed='"><b>')
    assert "<b>" not in part("textarea", "textarea", "textarea('x', 'X', typed)", typed="</textarea><b>")
    assert "<b>" not in part("file_drop", "file_line", "file_line(typed)", typed="<b>.csv")


def test_a_choice_is_selected_by_value_whatever_its_type(part):
    html = part("select", "select", "select('n', 'Buyers', [(1, 'one'), (2, 'two')], '2')")
    assert '<option value="2" selected>two</option>' in html
    assert html.count("selected") == 1


def test_a_list_may_have_groups(part):
    options = [("Person", [("name", "Name")]), ("Answers", [("home", "Own house")])]
    html = part("select", "select", "select('f', 'Field', options, 'home', hidden_label=true)", options=options)
    assert '<optgroup label="Answers"><option value="home" selected>Own house</option></optgroup>' in html
    assert 'aria-label="Field"' in html


def test_a_bare_button_has_a_name_for_readers_and_a_key_is_shown(part):
    assert 'aria-label="Copy"' in part("button", "button", "button('Copy', icon_name='copy', bare=true)")
    html = part("button", "button", "button('Open dispute over', 'primary', amount='$38.00', key='ctrl+enter')")
    assert 'data-key="ctrl+enter"' in html
    assert '<kbd aria-hidden="true">Ctrl ↵</kbd>' in html
    assert '<a class="btn btn-quiet" href="/x">Go</a>' in part("button", "button", "button('Go', href='/x')")


def test_the_marks_of_a_lead_are_said_in_words(part):
    marks = [{"label": "Phone", "result": "passed"}, {"label": "Name", "result": "unknown"}]
    html = part("checks", "checks", "checks(marks)", marks=marks)
    assert 'aria-label="Phone passed, Name unknown"' in html
    assert html.count("ck-p") == html.count("ck-u") == 2


def test_a_hidden_name_shows_bars_and_never_letters_of_its_own(part):
    html = part("mask", "masked_name", "masked_name('M', 'R')")
    assert re.sub(r"<[^>]+>", "", html) == "M R (name hidden until bought)"
    assert part("mask", "masked_text", "masked_text('+1 512 ▮ ▮47')").count('class="mask mask-s"') == 2


def test_a_grade_is_a_letter_or_new(part):
    assert "grade-a" in part("grade", "grade", "grade('A')")
    assert "grade-new" in part("grade", "grade", "grade(none)")
    assert "New" in part("grade", "grade", "grade('')")


def test_a_number_that_is_not_measured_says_so(part):
    assert "not yet calibrated" in part("measure", "score", "score(none)")
    html = part("measure", "score", "score(0.98, 0.97, 0.99)")
    assert 'x="90%"' in html
    assert "80 % interval 97\u202f% to 99\u202f%" in html


def test_a_job_without_rows_has_an_empty_tally(part):
    assert part("measure", "tally", "tally(0, 0, 0, 0)").count('width="0%"') == 3


def test_a_statement_says_each_day_once_to_the_eye_and_always_to_a_reader(part):
    line = {"icon": "check", "title": "Kept", "href": "", "note": ""}
    with time_machine.travel(NOW, tick=False):
        html = part(
            "statement",
            "statement",
            "statement(lines, 'Entries')",
            lines=[
                line
                | {"at": NOW - timedelta(hours=hours), "amount": Money(cents, "USD"), "balance": Money(1000, "USD")}
                for hours, cents in [(1, -4400), (2, 3910), (30, 0)]
            ],
        )
    assert html.count('<tr class="day">') == 2
    assert html.count("visually-hidden") == 2
    assert "\u2212$44.00" in html
    assert 'class="num strong pos">+$39.10' in html
    assert 'class="num dim">$0.00' in html


def test_a_moment_has_its_exact_time_as_title(part):
    with time_machine.travel(NOW, tick=False):
        html = part("time", "time", "time(at)", at=NOW - timedelta(minutes=11))
    assert html.endswith('title="19 Nov 2026, 09:01:00 CST">11 min</time>')


def test_the_bulk_bar_can_speak_of_any_count(part):
    html = part("bulk_bar", "bulk_bar", "bulk_bar('/orders', usd(215380))")
    assert 'data-many="{n} selected"' in html
    assert 'data-one="Buy {n} for {total}"' in html
    assert 'data-available="215380"' in html
    assert "$2,153.80" in html


def test_filters_are_a_form_that_works_without_a_script(render):
    html = render(
        """{% from "components/filters.html" import filters, chip, chip_options %}
        {% call filters('Filter leads', '/catalogue', '#leads', clear='/catalogue') %}
          {% call chip('Grade', 'A') %}{{ chip_options('grade', grades, ['A']) }}{% endcall %}
        {% endcall %}""",
        grades=[{"value": "A", "label": "A", "count": 88}],
    )
    assert '<form class="filters" method="get" aria-label="Filter leads" action="/catalogue"' in html
    assert 'name="grade" value="A" checked' in html
    assert 'class="only-noscript"' in html


PAGE = """{% extends "layouts/app.html" %}{% block title %}Inbox{% endblock %}
{% block acts %}{% endblock %}{% block content %}<p>Here</p>{% endblock %}"""


def test_a_page_of_the_application_has_one_heading_its_navigation_and_who_is_signed_in(render):
    html = render(PAGE)
    assert html.count("<h1>Inbox</h1>") == 1
    assert "<title>Inbox · Fairlead</title>" in html
    assert 'data-go="c"' in html
    assert html.count('aria-current="page"') == 3  # side, top bar, bottom bar
    assert "Brightside Solar" in html
    assert 'class="acts "' not in html


def test_the_scheme_is_a_cookie_that_the_page_obeys(render):
    assert "data-bs-theme" not in render(PAGE)
    assert '<html lang="en" data-bs-theme="dark">' in render(PAGE, headers={"Cookie": "scheme=dark"})
    assert "data-bs-theme" not in render(PAGE, headers={"Cookie": 'scheme="><script>'})


def test_a_page_says_its_language(render):
    assert '<html lang="pl">' in render(PAGE, path="/?lang=pl")


@pytest.mark.parametrize("status", [403, 404, 409, 413, 429, 500])
def test_each_error_page_says_what_to_do_and_which_request_it_was(render, status):
    html = render(f'{{% include "errors/{status}.html" %}}', request_id="0193-ab", refusal="")
    assert f'class="dim num">{status}</p>' in html
    assert "0193-ab" in html
    assert 'class="lede"' in html
    assert html.count("<h1") == 1


def test_an_error_page_needs_nothing_but_itself(parts_app):
    parts_app.template_context_processors[None] = []
    with parts_app.test_request_context():
        html = parts_app.jinja_env.get_template("errors/500.html").render(
            request=request, get_flashed_messages=lambda **_: []
        )
    assert "We made a mistake" in html


def test_a_part_of_a_page_gets_a_note_in_place_of_a_page(render):
    html = render(
        '{% include "errors/409.html" %}', headers={"HX-Request": "true"}, refusal="Another buyer was faster."
    )
    assert "data-trouble" in html
    assert "Another buyer was faster." in html
    assert "<html" not in html

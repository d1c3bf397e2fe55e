import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalog import vertical
from marketplace.catalog.fields import Choice, Field
from marketplace.checks import Policy, judge
from marketplace.leads.reading import (
    Layout,
    Note,
    NoteCode,
    RowReader,
    guess_mapping,
    note_words,
    open_rows,
    sniff,
    targets,
)
from marketplace.leads.schemas import LeadIn

FIELDS = (
    Field("subject", "Subject", "text"),
    Field("education_level", "Education level", "choice", choices=(Choice("ba", "Bachelor's degree"),)),
)
META = (
    "id\tcreated_time\tad_id\tadset_id\tcampaign_id\tcampaign_name\tform_id\tis_organic\tplatform\twhich_subject?"
    "\tfull_name\tphone_number\temail\teducation_level\r\n"
    "l:105407458094\t2026-08-31T11:18:23+05:30\tag:1\tas:120256484322\tc:3\tAutumn\tf:4\tFALSE\tfb\tpiano"
    "\tMarta Ann Quill\tp:+12127365000\tmarta@quill.com\tBachelor's degree\r\n"
    "l:105407458095\t2026-08-30T11:18:23+05:30\tag:1\tas:120256484322\tc:3\tAutumn\tf:4\tFALSE\tig\tdance\t𝔽𝕒𝕜𝕖"
    "\tp:+447700900107\tsam@reyes.com\tBachelor's degree\r\n"
    "l:105407458096\t2026-08-29T11:18:23+05:30\tag:1\tas:120256484322\tc:3\tAutumn\tf:4\tFALSE\tig\tdance\tJo Batt"
    "\tp:+447700900108\tjo@@batt\tBachelor's degree\r\n"
)


def one(mapping, cells, **options):
    layout = Layout("utf-8", ",", 1, tuple(mapping))
    return RowReader(mapping, layout, **options).lead(cells)


def test_a_file_of_meta_goes_the_whole_way_from_bytes_to_verdicts():
    data = META.encode("utf-16")
    layout = sniff(data)
    rows = list(open_rows(io.BytesIO(data), layout))
    found = guess_mapping(layout.headers, [row.cells for row in rows], FIELDS, None)
    reader = RowReader(found.mapping, layout, date_order=found.date_order.order)
    leads = [reader.lead(row.cells)[0] for row in rows]
    policy = Policy(datetime(2026, 11, 23, tzinfo=UTC), FIELDS, max_age_days=120, declared_consent=True)
    assert leads[0] == {
        "external_id": "105407458094",
        "submitted_at": "2026-08-31T05:48:23Z",
        "sub_id": "120256484322",
        "campaign": "Autumn",
        "channel": "social",
        "traffic_source": "facebook",
        "answers": {"subject": "piano", "education_level": "Bachelor's degree"},
        "full_name": "Marta Ann Quill",
        "first_name": "Marta",
        "last_name": "Ann Quill",
        "phone": "+12127365000",
        "email": "marta@quill.com",
    }
    assert [judge(lead, policy).status for lead in leads] == ["accepted", "accepted", "rejected"]


def test_two_addresses_in_one_cell_are_one_lead_with_the_first():
    assert one({"e": "email"}, ["Ann Lee <ann@lee.com>; bob@lee.com"])[0] == {"email": "ann@lee.com"}


def test_consent_and_answers_stand_in_their_own_places():
    mapping = {"t": "consent.text", "u": "consent.token", "w": "consent.at", "s": "answers.subject"}
    lead, notes = one(mapping, ["I agree\nto a call", "abc", "31.08.2026", "piano"])
    assert lead == {
        "consent": {"text": "I agree\nto a call", "token": "abc", "at": "2026-08-31T00:00:00Z"},
        "answers": {"subject": "piano"},
    }
    assert notes == []


def test_a_country_is_stored_by_its_code_or_left_out_with_a_note():
    assert one({"c": "country"}, ["France"]) == ({"country": "FR"}, [])
    assert one({"c": "country"}, ["Neverland"]) == ({}, [Note(NoteCode.COUNTRY_UNKNOWN, "country")])


def test_an_unreadable_time_stays_for_the_checks_to_refuse():
    lead, notes = one({"d": "submitted_at"}, ["last week"])
    assert lead == {"submitted_at": "last week"}
    assert notes == [Note(NoteCode.MOMENT_UNREAD, "submitted_at")]


def test_dates_follow_the_order_of_the_file():
    assert one({"d": "submitted_at"}, ["3/4/2026"], date_order="dmy")[0] == {"submitted_at": "2026-04-03T00:00:00Z"}


@pytest.mark.parametrize(("raw", "seconds"), [("48", 48), ("2,5", 2.5), ("soon", None), ("-3", None), ("nan", None)])
def test_the_time_to_fill_is_a_number_or_nothing(raw, seconds):
    assert one({"f": "fill_seconds"}, [raw])[0].get("fill_seconds") == seconds


def test_names_are_kept_as_given_but_for_control_characters():
    lead, _notes = one({"f": "first_name", "l": "last_name"}, ["...𝔽𝕒𝕜𝕖\x00\u202e", "  O'Neil  Jr. "])
    assert lead == {"first_name": "...𝔽𝕒𝕜𝕖", "last_name": "O'Neil Jr."}


def test_short_and_long_rows_are_noted():
    assert one({"n": "full_name", "p": "phone"}, ["Ann"])[1] == [Note(NoteCode.MISSING_CELLS)]
    assert one({"n": "full_name"}, ["Ann", "", ""])[1] == []
    assert one({"n": "full_name"}, ["Ann", "left over"])[1] == [Note(NoteCode.EXTRA_CELLS)]


def test_a_very_long_text_is_cut_and_said_to_be():
    lead, notes = one({"c": "comment"}, ["x" * 5000])
    assert len(lead["comment"]) == 2000
    assert notes == [Note(NoteCode.CUT, "comment")]
    assert not notes[0].refuses


def longest(target):
    """What the API takes at most in the same field."""
    form = LeadIn(vertical("education"))
    part, _dot, name = target.partition(".")
    field = form.fields[part].schema.fields[name] if name else form.fields[part]
    return field.validate.max


@pytest.mark.parametrize(
    "target", ["external_id", "phone", "email", "social_url", "postal_code", "ip", "consent.token"]
)
def test_what_leads_to_a_person_is_never_cut_but_refused_where_the_api_refuses_it(target):
    most = longest(target)
    lead, notes = one({"x": target}, ["y" * most])
    assert (len(str(lead)) >= most, notes) == (True, [])
    lead, notes = one({"x": target, "n": "full_name"}, ["y" * (most + 1), "Ann"])
    assert target.partition(".")[0] not in lead
    assert notes == [Note(NoteCode.TOO_LONG, target)]
    assert notes[0].refuses


def test_an_address_is_looked_for_in_short_cells_only():
    assert one({"e": "email"}, ["Ann Lee " * 50 + "<ann@lee.com>"])[0] == {"email": "ann@lee.com"}
    for cell in ("y" * 99_000, "y" * 99_000 + "@", "@" * 99_000):
        assert one({"e": "email"}, [cell]) == ({}, [Note(NoteCode.TOO_LONG, "email")])


def test_columns_that_are_left_out_are_left_out():
    assert one({"a": "ignore", "b": "city"}, ["secret", "Austin"])[0] == {"city": "Austin"}


def test_every_note_has_its_words():
    assert all(note_words(Note(code)).endswith(".") for code in NoteCode)


@given(st.lists(st.text(max_size=30), min_size=len(targets(FIELDS)) - 1, max_size=len(targets(FIELDS)) - 1))
def test_any_cells_become_a_lead_that_can_be_judged(cells):
    mapping = {target: target for target in targets(FIELDS) if target != "ignore"}
    lead, notes = one(mapping, cells)
    judge(lead, Policy(datetime(2026, 11, 23, tzinfo=UTC), FIELDS))
    assert all(isinstance(note, Note) for note in notes)

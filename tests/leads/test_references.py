"""Marks that an agency puts on a lead never name the person; a profile is one person however its link is written."""

import pytest

from marketplace.leads.references import canonical_profile, reference

PERSON = {"first_name": "Maria", "last_name": "Sandoval", "phone": "+1 (202) 555-0147", "email": "m@example.com"}


@pytest.mark.parametrize(
    "mark",
    ["m@example.com", "somebody@else.example", "+12025550147", "lead-2025550147", "Maria", "sandoval_7", "MARIA S."],
)
def test_a_mark_that_names_the_person_is_kept_as_a_digest(app, mark):
    kept = reference({**PERSON, "sub_id": mark}, "sub_id")
    assert kept.startswith("#")
    assert kept == reference({**PERSON, "sub_id": mark}, "sub_id")
    assert mark.lower() not in kept


@pytest.mark.parametrize("mark", ["l:1054074580944020", "autumn-3", "120256484322070715", "s100", "form-17"])
def test_an_ordinary_mark_stays(app, mark):
    assert reference({**PERSON, "external_id": mark}, "external_id") == mark


@pytest.mark.parametrize(
    "link",
    [
        "https://www.linkedin.com/in/Maria-S/",
        "http://linkedin.com/in/maria-s?utm=1",
        "linkedin.com/in/maria-s",
        "HTTPS://LinkedIn.com/in/maria-s#top",
    ],
)
def test_one_profile_however_it_is_written(link):
    assert canonical_profile(link) == "linkedin.com/in/maria-s"


def test_a_site_alone_is_nobody():
    assert canonical_profile("https://example.com/") is None

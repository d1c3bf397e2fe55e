"""The same person twice is found in spite of slips, and two people are not taken for one."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.checks.likeness import (
    Likeness,
    Person,
    candidates,
    keys_of,
    likeness,
    matcher_from,
    person_of,
    soundex,
    stored_matcher,
)
from marketplace.checks.likeness.compare import FEATURES, features, is_household
from marketplace.quality.duplicates.invented import invented
from marketplace.quality.duplicates.learning import PEOPLE, SEED, learn_from_invented

MARIA = person_of({
    "first": "María", "last": "O'Brien", "phone": "+1 512 867 5309", "email": "M.Obrien+ads@Gmail.com",
    "postcode": "78 701", "birth_date": "1984-03-09", "address": "12 Congress Ave, Austin",
})  # fmt: skip
texts = st.text("abcdeé xyz-'", max_size=12)
people = st.builds(
    Person, texts, texts, st.text("0123456789", max_size=10), texts, st.text("789", max_size=5),
    st.sampled_from(["", "19840309", "19840903"]), texts,
)  # fmt: skip


def verdict(one, other):
    return likeness(stored_matcher().probability(one, other))


def test_two_spellings_are_one_form():
    assert (
        Person("maria", "obrien", "15128675309", "mobrien@gmail.com", "78701", "19840309", "12 congress ave austin")
        == MARIA
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [("Robert", "R163"), ("Rupert", "R163"), ("Ashcraft", "A261"), ("Tymczak", "T522"), ("Pfister", "P236"),
     ("Honeyman", "H555"), ("Lee", "L000"), ("", ""), ("你好", "")],
)  # fmt: skip
def test_soundex_as_the_archives_have_it(name, code):
    assert soundex(name) == code


def test_names_that_changed_places_share_keys():
    swapped = replace(MARIA, first=MARIA.last, last=MARIA.first)
    assert keys_of(MARIA) == keys_of(swapped)
    assert verdict(MARIA, swapped) is Likeness.DUPLICATE
    assert keys_of(Person()) == frozenset()


def test_keys_that_are_kept_can_be_sealed():
    sealed = keys_of(MARIA, lambda key: f"sealed {len(key)}")
    assert all(key.startswith("sealed") for key in sealed)


@pytest.mark.parametrize(
    "change",
    [
        {"last": "obrein"}, {"first": "mria", "phone": ""}, {"phone": "15128675390", "email": ""},
        {"postcode": "", "address": ""}, {"email": "maria@work.com", "phone": ""}, {"birth_date": "19840903"},
    ],
)  # fmt: skip
def test_slips_do_not_hide_a_person(change):
    other = replace(MARIA, **change)
    assert keys_of(MARIA) & keys_of(other)
    assert verdict(MARIA, other) is Likeness.DUPLICATE


def test_people_of_one_household_are_two():
    brother = replace(MARIA, first="patrick", birth_date="")
    assert is_household(MARIA, brother)
    assert verdict(MARIA, brother) is Likeness.OTHER
    assert not is_household(MARIA, replace(MARIA, first="mary")), "a short name is no other person"
    assert not is_household(replace(MARIA, address="austin"), replace(brother, address="austin")), "a town is no house"


def test_the_same_name_alone_is_no_duplicate():
    assert verdict(Person("john", "smith"), Person("john", "smith")) is not Likeness.DUPLICATE
    assert (
        verdict(Person("john", "smith", phone="15128675309"), Person("john", "smith", phone="447911123456"))
        is not Likeness.DUPLICATE
    )


@given(people, people)
def test_who_is_asked_first_is_no_matter(one, other):
    assert features(one, other) == pytest.approx(features(other, one))
    assert 0 <= stored_matcher().probability(one, other) <= 1
    assert len(features(one, other)) == len(FEATURES)


def test_more_in_common_is_never_less_likely():
    matcher = stored_matcher()
    for part in ("phone", "email", "postcode", "birth_date"):
        same, missing, other = (
            matcher.probability(MARIA, replace(MARIA, address="", **{part: value}))
            for value in (getattr(MARIA, part), "", "zz-nothing-alike-20991231")
        )
        assert same >= missing >= other, part


def test_a_key_of_too_many_people_tells_nothing():
    crowd = [Person("john", "smith", phone=str(number)) for number in range(61)]
    assert list(candidates(crowd)) == []
    assert len(list(candidates(crowd[:60]))) == 60 * 59 // 2
    twice = [MARIA, MARIA]
    assert list(candidates(twice)) == [(0, 1)], "each pair once, however many keys it shares"


def test_what_is_stored_says_where_it_comes_from_and_survives():
    stored = stored_matcher()
    assert matcher_from(json.loads(json.dumps(stored.to_json()))) == stored
    assert {name: stored.learned_from[name] for name in ("people", "seed")} == {"people": PEOPLE, "seed": SEED}


def test_the_same_invented_people_give_the_same_weights():
    one, other = learn_from_invented(people=800, seed=5), learn_from_invented(people=800, seed=5)
    assert one == other
    assert one.learned_from["pairs"] > one.learned_from["same"] > 200
    assert one.weights["first"] > 0 < one.weights["birth_date_same"]


def test_invented_people_never_met_are_told_apart():
    """Other people than those learned from: nearly no false pair, and most true ones."""
    worlds = {}
    for world, number, person in invented(2400, seed=99):
        worlds.setdefault(world, []).append((number, person))
    right = found = 0
    for records in worlds.values():
        numbers, made = zip(*records, strict=True)
        for one, other in candidates(made):
            if verdict(made[one], made[other]) is Likeness.DUPLICATE:
                found += 1
                right += numbers[one] == numbers[other]
    assert found > 800
    assert right / found > 0.97

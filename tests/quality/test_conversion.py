"""p_convert: learned from what is known at upload, exact in its reasons, honest about what it does not know."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder

from marketplace.quality.conversion import (
    Column,
    Line,
    Moment,
    false_hot,
    find_leaks,
    fit_calibration,
    has_signal,
    may_take_over,
    model_from,
    train,
)
from marketplace.quality.conversion.encoders import Unused, learn_encoder
from marketplace.quality.errors import KnownLater, TooFewOutcomes
from marketplace.quality.measures import Measures, auc, expit, measure

_LIFT = {"search": 0.8, "social": -0.9, "partner": 0.1, None: -0.4}
COLUMNS = [Column("channel"), Column("region"), Column("visits")]


def made(count, seed=1, level=-0.6):
    """Leads whose channel and visits matter and whose region does not, a few values missing."""
    source, rows, won = random.Random(seed), [], []
    for _ in range(count):
        channel = source.choice(list(_LIFT))
        visits = source.choice([None, *range(12)])
        rows.append({"channel": channel, "region": f"r{source.randrange(30)}", "visits": visits})
        won.append(int(source.random() < expit(level + _LIFT[channel] + 0.15 * (visits or 0))))
    return rows, won


@pytest.fixture(scope="module")
def learned():
    return train(*made(3000), COLUMNS, window={"vertical": "education"}).model


def test_unseen_leads_are_ranked_and_the_probability_keeps_its_word(learned):
    rows, won = made(3000, seed=2)
    found = measure(won, [learned.probability(row) for row in rows])
    assert found.auc > 0.68
    assert found.ece < 0.05
    assert has_signal(found)


def test_it_ranks_as_well_as_the_library_used_directly():
    rows, won = made(2000)
    test, came = made(2000, seed=3)
    own = train(rows, won, [Column("channel"), Column("region")]).model
    encoder = OneHotEncoder(handle_unknown="ignore")
    cells = [[str(row["channel"]), row["region"]] for row in rows]
    direct = LogisticRegression(max_iter=500).fit(encoder.fit_transform(cells), won)
    said = direct.predict_proba(encoder.transform([[str(row["channel"]), row["region"]] for row in test]))[:, 1]
    assert abs(auc(came, [own.probability(row) for row in test]) - auc(came, list(said))) <= 0.01


def test_reasons_add_up_exactly_and_speak(learned):
    lead = {"channel": "social", "region": "r1", "visits": 11}
    reasons = learned.reasons(lead)
    assert learned.usual_logit + sum(reason.points for reason in reasons) == pytest.approx(
        learned.logit(lead), abs=1e-12
    )
    points = {reason.column: reason.points for reason in reasons}
    assert points["channel"] < 0 < points["visits"]
    assert abs(reasons[0].points) >= abs(reasons[-1].points)
    assert next(reason for reason in reasons if reason.column == "channel").words.startswith("channel is “social”: -")
    assert "not given" in learned.reasons({})[0].words


def test_a_stored_model_gives_the_same_scores_for_ever(learned):
    again = model_from(json.loads(json.dumps(learned.to_json())))
    assert again == learned
    assert again.version == learned.version
    assert again.window == {"vertical": "education", "rows": 3000, "won": learned.window["won"]}
    assert all(again.probability(row) == learned.probability(row) for row in made(200, seed=9)[0])
    with pytest.raises(ValueError, match="form 99"):
        model_from({**learned.to_json(), "form": 99})


values = st.one_of(
    st.none(), st.text("aZ9é你 \x00\u202e=,'\"-", max_size=30),
    st.floats(), st.integers(), st.booleans(), st.lists(st.integers(), max_size=2),
    st.sampled_from(["search", " social ", "NaN", "inf", "-1e999", "=1+1", "r1", "\x00", "9" * 400]),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["channel", "region", "visits", "stranger"]), values))
def test_no_value_breaks_a_score(learned, lead):
    assert 0 <= learned.probability(lead) <= 1
    assert learned.usual_logit + sum(each.points for each in learned.reasons(lead)) == pytest.approx(
        learned.logit(lead)
    )


def test_a_column_known_later_is_refused_by_name():
    rows, won = made(200)
    with pytest.raises(KnownLater, match="visits"):
        train(rows, won, [*COLUMNS[:2], Column("visits", Moment.LATER)])


def test_too_few_outcomes_are_refused():
    rows, _ = made(200)
    with pytest.raises(TooFewOutcomes):
        train(rows, [1] * 19 + [0] * 181, COLUMNS)


def test_audits_weigh_by_how_rarely_they_are_made():
    """Half of one channel's sales are seen, a tenth of the other's losses: weights put the base rate right."""
    rows, won = made(1500)
    source = random.Random(5)
    kept = [place for place in range(1500) if source.random() < (0.8 if won[place] else 0.2)]
    seen, came = [rows[place] for place in kept], [won[place] for place in kept]
    weights = [1 / 0.8 if y else 1 / 0.2 for y in came]
    test, truth = made(2000, seed=6)
    errors = [abs(sum(map(train(seen, came, COLUMNS, each).model.probability, test)) / 2000 - sum(truth) / 2000)
              for each in (None, weights)]  # fmt: skip
    assert errors[1] < 0.04 < errors[0]


def test_the_level_follows_the_newest_window():
    old, old_won = made(1200, level=-2.0)
    new, new_won = made(800, seed=4, level=0.5)
    model = train([*old, *new], [*old_won, *new_won], COLUMNS, newest=800).model
    rows, _ = made(1000, seed=8, level=0.5)
    expected = sum(new_won) / len(new_won)
    assert sum(model.probability(row) for row in rows) / 1000 == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (["x"] * 100, Unused.CONSTANT),
        ([None, "", "n/a", "NULL"] * 25, Unused.EMPTY),
        ([f"id-{number}" for number in range(100)], Unused.NAMES),
        (["a"] * 50 + [None] * 50, None),
        ([number / 7 for number in range(100)], None),
        (["nan", "inf", "1e999"] * 40, None),
        ([10**400, "5"] * 50, None),
    ],
)
def test_columns_that_tell_nothing_are_left_out(column, expected):
    found = learn_encoder(column)
    assert found is expected if expected else not isinstance(found, Unused)


def test_outliers_do_not_bend_numbers():
    rows, won = made(1500)
    wild = [{**row, "visits": 1e300} if place % 100 == 0 else row for place, row in enumerate(rows)]
    test, came = made(2000, seed=3)
    model = train(wild, won, COLUMNS).model
    assert auc(came, [model.probability(row) for row in test]) > 0.68


def test_columns_that_give_the_outcome_away_are_found():
    rows, won = made(2000)
    source = random.Random(2)
    for row, y in zip(rows, won, strict=True):
        row["note"] = (
            source.choice(["will pay", "sent papers"]) if y and source.random() < 0.9 else source.choice("abc")
        )
        row["reviewed"] = "done" if source.random() < (0.9 if y else 0.3) else None
        row["Call duration"] = source.random()
        row["fair"] = source.choice(["a", "b"])
    names = ["channel", "region", "visits", "note", "reviewed", "Call duration", "fair"]
    found = find_leaks(rows, won, names)
    assert [(leak.column, leak.sign.value) for leak in found] == [
        ("note", "alone"), ("reviewed", "filled"), ("Call duration", "name"),
    ]  # fmt: skip
    assert all(leak.column in leak.words for leak in found)


def test_numbers_as_large_as_can_be_written_are_learned_from_or_left_out():
    largest = learn_encoder([f"{place}e95" for place in range(200)])
    assert 0 < largest.spread < float("inf")
    assert abs(largest.standard(1e99)) < 10
    assert learn_encoder([f"{place}e200" for place in range(200)]) is Unused.NAMES


def test_what_high_scores_that_lost_have_in_common_is_named():
    source, rows, won, said = random.Random(6), [], [], []
    for _ in range(4000):
        row = {"channel": source.choice("ab"), "prize draw": source.choice(["yes", "no", "no", None])}
        rows.append(row)
        said.append(0.8 if row["channel"] == "a" else 0.2)
        won.append(int(source.random() < (0.1 if row["prize draw"] == "yes" else said[-1])))
    worst, *_rest = false_hot(rows, won, said, ["channel", "prize draw"])
    assert (worst.column, worst.value) == ("prize draw", "yes")
    assert worst.times > 3
    assert worst.lost > worst.won
    assert false_hot(rows[:20], won[:20], said[:20], ["channel"]) == []


def logits(count, slope=1.0):
    source = random.Random(3)
    said = [source.gauss(0, 1.5) for _ in range(count)]
    return said, [int(source.random() < expit(slope * each)) for each in said]


def test_calibration_needs_outcomes_and_never_turns_the_order_round():
    assert fit_calibration(*logits(299)) == Line()
    line = fit_calibration(*logits(900, slope=0.5))
    assert 0.35 < line.slope < 0.65
    steps = fit_calibration(*logits(1000))
    assert len(set(steps.chances)) > 2
    assert sorted(steps.chances) == list(steps.chances)
    assert fit_calibration(*logits(900, slope=-1)) == Line()


@given(st.lists(st.floats(-20, 20), min_size=2, max_size=20))
def test_steps_promise_neither_0_nor_1_and_keep_the_order(found):
    steps = fit_calibration(*logits(1200))
    chances = [steps.probability(each) for each in sorted(found)]
    assert chances == sorted(chances)
    assert all(0 < chance < 1 for chance in chances)


def measures(log_loss, slope, area=0.7):
    return Measures(auc=area, auc_error=0.01, log_loss=log_loss, brier=0.2, ece=0.05, slope=slope, rows=1000)


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        ((0.5, 1.0), (0.6, 1.0), True),
        ((0.6, 1.0), (0.6, 1.0), False),
        ((0.5, 0.69), (0.6, 1.0), False),
        ((0.5, 1.41), (0.6, 1.0), False),
        ((0.1, -1.0), (0.6, 1.0), False),
        ((0.5, 0.9), None, True),
        ((0.5, 0.0), None, False),
    ],
)
def test_who_takes_over(new, old, expected):
    assert may_take_over(measures(*new), measures(*old) if old else None) is expected


def test_no_signal_is_said():
    source = random.Random(4)
    rows = [{"channel": source.choice("abcd"), "visits": source.random()} for _ in range(2000)]
    won = [source.randrange(2) for _ in rows]
    model = train(rows[:1500], won[:1500], [Column("channel"), Column("visits")]).model
    assert not has_signal(measure(won[1500:], [model.probability(row) for row in rows[1500:]]))
    assert not has_signal(measures(0.6, 1.0, area=0.53))
    assert has_signal(measures(0.6, 1.0, area=0.6))


def test_without_a_column_that_tells_anything_the_share_of_sales_is_all_there_is():
    rows, won = [{"id": f"x{n}"} for n in range(400)], [int(n % 4 == 0) for n in range(400)]
    found = train(rows, won, [Column("id"), Column("never")])
    assert set(found.unused) == {"id", "never"}
    assert found.model.probability({"id": "x1"}) == pytest.approx(0.25, abs=0.01)

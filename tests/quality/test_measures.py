"""The figures by which probabilities are judged, on cases counted by hand, and against another library."""

import math
import random

import pytest
from sklearn import metrics

from marketplace.quality.measures import OneOutcome, auc, ece, expit, log_loss, logit, measure, reliability


def made(count=400, seed=1):
    source = random.Random(seed)
    said = [round(source.random(), 2) for _ in range(count)]
    return [int(source.random() < p) for p in said], said


def test_ranking_counts_equals_as_half():
    assert auc([0, 1], [0.2, 0.8]) == 1
    assert auc([0, 1], [0.5, 0.5]) == 0.5
    assert auc([1, 0, 1], [0.1, 0.1, 0.9]) == 0.75
    with pytest.raises(OneOutcome):
        auc([1, 1], [0.1, 0.2])


def test_the_figures_agree_with_another_library():
    came, said = made()
    weights = [1 + number % 3 for number in range(len(said))]
    assert auc(came, said) == pytest.approx(metrics.roc_auc_score(came, said))
    assert auc(came, said, weights) == pytest.approx(metrics.roc_auc_score(came, said, sample_weight=weights))
    inner = [min(0.99, max(0.01, p)) for p in said]
    assert log_loss(came, inner) == pytest.approx(metrics.log_loss(came, inner))
    assert measure(came, said).brier == pytest.approx(metrics.brier_score_loss(came, said))


def test_a_table_of_ten_with_counts_that_add_up():
    came, said = made()
    table = reliability(came, said)
    assert len(table) == 10
    assert sum(each.count for each in table) == len(said)
    assert all(each.said == pytest.approx(place / 10 + 0.05, abs=0.05) for place, each in enumerate(table))


def test_right_probabilities_are_calibrated_and_bold_ones_are_not():
    came, said = made(4000)
    right = measure(came, said)
    bold = measure(came, [expit(3 * logit(p)) for p in said])
    assert right.ece < 0.04
    assert 0.85 < right.slope < 1.15
    assert bold.ece > 2 * right.ece
    assert bold.slope < 0.5
    assert right.auc_low < right.auc


def test_what_is_said_the_wrong_way_round_has_a_falling_slope():
    came, said = made()
    assert measure(came, [1 - p for p in said]).slope < 0


def test_weights_stand_for_rows():
    assert ece(reliability([1, 0], [0.9, 0.9], [3, 1])) == pytest.approx(ece(reliability([1, 1, 1, 0], [0.9] * 4)))


def test_log_odds_never_overflow():
    assert expit(-1e4) == 0
    assert expit(1e4) == 1
    assert math.isfinite(logit(0))
    assert math.isfinite(logit(1))

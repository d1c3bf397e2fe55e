"""Models are learned once a week from what became of sold leads, and take over only when they are better."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.leads import Lead
from marketplace.quality import scores
from marketplace.quality.measures import expit
from marketplace.quality.scores import LeadScore, ModelState, ScoreModel
from marketplace.quality.training.jobs import train
from marketplace.quality.training.models import TrainingRun
from tests.factories.leads import make_lead
from tests.factories.people import make_person
from tests.factories.running import run_jobs
from tests.factories.sold import End, sell
from tests.factories.story import put_on_sale

CHANNELS = {"search": 1.5, "social": -1.5, "partner": 0.0}


@pytest.fixture
def agency(app, api):
    return api(make_person("agency"))


@pytest.fixture
def pattern(app, agency):
    (lead_id,) = put_on_sale(agency, make_lead(channel="search"))
    run_jobs(app)
    return lead_id


@pytest.fixture
def buyer(app):
    return make_person("buyer").org_id


def runs(kind):
    with transaction():
        found = session().scalars(select(TrainingRun).where(TrainingRun.kind == kind).order_by(TrainingRun.id))
        return list(found)


def versions(kind, state=ModelState.SERVING):
    with transaction():
        found = session().scalars(select(ScoreModel).where(ScoreModel.kind == kind, ScoreModel.state == state))
        return [model.version for model in found]


def a_week_later():
    with transaction():
        clock.advance(timedelta(days=7, minutes=1))
    train.func()


def faulty(count, *, seed=1, worse=0.0, **more):
    """Sold leads of which as many are bad as the published weights say, or more: `worse` in log-odds."""
    dice = random.Random(seed)
    ends = []
    for number in range(count):
        signs = dice.choice([(), ("email_role",), ("phone_invalid",), ("filled_too_fast", "phone_elsewhere")])
        points = {(): 0, ("email_role",): 0.6, ("phone_invalid",): 3.0}.get(signs, 2.2)
        chance = expit(-2.44 + points + worse)
        ends.append(End(signs=signs, fault=dice.random() < chance, ago_days=200 - number / 10, **more))
    return ends


def sales(count, *, seed=1, lift=1.0):
    """Sold leads whose channel tells how likely the person buys; with a lift of 0 nothing tells."""
    dice = random.Random(seed)
    ends = []
    for number in range(count):
        channel = dice.choice(list(CHANNELS))
        won = dice.random() < expit(-0.5 + lift * CHANNELS[channel])
        lead = {"channel": channel, "hour": f"{dice.randrange(0, 24, 3):02d}"}
        ends.append(End(lead=lead, won=won, ago_days=300 - number / 10))
    return ends


def test_below_300_outcomes_nothing_is_learned_and_that_is_written_down(pattern, buyer):
    sell(pattern, buyer, faulty(299))
    train.func()
    (run,) = runs("fraud")
    assert (run.why, run.outcomes, run.model_id) == ("too_few", 299, None)
    assert versions("fraud") == ["cold-start-1"]


def test_it_runs_once_a_week(pattern):
    train.func()
    train.func()
    assert len(runs("fraud")) == 1
    a_week_later()
    assert len(runs("fraud")) == 2


def test_a_calibration_of_fraud_takes_over_where_the_usual_share_is_another(app, pattern, buyer):
    """Here three in ten are bad before anything is found, and the line that is learned knows it."""
    sell(pattern, buyer, faulty(900, worse=1.5))
    train.func()
    (run,) = runs("fraud")
    assert run.why == "promoted", (run.measures, run.before)
    assert run.measures["log_loss"] < run.before["log_loss"]
    assert 0.7 <= run.measures["slope"] <= 1.4
    (version,) = versions("fraud")
    assert version.startswith("cold-start-1+")
    assert versions("fraud", ModelState.RETIRED) == ["cold-start-1"]


def test_weights_that_are_right_stay(pattern, buyer):
    sell(pattern, buyer, faulty(600))
    train.func()
    (run,) = runs("fraud")
    assert run.why == "not_better"
    assert versions("fraud") == ["cold-start-1"]
    assert len(versions("fraud", ModelState.CANDIDATE)) == 1


def test_a_model_that_cannot_be_learned_stops_no_other(pattern, buyer):
    sell(pattern, buyer, faulty(300))
    with transaction():
        session().execute(LeadScore.__table__.update().values(inputs={"lead": {}}))
    with pytest.raises(KeyError):
        train.func()
    assert (len(runs("fraud")), len(runs("convert"))) == (0, 1)


def test_audits_teach_alone_once_there_are_300(pattern, buyer):
    """Buyers complain about everything here; the audits, drawn by lot, say how it is."""
    complained = [End(fault=True, fault_reason="upheld") for _ in range(400)]
    sell(pattern, buyer, [*complained, *faulty(300, audit=400)])
    train.func()
    (run,) = runs("fraud")
    assert run.outcomes == 300


def test_who_buys_is_learned_and_leads_on_sale_are_scored_with_it(app, api, agency, pattern, buyer):
    sell(pattern, buyer, sales(700))
    (shown,) = put_on_sale(agency, make_lead(channel="social"))
    run_jobs(app)
    reader = api(make_person("buyer"))
    assert reader.get(f"/catalog/leads/{pattern}")["p_convert"] is None
    train.func()
    run_jobs(app)
    (run,) = runs("convert")
    assert run.why == "promoted", run.measures
    good, bad = (reader.get(f"/catalog/leads/{lead}")["p_convert"] for lead in (pattern, shown))
    assert (good > 0.55, bad < 0.3) == (True, True), (good, bad)
    with transaction():
        score = session().get_one(LeadScore, shown)
        assert score.reasons["convert"][0][:2] == ["channel", "social"]
        models = scores.serving()
        assert scores.count(score.inputs, models, "education")["p_convert"] == score.p_convert


def test_a_buyer_that_said_nothing_teaches_nothing(pattern, buyer):
    sell(pattern, buyer, [*sales(299), *(End(told=False, ago_days=200) for _ in range(50))])
    train.func()
    (run,) = runs("convert")
    assert (run.why, run.outcomes) == ("too_few", 299)


def test_where_nothing_tells_who_buys_the_product_says_so(pattern, buyer):
    sell(pattern, buyer, sales(400, lift=0.0))
    train.func()
    (run,) = runs("convert")
    assert run.why == "no_signal"
    told = scores.told_of(session().get_one(Lead, pattern))
    assert (told.convert, told.has_no_signal) == (None, True)


def test_a_lead_that_was_sold_keeps_the_score_its_buyer_saw(app, pattern, buyer):
    with transaction():
        session().execute(LeadScore.__table__.update().values(p_fraud=0.5))
        sold = session().get_one(Lead, pattern)
        sold.slots_taken, sold.state = 1, "sold_out"
    with transaction():
        assert scores.score_anew(None) is None
    assert session().get_one(LeadScore, pattern).p_fraud == 0.5

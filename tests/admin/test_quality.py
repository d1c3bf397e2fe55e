"""Staff see what the scores said against what came, which versions give them, and every attempt to learn."""

import re
from html import unescape

import pytest

from marketplace.insights import measured
from marketplace.kit import clock
from marketplace.kit.db import session, transaction
from marketplace.quality import calibration_tables
from marketplace.quality.scores import ScoreModel
from marketplace.quality.training.jobs import train
from marketplace.quality.training.models import TrainingRun
from tests.factories.leads import make_lead
from tests.factories.people import make_person
from tests.factories.running import run_jobs
from tests.factories.sold import End, sell
from tests.factories.story import put_on_sale


@pytest.fixture
def sold(app, api):
    """Of 100 leads 10 were bad; 20 were drawn for audits at a rate of 4 %, and 5 of these were bad."""
    (pattern,) = put_on_sale(api(make_person("agency")), make_lead())
    run_jobs(app)
    audited = [End(fault=number < 5, audit=400, ago_days=20) for number in range(20)]
    others = [End(fault=number < 5, ago_days=20) for number in range(80)]
    sell(pattern, make_person("buyer").org_id, [*audited, *others])
    return pattern


def test_audits_stand_apart_from_disputes(sold):
    tables = {(table.source.value, table.vertical): table for table in calibration_tables()}
    assert set(tables) == {(source, trade) for source in ("audits", "windows") for trade in (None, "education")}
    audits, windows = tables["audits", None], tables["windows", None]
    assert (audits.rows, audits.came, windows.rows, windows.came) == (20, 15, 100, 90)
    assert windows.brier == pytest.approx(0.9 * 0.08**2 + 0.1 * 0.92**2)
    assert windows.ece == pytest.approx(0.02)
    step = windows.lines[9]
    assert (step.found.count, step.found.said, step.found.came) == (100, pytest.approx(0.92), pytest.approx(0.9))
    assert step.interval[0] < 0.9 < step.interval[1]
    assert sum(line.found.count for line in windows.lines) == 100
    assert not windows.is_enough


def test_the_pages_of_staff(visit, staff, sold):
    assert "not yet calibrated" in staff.get("/admin/quality").words
    assert "90 of 100" in staff.get("/admin/quality").words
    train.func()
    page = staff.get("/admin/quality/models")
    for shown in ("cold-start-1", "chosen, not learned", "too few"):
        assert shown in page.words
    stranger = visit(make_person("buyer"))
    for path in ("/admin/quality", "/admin/quality/models"):
        assert stranger.get(path).status == 404


def test_empty_pages(staff):
    assert "No outcome is known yet" in staff.get("/admin/quality").words
    assert "once a week" in staff.get("/admin/quality/models").words


def test_each_trade_has_a_page_of_its_own(staff, sold):
    education, insurance, nonsense = (
        staff.get(f"/admin/quality?trade={name}").words for name in ("education", "insurance", "nonsense")
    )
    assert "Real, by calls drawn at random: Education" in education
    assert "No outcome is known yet" in insurance
    assert "Real, by calls drawn at random: all trades" in nonsense
    assert "lot: Education" not in nonsense
    assert "lot: all trades" not in education


def test_what_misleads_is_told_for_each_trade(staff):
    with transaction():
        learned("education", [{"column": "channel", "value": "social", "times": 2.5, "lost": 30, "won": 4}], 400)
        learned("insurance", [], 500)
    page = staff.get("/admin/quality/models?trade=education").words
    assert "400 outcomes" in page
    assert "channel social 30 4 2.5" in page
    assert "Nothing stands out among them" in staff.get("/admin/quality/models?trade=insurance").words
    assert "Not enough yet: a model of this trade" in staff.get("/admin/quality/models?trade=home_services").words
    assert "Not enough yet: a model of all trades" in staff.get("/admin/quality/models").words


def test_earlier_attempts_are_turned_to_within_the_trade(staff):
    with transaction():
        for number in range(26):
            learned("education", [], 400 + number)
    page = staff.get("/admin/quality/models?trade=education")
    older = unescape(re.search(r'href="(/admin/quality/models[^"]*cursor=[^"]*)"', page.text)[1])
    assert "trade=education" in older
    assert 'href="/admin/quality/models?trade=education"' in staff.get(older).text


def learned(trade, false_hot, outcomes):
    """A run of this trade that learned from so many outcomes."""
    at, figures = clock.now(), {"log_loss": 0.5, "slope": 1.0, "auc": 0.7}
    model = ScoreModel(
        kind="convert",
        vertical=trade,
        version=f"v{outcomes}",
        coefficients={},
        trained_at=at,
        trained_on=1,
        state="candidate",
    )
    session().add(model)
    session().flush()
    told = {"why": "not_better", "measures": figures, "before": figures, "notes": {"false_hot": false_hot}}
    run = TrainingRun(
        kind="convert", vertical=trade, began_at=at, took_ms=1, outcomes=outcomes, positive=9, model_id=model.id, **told
    )
    session().add(run)


def test_the_same_by_api(api, sold):
    train.func()
    staff, buyer = api(make_person("staff")), api(make_person("buyer"))
    assert [run["why"] for run in staff.get("/training-runs")["items"]] == ["too_few", "too_few"]
    (model,) = staff.get("/score-models")["items"]
    assert (model["kind"], model["version"], model["coefficients"]["slope"]) == ("fraud", "cold-start-1", 1.0)
    assert buyer.get("/score-calibration")["items"] == []
    with transaction():
        measured.count_again()
    table = buyer.get("/score-calibration")["items"][0]
    assert (table["source"], table["calibrated"], len(table["bins"])) == ("audits", False, 10)
    assert table["bins"][9] == {**table["bins"][9], "from": 0.9, "to": 1.0, "count": 20}
    assert buyer.get("/training-runs").status == 404
    assert buyer.get("/score-models").status == 404


def test_a_lead_says_what_became_of_leads_like_it_once_300_outcomes_are_known(app, api, visit):
    (pattern,) = put_on_sale(api(make_person("agency")), make_lead(phone="+15124827319"))
    run_jobs(app)
    sell(pattern, make_person("buyer").org_id, [End(fault=number < 15, ago_days=20) for number in range(300)])
    page = visit(make_person("buyer")).get(f"/catalog/{pattern}")
    assert "Of 300 sold leads scored like this 285 were real; 80 percent interval 93" in page.words.replace(
        "\u202f", " "
    )
    assert "not yet calibrated" not in page.words

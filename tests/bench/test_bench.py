"""The benches run from end to end; no timing is held here."""

import json
import subprocess
import sys

import pytest
from flask import Flask

from marketplace.bench.crew import ClientFailed, Slice
from marketplace.bench.purchase.course import HTTP, Course
from marketplace.bench.purchase.measuring import needs_platform_rows
from marketplace.bench.purchase.world import Buyer, World
from marketplace.bench.rating import rate_everybody
from marketplace.bench.report import Report
from marketplace.kit.ids import new_id


def test_a_target_that_is_missed_is_said():
    targets = {"ratio": {"min": 0.3}, "lost": {"max": 0}}
    assert Report({"ratio": 0.3, "lost": 0}, targets, {}).is_ok
    assert not Report({"ratio": 0.29, "lost": 0}, targets, {}).is_ok
    assert not Report({"ratio": 0.3, "lost": 1}, targets, {}).is_ok


@pytest.mark.slow
def test_purchases_are_measured_and_nothing_is_lost():
    command = [sys.executable, "-m", "marketplace", "bench", "purchase", "--seconds", "2", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert ran.returncode == 0, ran.stderr
    (line,) = ran.stdout.splitlines()
    told = json.loads(line)
    figures = told["figures"]
    assert {"ratio", "ratio_one_wallet", "http_per_s", "bare_per_s", "http_p50_ms", "http_p99_ms"} <= set(figures)
    assert figures["http_per_s"] > 0
    assert figures["bare_per_s"] > 0
    assert [figures[name] for name in ("platform_rows_locked", "purchases_lost", "broken_invariants")] == [0, 0, 0]
    assert told["targets"]["ratio"] == {"min": 0.3}
    assert told["targets"]["ratio_one_wallet"] == {"min": 0.7}
    assert told["machine"]["cpus"] > 0


class _Crew:
    """Ends as it is told."""

    def __init__(self, failure: ClientFailed | None) -> None:
        self._failure = failure

    def work(self, seconds: float) -> Slice:
        if self._failure:
            raise self._failure
        return Slice(seconds, [], 0.0)


@pytest.mark.parametrize("failure", [None, ClientFailed("RuntimeError: HTTP/1.1 503 Service Unavailable")])
def test_purchases_need_the_platforms_rows_where_they_are_refused_and_not_where_they_are_slow(
    app: Flask, failure: ClientFailed | None
):
    world = World([Buyer(new_id(), new_id(), "")], [], stocked=1_000_000)
    course = Course(HTTP, 1, 1, _Crew(failure), [Slice(1.0, [0.1], 0.0)])  # type: ignore[arg-type]
    assert needs_platform_rows([course], world, 0) is bool(failure)


def test_counts_are_told_exactly():
    told = json.loads(Report({"rows": 123_456, "seconds": 1.23456}, {}, {}, {"leaks": ["Tags"]}).to_json())
    assert told["figures"] == {"rows": 123_456, "seconds": 1.235}
    assert told["leaks"] == ["Tags"]


def test_everybody_is_rated_in_the_bench():
    report = rate_everybody(0, lambda _line: None, agencies=40, leads=3000)
    assert report.figures["agencies"] == 40
    assert report.figures["leads"] == 3000
    assert report.figures["score_us"] > 0

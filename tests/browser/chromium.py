"""Chromium for the tests marked `browser`: the system's, or the one that Playwright brought.

Where there is neither, these tests are left out of the run, and the run says so where nobody can overlook it.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

# Without windows it is the same browser for two thirds of the processor.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for a second: to make its scripts faster takes longer than it saves, a tenth of all these tests.
    "--js-flags=--no-opt --no-maglev",
]
_LEFT_OUT = "browser_tests_left_out"


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for the run; each page gets a context of its own."""
    browser = playwright.chromium.launch(executable_path=_of_the_system(), args=FLAGS)
    yield browser
    browser.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    driving = [item for item in items if item.get_closest_marker("browser")]
    if not driving or _is_there():
        return
    items[:] = [item for item in items if item not in driving]
    config.hook.pytest_deselected(items=driving)
    _leave_out(config, len(driving))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of a parallel run tells the main process."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[_LEFT_OUT] = _left_out(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    _leave_out(node.config, getattr(node, "workeroutput", {}).get(_LEFT_OUT, 0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    count = _left_out(config)
    if not count:
        return
    tell = terminalreporter.write_line
    terminalreporter.write_sep("!", f"{count} BROWSER TESTS WERE NOT RUN", red=True, bold=True)
    tell("There is no Chromium on this machine, so no page was tried in a browser.", red=True, bold=True)
    tell("On Debian: apt-get install chromium-headless-shell", red=True, bold=True)
    tell("Elsewhere: .venv/bin/python -m playwright install chromium", red=True, bold=True)


def _left_out(config: pytest.Config) -> int:
    return int(getattr(config, _LEFT_OUT, 0))


def _leave_out(config: pytest.Config, count: int) -> None:
    setattr(config, _LEFT_OUT, max(_left_out(config), count))


def _of_the_system() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _is_there() -> bool:
    if _of_the_system():
        return True
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()

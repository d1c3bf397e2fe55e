"""What the walks with canaries share."""

import io
import logging

import pytest
from structlog.testing import capture_logs

from marketplace.kit import logs
from tests.factories.canaries import kept_in_clear, make_world, person_in


@pytest.fixture
def leaks(app, caplog, capfd):
    """Where a contact can be read although no answer shows it, from the beginning on, whatever the log's level is."""
    plain = logging.StreamHandler(io.StringIO())
    logging.getLogger().addHandler(plain)
    caplog.set_level(logging.DEBUG)
    logs.configure("DEBUG")
    with capture_logs() as structured:

        def leaks(**more: str):
            assert "request" in {line["event"] for line in structured}
            told = {"log": str(structured), "libraries": plain.stream.getvalue(), **more}
            told |= {"streams": "".join(capfd.readouterr())}
            return [(name, found) for name, words in told.items() if (found := person_in(words))] + kept_in_clear(app)

        yield leaks
    logs.configure(app.extensions["settings"].log_level)
    logging.getLogger().removeHandler(plain)


@pytest.fixture
def world(leaks, api, run_jobs):
    """Built while the log is listened to."""
    return make_world(api, run_jobs)

"""A file becomes leads: stored, guessed, corrected by a person, run in chunks that survive a crash, explained."""

from marketplace.leads.imports.guessing import guess
from marketplace.leads.imports.lifecycle import cancel, create, pause, resume, start
from marketplace.leads.imports.preview import FirstRows, Forecast, first_rows, forecast
from marketplace.leads.imports.rejected import errors_csv
from marketplace.leads.imports.running import run
from marketplace.leads.imports.storing import Stored, store

__all__ = [
    "FirstRows",
    "Forecast",
    "Stored",
    "cancel",
    "create",
    "errors_csv",
    "first_rows",
    "forecast",
    "guess",
    "pause",
    "resume",
    "run",
    "start",
    "store",
]

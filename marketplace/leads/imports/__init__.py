"""A file becomes leads: stored, guessed, corrected by a person, run in chunks that survive a crash, explained."""

from marketplace.leads.imports.guessing import guess
from marketplace.leads.imports.layouts import reaches_people
from marketplace.leads.imports.lifecycle import cancel, correct, create, create_once, pause, resume, start
from marketplace.leads.imports.pace import Pace, pace_of
from marketplace.leads.imports.preview import FirstRows, Forecast, first_rows, forecast
from marketplace.leads.imports.rejected import errors_csv
from marketplace.leads.imports.running import run
from marketplace.leads.imports.storing import Stored, store

__all__ = [
    "FirstRows",
    "Forecast",
    "Pace",
    "Stored",
    "cancel",
    "correct",
    "create",
    "create_once",
    "errors_csv",
    "first_rows",
    "forecast",
    "guess",
    "pace_of",
    "pause",
    "reaches_people",
    "resume",
    "run",
    "start",
    "store",
]

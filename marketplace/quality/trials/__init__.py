"""A buyer tries the conversion score on an export of its own CRM: sent, looked at, chosen, judged, told, forgotten.

The file is somebody's customers: it lies sealed in the store while it is needed and is removed after the run, or by the
clock. What stays are figures, and values that many leads share. Cells that reach a person are neither kept nor shown,
nor are columns that we recognise as names, by their heading and by what the cells look like.
"""

from marketplace.quality.trials.actions import begin, discard, start
from marketplace.quality.trials.choosing import Choice, outcomes_of
from marketplace.quality.trials.errors import WrongTrialState
from marketplace.quality.trials.models import ConversionTrial, TrialState
from marketplace.quality.trials.queries import trial_for, trials_for
from marketplace.quality.trials.rules import MOST_MIB, MOST_ROWS
from marketplace.quality.trials.sending import take_in

__all__ = [
    "MOST_MIB",
    "MOST_ROWS",
    "Choice",
    "ConversionTrial",
    "TrialState",
    "WrongTrialState",
    "begin",
    "discard",
    "outcomes_of",
    "start",
    "take_in",
    "trial_for",
    "trials_for",
]

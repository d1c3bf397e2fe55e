"""How likely a lead is to buy: p_convert, from what is known when it comes in, and why."""

from marketplace.quality.conversion.calibration import Calibration, Line, Steps, fit_calibration
from marketplace.quality.conversion.columns import Column, Moment
from marketplace.quality.conversion.false_hot import FalseHot, false_hot
from marketplace.quality.conversion.leaks import Leak, LeakSign, find_leaks, is_named_later
from marketplace.quality.conversion.model import ConversionModel, Reason, model_from
from marketplace.quality.conversion.promotion import has_signal, may_take_over
from marketplace.quality.conversion.training import Trained, train

__all__ = [
    "Calibration",
    "Column",
    "ConversionModel",
    "FalseHot",
    "Leak",
    "LeakSign",
    "Line",
    "Moment",
    "Reason",
    "Steps",
    "Trained",
    "false_hot",
    "find_leaks",
    "fit_calibration",
    "has_signal",
    "is_named_later",
    "may_take_over",
    "model_from",
    "train",
]

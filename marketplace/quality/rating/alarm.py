"""An alarm when an agency's leads turn bad: a running sum that forgets good news at zero (CUSUM)."""

import math

ALARM_AT = 4.9  # POLICY: one false alarm in twenty per 300 leads at 4 % faults
_TIMES = 3.0  # what is looked for: three times as many faults as expected
_MOST_EXPECTED = 0.3


def after(level: float, *, fault: bool, expected: float) -> float:
    """The sum after one more lead, starting from 0; the alarm goes off at 4.9. It is no penalty: it starts audits.

    expected: e of the lead, 0..1.
    """
    e = min(_MOST_EXPECTED, expected)
    step = math.log(_TIMES) if fault else math.log((1 - _TIMES * e) / (1 - e))
    return max(0.0, level + step)


def is_alarm(level: float) -> bool:
    return level >= ALARM_AT

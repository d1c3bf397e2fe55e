"""What a measurement says: figures, targets, whether they are met, and on which machine."""

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Bound = Literal["min", "max"]


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one bench, or of one evaluation.

    Attributes:
        figures: numbers by name; the unit stands in the name (`per_s`, `ms`, `us`). Whole numbers are counts.
        targets: for some figures the least or the greatest value that is good enough.
        machine: see `machine()`.
        more: what is no figure, beside them; such as a list of names.
    """

    figures: Mapping[str, float]
    targets: Mapping[str, Mapping[Bound, float]]
    machine: Mapping[str, object]
    more: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_ok(self) -> bool:
        """Whether every target is met."""
        return all(
            target.get("min", float("-inf")) <= self.figures[name] <= target.get("max", float("inf"))
            for name, target in self.targets.items()
        )

    def to_json(self) -> str:
        """One line. Counts are exact; other figures have four digits."""
        figures = {name: v if isinstance(v, int) else float(f"{v:.4g}") for name, v in self.figures.items()}
        told = {"figures": figures, "targets": self.targets, "ok": self.is_ok, "machine": self.machine}
        return json.dumps({**told, **self.more})


def machine(**more: object) -> dict[str, object]:
    """Where it was measured. `load_1m` tells how much was going on when the bench ended, its own work included."""
    return {
        "cpus": os.cpu_count(),
        "cpu": _processor(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load_1m": round(os.getloadavg()[0], 2),
        **more,
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as lines:  # noqa: PTH123  # not a file of ours, and only on Linux
            return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()

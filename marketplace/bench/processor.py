"""Processor time of other processes, by the kernel's own book; 0 where there is no /proc."""

import os
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")
#: after the name of the program, which may hold anything: state, parent ... times of its own and of its ended children
_PARENT, _TIMES = 1, slice(11, 15)


def spent_below(root: int) -> float:
    """Seconds that a process and everything that it has started have spent so far."""
    rows = dict(_rows())
    family = {root} & rows.keys()
    while more := {pid for pid, (parent, _spent) in rows.items() if parent in family} - family:
        family |= more
    return sum(rows[pid][1] for pid in family)


def parent_of(pid: int) -> int:
    """The process that started this one."""
    return dict(_rows()).get(pid, (0, 0.0))[0]


def _rows() -> Iterable[tuple[int, tuple[int, float]]]:
    for folder in _PROC.glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        ticks = sum(int(word) for word in words[_TIMES])
        yield int(folder.name), (int(words[_PARENT]), ticks / os.sysconf("SC_CLK_TCK"))

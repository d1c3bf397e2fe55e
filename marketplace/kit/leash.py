"""Starting a program that ends when its starter ends, even when the starter is killed with -9.

This file is also run as a script of its own, in the moment between starting and becoming the program. It needs nothing
but the standard library, and gives up root's rights only then: the program's user need not be able to reach Python.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1
_PAUSE_S = 0.5


def leashed(
    command: Sequence[str],
    *,
    when_orphaned: signal.Signals | None = signal.SIGTERM,
    user: tuple[int, int] | None = None,
    watched: bool = not sys.platform.startswith("linux"),
) -> list[str]:
    """The command line that starts `command` on a leash. Start it from a thread that lives as long as the leash should.

    Args:
        command: program and arguments.
        when_orphaned: what the program is sent when the calling process is gone; None: nothing, it lives on.
        user: user and group id to become, all other groups dropped.
        watched: by a small process that looks twice a second, for systems whose kernel does not do it.
    """
    starter = os.getpid() if when_orphaned else 0
    number = int(when_orphaned or 0)
    uid, gid = user or (-1, -1)
    words = (starter, number, uid, gid, int(watched))
    # A user without write access must not be able to choose what is imported: isolated, and without site packages.
    return [sys.executable, "-I", "-S", __file__, *map(str, words), *command]


def _main(words: Sequence[int], command: Sequence[str]) -> None:
    starter, number, uid, gid, watched = words
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    # Python ignores these, and a shell in the background ignores interrupts: the program shall have them as usual.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
        signal.signal(name, signal.SIG_DFL)
    if starter:
        _tie(starter, number, by_watching=bool(watched))
    try:
        os.execvp(command[0], list(command))  # noqa: S606  # becoming the program is the purpose
    except OSError as error:
        sys.exit(f"{command[0]} cannot be started: {error.strerror}")


def _tie(starter: int, number: int, *, by_watching: bool) -> None:
    if by_watching:
        _leave_a_watcher(starter, os.getpid(), number)
    elif ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0):
        sys.exit(f"The leash does not hold: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != starter:  # it was gone before the leash was on
        sys.exit("The starter has ended.")


def _leave_a_watcher(starter: int, program: int, number: int) -> None:
    """Not a child of the program, which might wonder whose it is: it is handed to init by a process in between."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    while _exists(starter) and _exists(program):
        time.sleep(_PAUSE_S)
    if _exists(program):
        os.kill(program, number)
    os._exit(0)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    _main([int(word) for word in sys.argv[1:6]], sys.argv[6:])

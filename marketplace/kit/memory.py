"""What the product consists of stays: the garbage collector is spared from looking through it again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: objects made before the collector looks again: a page makes some thousands, nearly all of them freed without it
_YOUNG = 50_000
_MIDDLE, _OLD = 20, 50


@contextmanager
def loading() -> Iterator[None]:
    """No collecting while modules are loaded, for nothing of them is garbage: a sixth of a command's start."""
    gc.disable()
    try:
        yield
    finally:
        settle()


def settle() -> None:
    """Take all that is there now for lasting, and collect less often. Workers that are forked then share it.

    Nothing is collected first: one object in a hundred is garbage, to look for it takes a tenth of a command's start.
    """
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
    gc.enable()

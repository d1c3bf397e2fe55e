"""Stripe's stand-in beside tests. One plays the world of test after test: to start it takes longer than most take."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from flask import Flask

from marketplace.stripe_emulator import World, create_emulator, play, server_of

_ENDS_WITHIN_S = 0.1


class Emulators:
    """Those that have been started, until `end`."""

    def __init__(self) -> None:
        self._started = ExitStack()
        self._free: list[tuple[str, Flask]] = []
        self.end = self._started.close

    @contextmanager
    def playing(self, make_world: Callable[[str], World]) -> Iterator[tuple[str, Flask]]:
        """One for this block alone, in a world that is told its address: `(address, app)`."""
        address, app = self._free.pop() if self._free else self._started.enter_context(_serving())
        world = make_world(address)
        play(app, world)
        try:
            yield address, app
        finally:
            world.store.close()
            self._free.append((address, app))


@contextmanager
def _serving() -> Iterator[tuple[str, Flask]]:
    app = create_emulator()
    server = server_of(app, "127.0.0.1")
    thread = threading.Thread(target=server.serve_forever, args=(_ENDS_WITHIN_S,), name="stripe-emulator", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", app
    server.shutdown()
    server.server_close()
    thread.join()

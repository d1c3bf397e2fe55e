"""What an application was given at its start: keys, a file store, a gateway. Two in one process have each their own."""

from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

from flask import Flask, current_app

#: where Flask keeps it: in `app.extensions`
EXTENSION = "fairlead"

T = TypeVar("T")


class Given(Generic[T]):
    """One thing that each application has of its own. A module that needs one keeps a `Given` and reads it there."""

    def __init__(self, name: str) -> None:
        self._name = name

    def set(self, thing: T) -> None:
        """Give it to the application of this context, in place of what it had."""
        _application().extensions.setdefault(EXTENSION, {})[self._name] = thing

    def get(self) -> T:
        """What the application of this context has. Raises RuntimeError: there is none, or it was not given this."""
        given: dict[str, Any] = _application().extensions.get(EXTENSION, {})
        try:
            found: T = given[self._name]
        except KeyError:
            raise RuntimeError(f"this application was not given its {self._name}") from None
        return found


def context() -> AbstractContextManager[object]:
    """One more context of this application, with a database session of its own."""
    return _application().app_context()


def _application() -> Flask:
    """The application itself: a look through Flask's proxy takes four times as long."""
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001  # documented

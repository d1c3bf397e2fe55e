"""A form is done once, however often it is sent: a second click, a page that is loaded again, a window beside.

Its hidden field `key` is new on each page that is shown. What was asked is what the face read out of the form: never
the form itself, whose token is another one after signing in again.
"""

from collections.abc import Callable
from uuid import UUID, uuid4

from flask import request

from marketplace.kit import idempotency

_LONGEST = 64


def once(org_id: UUID, act: Callable[[], UUID], *wanted: object) -> UUID:
    """Do the act, or give the id of what the same form made before. Inside the act's own transaction.

    Raises:
        IdempotencyConflict: the same page was sent with other wishes.
    """
    return idempotency.once(org_id, form_key(), asked(*wanted), act)


def form_key() -> str:
    """The form's own key; one that nothing else has where none was sent."""
    sent = request.form.get("key", "")
    return key_of(sent if 0 < len(sent) <= _LONGEST and sent.isprintable() else uuid4())


def key_of(sent: object) -> str:
    """Under which a page's key is kept, apart from those that scripts choose."""
    return f"page:{sent}"


def asked(*wanted: object) -> bytes:
    """What is asked for here, as a digest; each wish is told apart by its `repr`."""
    return idempotency.digest("POST", request.path, repr(wanted).encode())

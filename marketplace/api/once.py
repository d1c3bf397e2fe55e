"""An act with an Idempotency-Key is done once; the same request again is answered from what it made."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request

from marketplace.api.reading import is_multipart
from marketplace.api.resource import KEY_HEADER, LONGEST_KEY
from marketplace.kit import crypto, idempotency
from marketplace.kit.errors import Invalid
from marketplace.kit.i18n import gettext as _
from marketplace.people import Who

_PIECE = 1 << 20


def once(who: Who, act: Callable[[], UUID]) -> UUID:
    """Do the act, or give the id of what the same request made before. Inside the act's own transaction.

    Raises:
        IdempotencyConflict: the key was used for another request. Invalid: the key cannot be one.
    """
    key = request_key()
    return act() if key is None else idempotency.once(who.org_id, key, asked(), act)


def was_asked(who: Who) -> bool:
    """Whether this request was done before, by its key. Raises Invalid."""
    key = request_key()
    return key is not None and idempotency.find(who.org_id, key) is not None


def once_each(who: Who, act: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The same for an act with one result an item: ids, codes and our own sentences, never what was sent.

    They are kept sealed, because a reason may name a field, and a name comes from outside.
    """
    key = request_key()
    if key is None:
        return act()
    earlier = idempotency.claim(who.org_id, key, asked())
    place = f"idempotency_keys:detail:{who.org_id}:{key}"
    if earlier and earlier.detail:
        kept: list[dict[str, Any]] = json.loads(crypto.unseal(base64.b64decode(earlier.detail["sealed"]), place))
        return kept
    items = act()
    sealed = crypto.seal(json.dumps(items).encode(), place)
    idempotency.settle(who.org_id, key, None, {"sealed": base64.b64encode(sealed).decode()})
    return items


def request_key() -> str | None:
    """The request's Idempotency-Key, if it has one. Raises Invalid."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        words = _("Give a key of 1 to %(most)s printable characters.", most=LONGEST_KEY)
        raise Invalid(words, fields={KEY_HEADER: words})
    return key


def asked() -> bytes:
    """What this request asks for, as a digest: method, address, content."""
    body = _form_digest() if is_multipart() else request.get_data()
    return idempotency.digest(request.method, request.full_path, body)


def _form_digest() -> bytes:
    """A form's content without the boundary, which differs from one sending to the next."""
    digest = hashlib.sha256()
    for name, value in sorted(request.form.items(multi=True)):
        digest.update(f"{name}={value}\n".encode(errors="replace"))
    for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0]):
        digest.update(f"{name}:{file.filename}\n".encode(errors="replace"))
        file.stream.seek(0)
        while piece := file.stream.read(_PIECE):
            digest.update(piece)
    return digest.digest()

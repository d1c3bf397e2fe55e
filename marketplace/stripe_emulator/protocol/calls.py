"""Reading one HTTP request as Stripe does: who asks, for which account, with which key and parameters."""

import base64
import binascii
import hmac
from dataclasses import dataclass, field
from typing import Any

from flask import request

from marketplace.stripe_emulator.protocol.errors import InvalidParameter, NoAccess, Unauthorized
from marketplace.stripe_emulator.protocol.form import parse, parse_json
from marketplace.stripe_emulator.protocol.keys import Key
from marketplace.stripe_emulator.store import Json
from marketplace.stripe_emulator.world import Cause, Work

_LONGEST_KEY = 255


@dataclass(frozen=True)
class Call:
    """One request, as far as all endpoints treat it alike."""

    path: str
    params: Json
    expand: Any
    account: str  # whose objects it concerns: "" for the platform's own
    key: Key | None
    request_id: str
    is_v2: bool
    compared: Json = field(init=False)  # what a repetition must have in common with it

    def __post_init__(self) -> None:
        object.__setattr__(self, "compared", {"params": self.params, "expand": self.expand})

    @property
    def cause(self) -> Cause:
        return Cause(self.request_id, self.key.text if self.key else None)


def authenticate(secret_key: str) -> None:
    """Stripe takes its key as a bearer token, or as the user name of basic authentication. Raises Unauthorized."""
    given = _given_key(request.headers.get("Authorization", ""))
    if not given:
        raise Unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header."
        )
    if not hmac.compare_digest(given.encode(), secret_key.encode()):
        raise Unauthorized(f"Invalid API Key provided: {given[:7]}****{given[-4:] if len(given) > 16 else ''}")  # noqa: PLR2004


def read_call(request_id: str) -> Call:
    is_v2, is_write = request.path.startswith("/v2/"), request.method == "POST"
    if is_write and is_v2:
        params = parse_json(request.get_data())
    else:
        params = parse(request.get_data(as_text=True) if is_write else request.query_string.decode())
    wanted = [] if is_v2 else params.pop("expand", [])
    account = request.headers.get("Stripe-Account") or request.headers.get("Stripe-Context") or ""
    key = _key(account, is_v2=is_v2) if is_write else None
    return Call(request.path, params, wanted, account, key, request_id, is_v2)


def check_account(work: Work, account: str) -> None:
    """Raises NoAccess when there is no such connected account."""
    found = work.rows.find(account) if account else None
    if account and (found is None or found["object"] != "v2.core.account"):
        raise NoAccess(account)


def _key(account: str, *, is_v2: bool) -> Key | None:
    text = request.headers.get("Idempotency-Key")
    if text is not None and len(text) > _LONGEST_KEY:
        raise InvalidParameter(f"Idempotency keys must be at most {_LONGEST_KEY} characters.")
    return Key(text, account, is_v2=is_v2) if text else None


def _given_key(header: str) -> str:
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""

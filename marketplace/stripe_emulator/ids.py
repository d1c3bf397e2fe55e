"""Ids in Stripe's own form: a prefix that names the kind, then random letters and digits."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits


def random_text(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_id(prefix: str, length: int = 24) -> str:
    """`new_id("pi")` -> `pi_` and 24 letters or digits."""
    return f"{prefix}_{random_text(length)}"

"""The ways in which Stripe's API says no, in Stripe's own form."""

from typing import Any


class Refusal(Exception):
    """A refusal with Stripe's status, type and code.

    `saved` tells whether an idempotency key remembers it: Stripe remembers what an endpoint answered once it had
    begun its work, and forgets what was refused before.
    """

    status = 400
    kind = "invalid_request_error"
    code: str | None = None
    saved = True

    def __init__(self, message: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.param = param

    def body(self) -> dict[str, Any]:
        error = {"code": self.code, "message": self.message, "param": self.param, "type": self.kind}
        return {"error": {name: value for name, value in error.items() if value is not None}}


class Unauthorized(Refusal):
    status = 401
    saved = False


class NoAccess(Refusal):
    status = 403
    code = "account_invalid"
    saved = False

    def __init__(self, account: str) -> None:
        super().__init__(
            f"The provided key does not have access to account '{account}' (or that account does not exist). "
            "Application access may have been revoked."
        )


class InvalidParameter(Refusal):
    """The request itself is wrong: refused before any work."""

    code = "parameter_invalid"
    saved = False


class UnknownAddress(Refusal):
    status = 404
    saved = False


class NoSuchObject(Refusal):
    """404 where the address names the missing object, 400 where a parameter does."""

    code = "resource_missing"

    def __init__(self, kind: str, object_id: str, *, code: str | None = None, param: str | None = None) -> None:
        super().__init__(f"No such {kind}: '{object_id}'", code=code, param=param or "id")
        self.status = 404 if param is None else 400


class NotPossible(Refusal):
    """The request is well formed, but the object's state forbids it."""


class CardDeclined(Refusal):
    """402: the card was not charged or saved. `more` are the objects that Stripe shows beside the reason."""

    status = 402
    kind = "card_error"

    def __init__(self, error: dict[str, Any], **more: Any) -> None:
        super().__init__(error["message"], code=error["code"])
        self._error = error | more

    def body(self) -> dict[str, Any]:
        return {"error": self._error}


class IdempotencyMismatch(Refusal):
    kind = "idempotency_error"
    saved = False


class KeyInUse(Refusal):
    status = 409
    kind = "idempotency_error"
    code = "idempotency_key_in_use"
    saved = False

    def __init__(self, key: str) -> None:
        super().__init__(
            "There is currently another in-progress request using this Idempotent Key (that probably means you "
            f"submitted twice, and the other request is still going through): {key}. Please try again later."
        )


class RateLimited(Refusal):
    status = 429
    code = "rate_limit"
    saved = False

    def __init__(self) -> None:
        super().__init__("Request rate limit exceeded. You can learn more about rate limits in the documentation.")


class InternalError(Refusal):
    status = 500
    kind = "api_error"

    def __init__(self) -> None:
        super().__init__("Something went wrong on our end. The outcome of this request is unknown.")

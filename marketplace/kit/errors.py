"""How the product says no: a sentence with a code and a status. Each feature declares its own beside its actions."""

from collections.abc import Mapping
from typing import ClassVar

from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import lazy_gettext as _l


class Refusal(Exception):
    """An act that cannot be done, with a sentence for the person who asked for it.

    Attributes:
        code: what scripts rely on.
        status: the HTTP status that both faces answer with.
        sentence: what is shown unless a sharper message is given.
        fields: for a bad form or payload, the message of each field.
        retry_after: the seconds after which the same may be asked again, where waiting is of use.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    sentence: ClassVar[str | LazyText] = _l("This cannot be done.")
    retry_after: int | None = None

    def __init__(
        self, message: str | LazyText | None = None, *, fields: Mapping[str, str | LazyText] | None = None
    ) -> None:
        self.message = message or self.sentence
        self.fields = dict(fields or {})
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class Invalid(Refusal):
    code = "invalid"
    status = 422
    sentence = _l("Some fields need another look.")


class Unauthorized(Refusal):
    code = "unauthorized"
    status = 401
    sentence = _l("Sign in first.")


class PaymentRequired(Refusal):
    code = "payment_required"
    status = 402


class Forbidden(Refusal):
    code = "forbidden"
    status = 403
    sentence = _l("Your role does not allow this.")


class NotFound(Refusal):
    code = "not_found"
    status = 404
    sentence = _l("There is nothing here, or it is not yours.")


class Conflict(Refusal):
    code = "conflict"
    status = 409
    sentence = _l("This has changed in the meantime. Load it again.")


class TooLarge(Refusal):
    code = "too_large"
    status = 413
    sentence = _l("This is too large.")


class TooMany(Refusal):
    """Asked too often."""

    code = "rate_limited"
    status = 429
    sentence = _l("Too many attempts. Wait a moment and try again.")

    def __init__(self, message: str | LazyText | None = None, *, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Busy(Refusal):
    """The database is away for a moment, is full, or somebody held a row for too long. Nothing was changed."""

    code = "busy"
    status = 503
    sentence = _l("We are busy right now. Nothing was changed: try again in a few seconds.")
    retry_after = 2

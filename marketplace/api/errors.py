"""How the API says no: every refusal and every failure in one form, rendered here and nowhere else."""

from collections.abc import Mapping

import structlog
from flask import Blueprint, Response, g, jsonify, request
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException

from marketplace.kit.errors import Busy, NotFound, Refusal, TooLarge, Unauthorized
from marketplace.kit.i18n import LazyText
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.logs import told_without_words
from marketplace.kit.trouble import is_passing

log = structlog.get_logger()

_BY_STATUS: Mapping[int, tuple[str, LazyText | str]] = {
    404: (NotFound.code, NotFound.sentence),
    405: ("method_not_allowed", _l("This address does not accept this method.")),
    413: (TooLarge.code, TooLarge.sentence),
    415: ("wrong_media_type", _l("This address does not accept this kind of content.")),
}


class ErrorBody(Schema):
    """Why not: `code` is for scripts, `message` for people, `fields` has a message for each wrong field."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    fields_ = fields.Dict(keys=fields.String(), values=fields.String(), required=True, data_key="fields")


class ErrorOut(Schema):
    error = fields.Nested(ErrorBody, required=True)


def install(blueprint: Blueprint) -> None:
    """Have everything that goes wrong below this blueprint answered in the API's form."""
    blueprint.register_error_handler(Refusal, refused)
    blueprint.register_error_handler(HTTPException, answered_by_http)
    blueprint.register_error_handler(Exception, broken)


def no_such_route() -> Response | None:
    """An address below /api that leads nowhere belongs to no blueprint; it is answered like the others."""
    wrong = request.routing_exception
    if wrong is None or not request.path.startswith("/api/") or (wrong.code or 0) < 400:  # noqa: PLR2004
        return None
    return answered_by_http(wrong)


def refused(why: Refusal) -> Response:
    """A refusal as an answer."""
    fields = {name: str(words) for name, words in why.fields.items()}
    response = _form(why.status, why.code, str(why), fields)
    if why.retry_after is not None:
        response.headers["Retry-After"] = str(why.retry_after)
    if isinstance(why, Unauthorized):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def answered_by_http(error: HTTPException) -> Response:
    """What the server itself refuses: no such address, wrong method, too large."""
    status = error.code or 500
    code, sentence = _BY_STATUS.get(status, (error.name.lower().replace(" ", "_"), error.name))
    response = _form(status, code, str(sentence), {})
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def broken(error: Exception) -> Response:
    """Anything else: trouble that passes is said to; the rest is a bug, written down under the request's id."""
    if is_passing(error):
        log.warning("request.busy", **told_without_words(error))
        return refused(Busy(_("We are busy right now. Send the same request again with the same Idempotency-Key.")))
    log.error("request.failed", method=request.method, **told_without_words(error))
    number = g.get("request_id", "")
    return _form(
        500, "internal", _("Something went wrong on our side. Please quote this number: %(id)s.", id=number), {}
    )


def _form(status: int, code: str, message: str, fields: Mapping[str, str]) -> Response:
    response = jsonify({"error": {"code": code, "message": message, "fields": fields}})
    response.status_code = status
    return response

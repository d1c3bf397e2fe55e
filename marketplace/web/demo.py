"""The demo's letters, which never leave it: as a list for people, as JSON for scripts. Exists in no other mode."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from marketplace import notices
from marketplace.kit.errors import NotFound
from marketplace.notices import Delivered

blueprint = Blueprint("demo", __name__, url_prefix="/demo")

#: a letter brings its own styles and may do nothing else; only our own list shows it in a frame
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)


@blueprint.get("/mail")
def mail() -> ResponseReturnValue:
    """All letters, newest first; `?to=` narrows them to one address."""
    letters = notices.outbox(request.args.get("to", ""))
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify([_as_json(letter) for letter in letters])
    return render_template("demo/mail.html", letters=letters, to=request.args.get("to", ""))


@blueprint.get("/mail/<uuid:letter_id>")
def letter(letter_id: UUID) -> ResponseReturnValue:
    return render_template("demo/letter.html", letter=_find(letter_id))


@blueprint.get("/mail/<uuid:letter_id>/body")
def body(letter_id: UUID) -> Response:
    """The letter as its reader's program shows it; its links leave the frame."""
    html = _find(letter_id).html.replace("<head>", '<head><base target="_top">', 1)
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = _LETTER_POLICY
    return response


def _find(letter_id: UUID) -> Delivered:
    found = next((letter for letter in notices.outbox() if letter.id == letter_id), None)
    if found is None:
        raise NotFound
    return found


def _as_json(letter: Delivered) -> dict[str, str]:
    return {
        "id": str(letter.id),
        "to": letter.to,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "sent_at": letter.at.isoformat(),
    }

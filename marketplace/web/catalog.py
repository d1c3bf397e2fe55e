"""The catalogue: what is on sale, one lead, buying."""

from flask import Blueprint

blueprint = Blueprint("catalog", __name__, url_prefix="/catalog")


@blueprint.get("")
def index() -> str:
    return ""

"""The inbox of a buyer: what was bought, and the person behind it."""

from flask import Blueprint

blueprint = Blueprint("orders", __name__, url_prefix="/orders")


@blueprint.get("")
def index() -> str:
    return ""

"""The wallet of a buyer."""

from flask import Blueprint

blueprint = Blueprint("wallet", __name__, url_prefix="/wallet")


@blueprint.get("")
def show() -> str:
    return ""

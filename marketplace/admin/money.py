"""money for staff."""

from flask import Blueprint

blueprint = Blueprint("admin_money", __name__, url_prefix="/admin/money")


@blueprint.get("")
def show() -> str:
    return ""

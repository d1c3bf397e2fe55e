"""disputes for staff."""

from flask import Blueprint

blueprint = Blueprint("admin_disputes", __name__, url_prefix="/admin/disputes")


@blueprint.get("")
def index() -> str:
    return ""

"""organisations for staff."""

from flask import Blueprint

blueprint = Blueprint("admin_organisations", __name__, url_prefix="/admin/organisations")


@blueprint.get("")
def index() -> str:
    return ""

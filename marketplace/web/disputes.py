"""Disputes for both parties."""

from flask import Blueprint

blueprint = Blueprint("disputes", __name__)


@blueprint.get("/disputes")
def index() -> str:
    return ""

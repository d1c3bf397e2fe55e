"""How good the scores are, for staff: what they said against what came, the versions, and every attempt to learn."""

from flask import Blueprint, render_template, request

from marketplace import quality
from marketplace.admin.staff import staff
from marketplace.catalog import VERTICALS
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.paging import Ask
from marketplace.people import Power
from marketplace.quality.scores import Kind
from marketplace.quality.training import queries as training
from marketplace.quality.training.models import Why

blueprint = Blueprint("admin_quality", __name__, url_prefix="/admin/quality")

_RUNS = 25
KINDS = {Kind.FRAUD: _l("Likely real"), Kind.CONVERT: _l("Likely to buy")}
#: what a run came to: the word, its tone, and the reason
WHYS = {
    Why.PROMOTED: (_l("took over"), "pos", _l("Less surprised by the newest outcomes, and its slope is in order.")),
    Why.TOO_FEW: (_l("too few"), "line", _l("A probability needs 300 outcomes, and 20 of either kind.")),
    Why.NO_SIGNAL: (_l("no signal"), "line", _l("It ranks no better than chance beyond doubt. No score is shown.")),
    Why.SLOPE: (_l("passed over"), "", _l("Its slope on the newest outcomes is not between 0.7 and 1.4.")),
    Why.NOT_BETTER: (_l("passed over"), "", _l("The version that serves is surprised less by the newest outcomes.")),
}


@blueprint.get("")
def show() -> str:
    staff(Power.AUDIT_READ)
    trade = _trade()
    tables = [table for table in quality.calibration_tables() if table.vertical == trade]
    return render_template("admin/quality.html", tables=tables, trade=trade, trades=VERTICALS)


@blueprint.get("/models")
def models() -> str:
    who = staff(Power.AUDIT_READ)
    trade = _trade()
    return render_template(
        "admin/models.html",
        serving=training.models_for(who),
        next_at=training.next_for(who),
        runs=training.runs_for(who, Ask(request.args.get("cursor"), _RUNS)),
        is_first="cursor" not in request.args,
        newest=training.newest_of(who, Kind.CONVERT, trade),
        trade=trade,
        trades=VERTICALS,
        kinds=KINDS,
        whys=WHYS,
    )


def _trade() -> str | None:
    """The trade that the address names; None: all together."""
    asked = request.args.get("trade", "")
    return asked if asked in VERTICALS else None

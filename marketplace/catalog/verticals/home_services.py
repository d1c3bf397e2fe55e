"""Home services: repair, improvement, solar. The job is tied to a place, so the postal code is asked for."""

from marketplace.catalog.fields import Choice, Field
from marketplace.catalog.verticals.trade import Tells, Vertical
from marketplace.kit.i18n import noted as _n

HOME_SERVICES = Vertical(
    slug="home_services",
    title=_n("Home services"),
    max_age_days=60,
    tells=(
        Tells("service", "need"),
        Tells("timing", "wish", ("urgent", "month")),
        Tells("owns_home", "ability"),
    ),
    usual_cents=35_00,
    fields=(
        Field(
            "service",
            _n("Service"),
            "choice",
            required=True,
            preview="exact",
            choices=(
                Choice("roofing", _n("Roofing"), ("roof", "roof repair")),
                Choice("windows", _n("Windows and doors"), ("windows", "doors")),
                Choice("heating", _n("Heating and cooling"), ("hvac", "heat pump", "air conditioning", "boiler")),
                Choice("solar", _n("Solar"), ("solar panels", "photovoltaics", "pv")),
                Choice("plumbing", _n("Plumbing"), ("plumber",)),
                Choice("electrical", _n("Electrical work"), ("electrician",)),
                Choice("kitchen_bath", _n("Kitchen or bathroom"), ("kitchen", "bathroom", "remodel")),
                Choice("other", _n("Other work")),
            ),
        ),
        Field("owns_home", _n("Owns the home"), "yes_no", preview="exact"),
        Field(
            "timing",
            _n("When"),
            "choice",
            preview="exact",
            choices=(
                Choice("urgent", _n("At once"), ("asap", "now", "immediately", "emergency")),
                Choice("month", _n("Within a month"), ("1 month", "30 days")),
                Choice("quarter", _n("Within 3 months"), ("1-3 months",)),
                Choice("planning", _n("Planning"), ("later", "just looking")),
            ),
        ),
        Field("budget", _n("Budget"), "number", minimum=0, preview="band", bands=(500, 1000, 2500, 5000, 10000, 25000)),
        Field("details", _n("What is to be done"), "text"),
    ),
)

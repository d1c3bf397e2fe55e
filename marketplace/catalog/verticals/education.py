"""Education: courses, degrees, lessons. People decide slowly: an interest of four months still counts."""

from marketplace.catalog.fields import Choice, Field
from marketplace.catalog.verticals.trade import Tells, Vertical
from marketplace.kit.i18n import noted as _n

EDUCATION = Vertical(
    slug="education",
    title=_n("Education"),
    max_age_days=120,
    tells=(
        Tells("subject", "need"),
        Tells("start", "wish", ("now", "3_months")),
        Tells("budget", "ability"),
    ),
    usual_cents=25_00,
    fields=(
        Field("subject", _n("Subject"), "text"),
        Field(
            "education_level",
            _n("Education so far"),
            "choice",
            preview="exact",
            choices=(
                Choice("school", _n("High school"), ("High school / GED", "GED", "secondary school", "matura")),
                Choice("some_college", _n("Some college"), ("Some college / Associate's degree", "Associate's degree")),
                Choice("bachelor", _n("Bachelor's degree"), ("Bachelor", "BA", "BSc", "undergraduate degree")),
                Choice("postgraduate", _n("Postgraduate degree"), ("Post-graduate degree", "Master", "MBA", "PhD")),
            ),
        ),
        Field(
            "study_mode",
            _n("Way of learning"),
            "choice",
            preview="exact",
            choices=(
                Choice("online", _n("Online"), ("remote", "distance")),
                Choice("on_site", _n("On site"), ("campus", "in person", "offline", "classroom")),
                Choice("mixed", _n("Mixed"), ("hybrid", "blended")),
            ),
        ),
        Field(
            "start",
            _n("Wants to start"),
            "choice",
            preview="exact",
            choices=(
                Choice("now", _n("Now"), ("asap", "immediately")),
                Choice("3_months", _n("Within 3 months"), ("within three months", "1-3 months")),
                Choice("6_months", _n("Within 6 months"), ("within six months", "3-6 months")),
                Choice("later", _n("Later"), ("next year", "not sure")),
            ),
        ),
        Field("budget", _n("Budget"), "number", minimum=0, preview="band", bands=(500, 1000, 2500, 5000, 10000, 25000)),
    ),
)

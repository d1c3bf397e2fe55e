"""Insurance: a quote goes stale within weeks, and it says much about a person, so only verified buyers may buy."""

from marketplace.catalog.fields import Choice, Field
from marketplace.catalog.verticals.trade import Tells, Vertical
from marketplace.kit.i18n import noted as _n

INSURANCE = Vertical(
    slug="insurance",
    title=_n("Insurance"),
    max_age_days=30,
    tells=(
        Tells("product", "need"),
        Tells("renewal_on", "wish"),
        Tells("vehicle_year", "ability"),
    ),
    usual_cents=30_00,
    is_sensitive=True,
    fields=(
        Field(
            "product",
            _n("Kind of insurance"),
            "choice",
            required=True,
            preview="exact",
            choices=(
                Choice("car", _n("Car"), ("auto", "vehicle", "kasko", "osago", "oc")),
                Choice("home", _n("Home"), ("property", "house", "renters")),
                Choice("health", _n("Health"), ("medical",)),
                Choice("life", _n("Life")),
                Choice("travel", _n("Travel")),
                Choice("business", _n("Business"), ("commercial", "liability")),
            ),
        ),
        Field("insured_now", _n("Insured now"), "yes_no", preview="exact"),
        Field("renewal_on", _n("Renewal date"), "date", preview="band"),
        Field("vehicle_year", _n("Year of the car"), "number", minimum=1950, maximum=2030, preview="exact"),
        Field("current_insurer", _n("Insurer today"), "text"),
        Field("birth_year", _n("Year of birth"), "number", minimum=1900, maximum=2020, preview="band",
              bands=(1950, 1960, 1970, 1980, 1990, 2000)),
    ),
)  # fmt: skip

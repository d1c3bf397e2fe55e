"""The terms of a commission and of a grade in words, for pages and letters."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from marketplace.catalog.commission import Channel, CommissionTerms, Kind
from marketplace.catalog.models import GradeTerms
from marketplace.catalog.price_curve import PriceCurve
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.i18n import locale_code, ngettext
from marketplace.kit.money import PER_BP, Money

CHANNELS: Mapping[str, Any] = {
    Channel.PAGE: _l("on these pages"),
    Channel.API: _l("by API"),
    Channel.FILE: _l("in files"),
    Channel.WEBHOOK: _l("by webhook"),
}

#: how often an agency of a grade is paid
RHYTHMS: Mapping[str, Any] = {
    "same_day": _l("the same day"),
    "daily": _l("daily"),
    "weekly": _l("weekly"),
    "held": _l("held"),
}


def commission_words(terms: CommissionTerms, currency: str) -> str:
    """What each sale costs: 12 % of the sale, at least $20.00, at most $500.00."""
    if terms.kind == Kind.FLAT:
        return str(_("%(amount)s for each sale", amount=Money(terms.amount_cents or 0, currency)))
    words = [
        _(
            "%(part)s of the sale",
            part=percent_words(terms.rate_bp or 0),
        )
    ]
    if terms.least_cents:
        words.append(_("at least %(amount)s", amount=Money(terms.least_cents, currency)))
    if terms.most_cents is not None:
        words.append(_("at most %(amount)s", amount=Money(terms.most_cents, currency)))
    return ", ".join(map(str, words))


def repeat_words(terms: CommissionTerms) -> str:
    """Which sales count: the first alone, or further ones for some months."""
    if not terms.repeat_months:
        return str(_("the first sale only"))
    months = terms.repeat_months
    return str(
        ngettext(
            "the first sale, and further ones within %(count)s month of it",
            "the first sale, and further ones within %(count)s months of it",
            months,
            count=months,
        )
    )


def paid_words(terms: CommissionTerms) -> str:
    """How a commission is paid: at once, or in monthly parts."""
    if terms.instalments == 1:
        return str(_("at once"))
    return str(_("in %(count)s monthly parts", count=terms.instalments))


def terms_in_words(terms: CommissionTerms, currency: str) -> list[tuple[str, str]]:
    """All that is agreed, as names and words."""
    days = {
        name: ngettext("%(count)s day", "%(count)s days", count, count=count)
        for name, count in (("report", terms.report_days), ("reversal", terms.reversal_days))
    }
    return [
        (str(_("Commission")), commission_words(terms, currency)),
        (str(_("Counts")), repeat_words(terms)),
        (str(_("Paid")), paid_words(terms)),
        (str(_("Report due")), str(_("%(days)s after the purchase", days=days["report"]))),
        (str(_("Returns")), str(_("%(days)s after a report", days=days["reversal"]))),
        (str(_("Reported")), channel_words(terms)),
        (str(_("Shared")), terms.data_sharing),
    ]


def curve_in_words(curve: PriceCurve, price: Money) -> str:
    """How the price falls with age: from 24 hours on $20.00 (80 %), from 72 hours on $15.00 (60 %); never below ..."""
    steps = [
        str(
            _(
                "from %(hours)s h on %(price)s (%(part)s)",
                hours=step.after_hours,
                price=Money(curve.of_step(price.amount, step), price.currency),
                part=percent_words(step.percent * 100),
            )
        )
        for step in curve.steps
    ]
    least = Money(curve.floor_cents, price.currency)
    return str(_("%(steps)s; never below %(least)s", steps=", ".join(steps), least=least))


def channel_words(terms: CommissionTerms) -> str:
    """How sales are reported."""
    return str(CHANNELS[terms.channel])


def grade_terms_in_words(terms: GradeTerms) -> list[tuple[str, str]]:
    """What a grade brings to an agency, as names and words."""
    kept = ngettext("%(count)s day", "%(count)s days", terms.reserve_days, count=terms.reserve_days)
    first = ngettext("%(count)s day", "%(count)s days", terms.first_payout_days, count=terms.first_payout_days)
    reserve = (
        _("%(part)s for %(days)s", part=percent_words(terms.reserve_bp), days=kept) if terms.reserve_bp else _("none")
    )
    limit = terms.most_unmatured
    return [
        (str(_("Fee")), percent_words(terms.fee_bp)),
        (str(_("Reserve")), str(reserve)),
        (str(_("Payouts")), str(RHYTHMS[terms.payout_rhythm])),
        (str(_("First payout")), str(_("after %(days)s", days=first) if terms.first_payout_days else _("at once"))),
        (
            str(_("Weight in the catalogue")),
            format_decimal(Decimal(terms.visibility_bp) / PER_BP, locale=locale_code()),
        ),
        (str(_("Audited")), str(_("%(part)s of sold leads", part=percent_words(terms.audit_bp)))),
        (str(_("Leads in open windows")), str(_("no limit") if limit is None else _("at most %(count)s", count=limit))),
    ]


def percent_words(basis_points: int) -> str:
    """Hundredths of a percent as a percentage, exactly: 850 is 8.5 %."""
    shown = format_decimal(Decimal(basis_points) * 100 / PER_BP, format="#,##0.##", locale=locale_code())
    return f"{shown}\N{NARROW NO-BREAK SPACE}%"

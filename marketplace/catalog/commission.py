"""What a lead costs that is paid by the sale: the commission's terms, as a version of a listing keeps them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from marketplace.kit.money import Money, share

#: the deposit for a lead, as a part of the commission that is expected for it, in basis points
DEPOSIT_BP = 2_000


class Pricing(StrEnum):
    """A price for the lead at once, or a deposit now and a commission for each sale."""

    PER_LEAD = "per_lead"
    PER_SALE = "per_sale"


class Kind(StrEnum):
    """A commission of one amount, or a part of what was sold."""

    FLAT = "flat"
    PERCENT = "percent"


class Channel(StrEnum):
    """The way in which buyer and agency agree that sales are reported."""

    PAGE = "page"
    API = "api"
    FILE = "file"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class CommissionTerms:
    """The terms of one listing that is paid by the sale. Amounts in minor units of the listing's currency.

    Attributes:
        amount_cents: of a flat commission, for each sale. rate_bp: of a percentage, in basis points of the sale.
        least_cents, most_cents: what a percentage comes to at least and at most.
        expected_cents: the commission to be expected; the deposit is 20 % of it unless the listing says otherwise.
        data_sharing: what the buyer tells the agency about its customers, in words; agreed with the purchase.
        repeat_months: so long after the first sale a further one to the same person counts; 0 means the first alone.
        reversal_days: so long after a report the customer may return what was sold.
        report_days: so long after the purchase a sale, or that there was none, is to be reported.
        instalments: in how many monthly parts a commission is paid; 1 means at once.
    """

    kind: str
    expected_cents: int
    channel: str
    data_sharing: str
    amount_cents: int | None = None
    rate_bp: int | None = None
    least_cents: int | None = None
    most_cents: int | None = None
    repeat_months: int = 0
    reversal_days: int = 30
    report_days: int = 90
    instalments: int = 1

    @classmethod
    def of(cls, terms: Mapping[str, Any]) -> "CommissionTerms | None":
        """From the terms of a listing or of one of its versions; None where it is paid by the lead."""
        return cls(**terms["commission"]) if terms.get("commission") else None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def of_sale(self, sale_cents: int) -> int:
        """The commission for a sale of this amount, in minor units; nothing for what was given back in full."""
        if sale_cents <= 0:
            return 0
        if self.kind == Kind.FLAT:
            return self.amount_cents or 0
        cents = max(share(sale_cents, self.rate_bp or 0), self.least_cents or 0)
        return cents if self.most_cents is None else min(cents, self.most_cents)

    @property
    def usual_deposit(self) -> int:
        """The deposit where the listing does not say another one."""
        return share(self.expected_cents, DEPOSIT_BP)

    def told(self, currency: str) -> dict[str, Any]:
        """The terms as they are told outside, amounts as money."""
        plain = asdict(self)
        money = {name: plain.pop(f"{name}_cents") for name in ("amount", "least", "most", "expected")}
        return plain | {name: None if cents is None else Money(cents, currency) for name, cents in money.items()}

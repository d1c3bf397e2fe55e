"""How a dispute without its deposit is refused."""

from marketplace.kit.errors import Conflict
from marketplace.kit.i18n import gettext as _
from marketplace.kit.i18n import lazy_gettext as _l
from marketplace.kit.money import Money


class DepositNeeded(Conflict):
    code = "deposit_needed"
    sentence = _l("This dispute needs a deposit, because most of your disputes were rejected.")

    @classmethod
    def of(cls, amount: Money) -> "DepositNeeded":
        """With the amount that is to be agreed to, in minor units too."""
        return cls(
            _(
                "Most of your disputes were rejected: this one needs a deposit of %(amount)s. It comes back unless the "
                "dispute is rejected. Send deposit_cents %(cents)s to agree.",
                amount=amount,
                cents=amount.amount,
            )
        )

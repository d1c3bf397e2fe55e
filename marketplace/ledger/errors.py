"""How the ledger says no."""

from marketplace.kit.errors import Conflict, PaymentRequired
from marketplace.kit.i18n import lazy_gettext as _l


class Overdrawn(PaymentRequired):
    """A guarded account would fall below zero."""

    code = "insufficient_funds"
    sentence = _l("There is not enough money for this.")


class KeyReused(Conflict):
    """The key of an entry came again with other content: two different facts under one name."""

    code = "ledger_key_conflict"
    sentence = _l("This has already been booked with other amounts.")


class AgainstTheRules(Exception):
    """An entry that its kind's posting rule does not allow: a bug of whoever writes it, never a refusal."""

"""How the catalogue says no."""

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.i18n import lazy_gettext as _l


class ListingNotOpen(Conflict):
    code = "listing_not_open"
    sentence = _l("This listing is not accepting leads now. Open it first.")


class WrongState(Conflict):
    code = "wrong_state"
    sentence = _l("The listing cannot change to this state from its current one.")


class FixedTerm(Conflict):
    code = "fixed_term"
    sentence = _l("This term cannot change once the listing has been opened. Make a new listing.")


class WrongPricing(Invalid):
    code = "wrong_pricing"
    sentence = _l("This does not fit how the listing is paid: by the lead, or by the sale.")


class SameTerms(Invalid):
    code = "same_terms"
    sentence = _l("These terms already apply. Change something first.")

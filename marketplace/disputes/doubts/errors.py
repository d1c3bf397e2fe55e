"""How an act on a doubt is refused."""

from marketplace.kit.errors import Conflict, Forbidden
from marketplace.kit.i18n import lazy_gettext as _l


class DoubtOver(Conflict):
    code = "doubt_over"
    sentence = _l("This does not follow from where the request is now.")


class NoProof(Conflict):
    code = "no_proof"
    sentence = _l("No call has found a sale that was not reported. A flag alone is no proof.")


class SamePerson(Forbidden):
    code = "same_person"
    sentence = _l("You proposed it yourself: somebody else of staff confirms or refuses.")


class OwnDoubt(Forbidden):
    code = "own_case"
    sentence = _l("You belong to this organisation: somebody else decides.")

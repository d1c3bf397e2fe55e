"""How an act on a doubt is refused."""

from marketplace.kit.errors import Conflict, Forbidden
from marketplace.kit.i18n import lazy_gettext as _l


class DoubtOver(Conflict):
    code = "doubt_over"
    sentence = _l("The request cannot go there from its current state.")


class NoProof(Conflict):
    code = "no_proof"
    sentence = _l("No call has found an unreported sale. A flag alone is not proof.")


class SamePerson(Forbidden):
    code = "same_person"
    sentence = _l("You proposed this yourself. Another member of staff must confirm or refuse it.")


class OwnDoubt(Forbidden):
    code = "own_case"
    sentence = _l("You belong to this organisation. Someone else must decide.")

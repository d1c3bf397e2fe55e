"""How the voiding of a batch is refused."""

from marketplace.kit.errors import Conflict, Forbidden, Invalid
from marketplace.kit.i18n import lazy_gettext as _l


class NotProven(Conflict):
    code = "not_proven"
    sentence = _l("A batch is voided only where a dispute over a paid filler of it was upheld in full, and stands.")


class ProofNotFinal(Conflict):
    code = "proof_not_final"
    sentence = _l("The agency can still appeal the case that proves it. Approve when that time is over.")


class NoSuchBatch(Invalid):
    code = "no_such_batch"
    sentence = _l("The lead has nothing of this kind in common with others.")


class BatchOpen(Conflict):
    code = "batch_open"
    sentence = _l("This batch is proposed already.")


class BatchDecided(Conflict):
    code = "batch_decided"
    sentence = _l("This proposal is decided.")


class OwnBatch(Forbidden):
    code = "own_batch"
    sentence = _l("You proposed it. Another member of staff must approve.")


class Appealable(Conflict):
    code = "appealable"
    sentence = _l("The agency can still appeal what was decided about this order before.")


class ApproverLeft(Conflict):
    code = "approver_left"
    sentence = _l("Who approved the batch has left: other people must claw it back.")


class TiedToBatch(Forbidden):
    code = "own_case"
    sentence = _l("You belong or belonged to a party of this batch. Other people must decide it.")

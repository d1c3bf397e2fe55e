"""How the voiding of a batch is refused."""

from marketplace.kit.errors import Conflict, Forbidden, Invalid
from marketplace.kit.i18n import lazy_gettext as _l


class NotProven(Conflict):
    code = "not_proven"
    sentence = _l("A batch can be voided only if a dispute over a paid filler in it was upheld in full, and stands.")


class ProofNotFinal(Conflict):
    code = "proof_not_final"
    sentence = _l("The agency can still appeal the case that proves it. Approve once that time is over.")


class NoSuchBatch(Invalid):
    code = "no_such_batch"
    sentence = _l("The lead has nothing of this kind in common with others.")


class BatchOpen(Conflict):
    code = "batch_open"
    sentence = _l("This batch has already been proposed.")


class BatchDecided(Conflict):
    code = "batch_decided"
    sentence = _l("This proposal has already been decided.")


class OwnBatch(Forbidden):
    code = "own_batch"
    sentence = _l("You proposed it. Another member of staff must approve.")


class Appealable(Conflict):
    code = "appealable"
    sentence = _l("The agency can still appeal an earlier decision on this order.")


class ApproverLeft(Conflict):
    code = "approver_left"
    sentence = _l("The person who approved the batch has left. Others must claw the money back.")


class TiedToBatch(Forbidden):
    code = "own_case"
    sentence = _l("You belong or belonged to a party to this batch. Someone else must decide it.")

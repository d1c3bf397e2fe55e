"""WHEN this happened THEN these jobs. The one table of what follows from what.

What must go together with money is one act in one transaction and never a reaction to it. A few reactions run such an
act, whole and in a transaction of its own: `MOVES_MONEY`.
"""

from collections.abc import Mapping, Sequence

from marketplace import events
from marketplace.billing import jobs as billing
from marketplace.disputes import jobs as disputes
from marketplace.disputes.doubts import jobs as doubts
from marketplace.events import InBatches, Reaction
from marketplace.insights import jobs as insights
from marketplace.jobs import Job
from marketplace.leads import jobs as leads
from marketplace.ledger import jobs as ledger
from marketplace.notices import jobs as notices
from marketplace.orders import jobs as orders
from marketplace.people import jobs as people
from marketplace.quality import jobs as quality
from marketplace.quality.prices import jobs as prices
from marketplace.quality.reporting import jobs as reporting
from marketplace.quality.scores import jobs as scores
from marketplace.quality.training import jobs as training
from marketplace.quality.trials import jobs as trials

#: what may decide a dispute that is open
_JUDGED = InBatches(disputes.judge_orders)
#: what lowers a wallet: one that fills itself may be low now
_LOWERED = InBatches(billing.recharge_low)
#: what may change what quality knows of a sold lead: whether it was bad, what became of it
_FACT = InBatches(disputes.tell_facts)

REACTIONS: Mapping[str, Sequence[Reaction]] = {
    "user.signed_up": [notices.confirm_address],
    "user.confirmation_wanted": [notices.confirm_address],
    "user.address_known": [notices.address_known],
    "user.reset_requested": [notices.password_reset],
    "user.password_changed": [notices.password_changed],
    **{event: [told] for event, told in notices.SIGN_INS.items()},
    "api_key.created": [notices.key_made],
    "outcome_hook.made": [notices.hook_made],
    "member.invited": [notices.invitation],
    "organisation.verified": [notices.organisation_verified],
    "import.uploaded": [leads.guess_import],
    "import.started": [leads.run_import],
    "import.resumed": [leads.run_import],
    "leads.received": [InBatches(scores.score_leads)],
    "lead.qualified": [InBatches(scores.score_leads)],
    "chargeback.opened": [notices.chargeback_opened],
    "chargeback.escalated": [notices.chargeback_escalated],
    "chargeback.taken": [notices.chargeback_taken],
    "chargeback.lost": [notices.chargeback_closed],
    "chargeback.won": [notices.chargeback_closed],
    "stripe_event.died": [notices.dead_letter],
    "stripe_call.asked": [billing.perform_call],
    "stripe_event.received": [billing.handle_event],
    "stripe_event.replayed": [billing.handle_event],
    "payout.sent": [notices.payout_sent],
    "payout.failed": [notices.payout_failed],
    "payout.canceled": [notices.payout_failed],
    "payout.waits": [notices.payout_waits],
    "payout.doubted": [notices.payout_waits],
    "payout_account.wanting": [notices.payout_account_needs],
    "payout_account.bank_changed": [notices.payout_account_needs, notices.payout_account_held],
    "organisation.graded": [orders.count_at_once, quality.follow_grade, leads.place_anew],
    "grade_terms.set": [leads.place_all_anew],
    "top_up.succeeded": [billing.issue_receipt, orders.settle_intent],
    "intent.refused": [notices.purchase_refused],
    "document.issued": [notices.document_issued],
    "reports.flagged": [doubts.open_doubt],
    "doubt.opened": [notices.doubt_opened],
    "doubt.decided": [notices.doubt_decided],
    "doubt.lifted": [notices.doubt_lifted],
    "outcome.wanted_again": [notices.deferred_wanted],
    "dispute.opened": [notices.dispute_opened, disputes.look_into, notices.person_asked, _FACT],
    "person.answered": [disputes.judge, notices.person_stopped, quality.leave_alone],
    "dispute.answered": [notices.dispute_answered, disputes.judge],
    "dispute.evidence_added": [disputes.judge],
    "dispute.decided": [notices.dispute_decided, disputes.draw_review, _FACT],
    "dispute.correction_offered": [notices.correction_offered],
    "dispute.correction_failed": [disputes.look_into],
    "dispute.correction_lapsed": [disputes.judge],
    "dispute.voided": [_FACT],
    "batch.approved": [disputes.void_batches],
    "batch.done": [notices.batch_voided],
    "dispute.corrected": [notices.dispute_corrected, _FACT],
    "dispute.appealed": [notices.dispute_appealed, _FACT],
    "dispute.appeal_decided": [notices.appeal_decided, _FACT],
    **{event: [told, _FACT] for event, told in notices.DEALS.items()},
    **{event: [told] for event, told in notices.ALARMS.items()},
    "attempt.logged": [_JUDGED],
    "order.placed": [_LOWERED, _FACT],
    "commission.paid": [_LOWERED],
    "dispute.withdrawn": [_FACT],
    "no_sale.closed": [_FACT],
    "order.charged_back": [_FACT],
    "order.clawed_back": [_FACT],
    "order.frozen": [_FACT],
    "order.refunded": [_FACT],
    "order.released": [_FACT],
    "order.thawed": [_FACT, disputes.go_on],
    "outcome.reported": [_FACT, _JUDGED],
    "sale.accepted": [_FACT],
    "trial.uploaded": [trials.look],
    "trial.started": [trials.run],
    "trial.ended": [trials.forget],
    "recharge.set": [_LOWERED],
    "recharge.declined": [notices.recharge_declined],
    "recharge.paused": [notices.recharge_paused],
    "card.expiring": [notices.card_expiring],
    "card_refund.returned": [notices.refund_returned],
    "head.announced": [notices.chain_head],
    "books.broken": [notices.books_broken],
    "books.check_asked": [insights.check_asked],
}

#: the only reactions that may write ledger entries: each runs whole acts, safe to repeat, a transaction for each
MOVES_MONEY: Sequence[Job] = (
    billing.perform_call,  # what came of a payout, a refund to a card, a transfer
    billing.handle_event,  # what Stripe did: money came in, a bank took some back
    orders.settle_intent,  # the purchase that a buyer asked for before paying
    disputes.look_into,  # a verdict without a person: ADR 16
    disputes.judge,
    disputes.judge_orders,
    disputes.go_on,
    disputes.void_batches,  # orders that two of staff have agreed to void
)

#: recorded for history and audit; nothing follows from them
SILENT = frozenset(
    {
        "alarm.appealed",
        "api_key.revoked",
        "batch.proposed",
        "batch.refused",
        "card.made_default",
        "card.removed",
        "card.saved",
        "card_refund.adopted",
        "card_refund.asked",
        "card_refund.sent",
        "card_setup.created",
        "chargeback.answered",
        "commission.released",
        "commission.returned",
        "deposit.returned",
        "billing_details.given",
        "books.restored",
        "dispute.appeal_answered",
        "dispute.correction_tried",
        "doubt.answered",
        "doubt.called",
        "doubt.proposed",
        "doubt.refused",
        "dispute.reviewed",
        "import.cancelled",
        "import.failed",
        "import.finished",
        "import.guessed",
        "import.paused",
        "intent.bought",
        "intent.lapsed",
        "intent.opened",
        "invitation.withdrawn",
        "lead.corrected",
        "lead.withdrawn",
        "lead_audit.made",
        "listing.changed",
        "listing.created",
        "listing.moved",
        "member.joined",
        "member.removed",
        "member.role_changed",
        "model.trained",
        "order.awarded",
        "organisation.described",
        "organisation.opened",
        "outcome_hook.revoked",
        "parties.linked",
        "passkey.renamed",
        "person.asked",
        "payout.adopted",
        "payout.paid",
        "payout.reserved",
        "payout.returned",
        "payout.taking_asked",
        "payout.taking_refused",
        "payout_account.adopted",
        "payout_account.asked",
        "payout_account.held",
        "payout_account.let_go",
        "payout_account.opened",
        "payout_account.ready",
        "payout_account.refused",
        "promo.expired",
        "proposal.approved",
        "proposal.ended",
        "proposal.made",
        "recharge.claimed",
        "recharge.resumed",
        "recharge.turned_off",
        "sweep.adopted",
        "sweep.asked",
        "sweep.failed",
        "sweep.refused",
        "sweep.sent",
        "terms.accepted",
        "top_up.adopted",
        "top_up.created",
        "top_up.mismatched",
        "reports.watched",
        "user.confirmed",
        "user.signed_in",
        "user.signed_out_elsewhere",
    }
)


#: jobs that look at the clock: they run by themselves every few minutes, and at once when time is moved
ON_THE_CLOCK: Sequence[Job] = (
    disputes.uphold_unanswered,
    disputes.end_corrections,
    disputes.void_batches,
    disputes.settle_deposits,
    disputes.tell_due_facts,
    disputes.decide_overdue,
    disputes.let_fall,
    disputes.weigh_missing,
    orders.release_due,
    orders.count_unmatured,
    orders.settle_sales,
    orders.settle_intents,
    orders.remind_deferred,
    orders.forget_deliveries,
    leads.expire_due,
    leads.forget_traces,
    prices.count_prices,
    training.train,
    reporting.test_reports,
    trials.forget_old,
    billing.reconcile,
    billing.recharge_low,
    billing.warn_of_expiry,
    billing.expire_promos,
    orders.issue_documents,
    ledger.seal,
    ledger.announce_head,
    billing.pay_out_due,
    billing.look_after_payouts,
    billing.link_parties,
    billing.reconcile_balance,
    orders.tell_links,
    quality.rate_night,
    quality.draw_audits,
    people.forget_sign_ins,
)


def install() -> None:
    """Give the table to the relay; done once at start."""
    events.follow(REACTIONS)

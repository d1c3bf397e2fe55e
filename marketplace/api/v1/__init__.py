"""Version 1 of the API: one file a resource."""

from marketplace.api.resource import Resource
from marketplace.api.v1.attempts import resource as attempts
from marketplace.api.v1.audits import resource as audits
from marketplace.api.v1.balance import resource as balance
from marketplace.api.v1.batches import resource as batches
from marketplace.api.v1.cards import resource as cards
from marketplace.api.v1.catalogue import resource as catalogue
from marketplace.api.v1.corrections import resource as corrections
from marketplace.api.v1.disputes import resource as disputes
from marketplace.api.v1.documents import resource as documents
from marketplace.api.v1.imports import resource as imports
from marketplace.api.v1.intake import resource as intake
from marketplace.api.v1.leads import resource as leads
from marketplace.api.v1.listings import resource as listings
from marketplace.api.v1.measured import resource as measured
from marketplace.api.v1.orders import resource as orders
from marketplace.api.v1.outcome_hooks import resource as outcome_hooks
from marketplace.api.v1.outcomes import resource as outcomes
from marketplace.api.v1.oversight import resource as oversight
from marketplace.api.v1.payouts import resource as payouts
from marketplace.api.v1.price_advice import resource as price_advice
from marketplace.api.v1.proof import resource as proof
from marketplace.api.v1.proposals import resource as proposals
from marketplace.api.v1.quality import resource as quality
from marketplace.api.v1.ratings import resource as ratings
from marketplace.api.v1.refunds import resource as refunds
from marketplace.api.v1.reports import resource as reports
from marketplace.api.v1.reviews import resource as reviews
from marketplace.api.v1.sales import resource as sales
from marketplace.api.v1.staff import resource as staff
from marketplace.api.v1.terms import resource as terms
from marketplace.api.v1.treasury import resource as treasury
from marketplace.api.v1.verticals import resource as verticals
from marketplace.api.v1.wallet import resource as wallet

RESOURCES: tuple[Resource, ...] = (
    verticals,
    listings,
    price_advice,
    intake,
    imports,
    leads,
    balance,
    payouts,
    catalogue,
    orders,
    outcomes,
    outcome_hooks,
    attempts,
    sales,
    reports,
    wallet,
    cards,
    refunds,
    documents,
    disputes,
    ratings,
    corrections,
    batches,
    audits,
    reviews,
    staff,
    proof,
    measured,
    proposals,
    oversight,
    treasury,
    terms,
    quality,
)

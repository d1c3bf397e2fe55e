"""What a lead is worth now, from what was paid and kept: usual prices, demand, and advice made of them.

Tables are counted every hour from the sold leads (`quality.facts`) and what is on sale. It is advice: an agency sets
its price.
"""

from marketplace.quality.prices.advice import Advice, Offered, Place, advise, offered_by
from marketplace.quality.prices.counting import count_demand, count_due, count_prices
from marketplace.quality.prices.faults import AfterRefunds, Fault, after_refunds_of, fault_of
from marketplace.quality.prices.models import Demand, PriceBase, PriceClass

__all__ = [
    "Advice",
    "AfterRefunds",
    "Demand",
    "Fault",
    "Offered",
    "Place",
    "PriceBase",
    "PriceClass",
    "advise",
    "after_refunds_of",
    "count_demand",
    "count_due",
    "count_prices",
    "fault_of",
    "offered_by",
]

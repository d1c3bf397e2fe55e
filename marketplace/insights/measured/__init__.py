"""The exchange, measured: what everybody may see of how good leads, decisions and agencies are, and where money is.

Counted every ten minutes over the last 90 days and kept, so that the page costs nothing and its figures can be looked
up later. Sums and counts only, never whose.
"""

from marketplace.insights.measured.counting import LOOK_BACK, count_again, count_if_due, last_count
from marketplace.insights.measured.models import ExchangeCount

__all__ = ["LOOK_BACK", "ExchangeCount", "count_again", "count_if_due", "last_count"]

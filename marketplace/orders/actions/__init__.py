"""What happens to orders: bought, disputed, refunded, released."""

from marketplace.orders.actions.place import Bought, place, place_many
from marketplace.orders.actions.place_by_key import place_by_key
from marketplace.orders.actions.settle import award, contest, dispute, refund, reinstate

__all__ = ["Bought", "award", "contest", "dispute", "place", "place_by_key", "place_many", "refund", "reinstate"]

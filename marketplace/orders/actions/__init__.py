"""What happens to orders: bought, disputed, refunded, released."""

from marketplace.orders.actions.place import Bought, place, place_many
from marketplace.orders.actions.release import pay_reserves, release_due
from marketplace.orders.actions.settle import dispute, refund, reinstate

__all__ = ["Bought", "dispute", "pay_reserves", "place", "place_many", "refund", "reinstate", "release_due"]

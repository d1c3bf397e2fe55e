"""What happens to orders: bought, disputed, refunded, released."""

from marketplace.orders.actions.place import Bought, place, place_many
from marketplace.orders.actions.settle import dispute, refund, reinstate

__all__ = ["Bought", "dispute", "place", "place_many", "refund", "reinstate"]

"""What happened at Stripe, as its own list of events tells it: 30 days back."""

from collections.abc import Sequence
from datetime import datetime

from marketplace.billing.gateway.client import Client, News, news_of


class Events:
    """Each may raise PaymentsAway and NotAtStripe."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def since(self, since: datetime) -> Sequence[News]:
        """Everything that happened to objects of our own from a moment on, oldest first."""
        asked = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        newest_first = [news_of(found) for found in self._client.each(lambda api: api.v1.events.list(asked))]
        return newest_first[::-1]

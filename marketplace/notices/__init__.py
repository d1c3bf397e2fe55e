"""Letters to people: written in the transaction of the job that reacts, sent by a job of their own.

A letter is a row first (sealed: it may hold a link that opens an account), then a call to the transport, then the
result in the row. `jobs` holds one job for each kind of letter; `reactions.py` says what each follows from.
"""

from marketplace.notices.actions import write
from marketplace.notices.models import Letter
from marketplace.notices.queries import Delivered, outbox
from marketplace.notices.sending import Kept, send, use_transport

__all__ = ["Delivered", "Kept", "Letter", "outbox", "send", "use_transport", "write"]

"""What happens to leads: received one by one or from a file, withdrawn, grown too old."""

from marketplace.leads.actions.receive import Received, receive
from marketplace.leads.actions.retire import expire_due, stop_person, withdraw
from marketplace.leads.actions.send import send

__all__ = ["Received", "expire_due", "receive", "send", "stop_person", "withdraw"]

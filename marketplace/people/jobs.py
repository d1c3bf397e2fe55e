"""What the queue does for people."""

from marketplace.jobs import job
from marketplace.kit.db import transaction
from marketplace.people import actions


@job("people.forget_sign_ins", every="29 3 * * *")
def forget_sign_ins() -> None:
    with transaction():
        actions.forget_sign_ins()
        actions.forget_challenges()

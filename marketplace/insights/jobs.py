"""Jobs that check the books."""

from marketplace.insights import measured, nightly
from marketplace.jobs import job
from marketplace.kit import clock
from marketplace.kit.db import transaction


@job("insights.check_books", every="41 3 * * *")
def check_books() -> None:
    nightly.check_books(clock.now().date())


@job("insights.check_asked")
def check_asked(subject_id: str) -> None:  # noqa: ARG001  # who asked makes no difference
    nightly.check_books()


@job("insights.watch_books", every="26 * * * *")
def watch_books() -> None:
    nightly.watch_books()


@job("insights.measure_exchange", every="* * * * *")
def measure_exchange() -> None:
    with transaction():
        measured.count_if_due()

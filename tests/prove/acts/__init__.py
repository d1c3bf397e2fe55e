"""The acts by theme. What Stripe tells is expected in this order."""

from tests.prove.acts import (  # noqa: I001, F401
    buying, disputing, appealing, waiting, topping_up, following,
    correcting, giving, contesting, going_back, paying_out, selling, dying,
)  # fmt: skip

"""The acts by theme. What falls due is expected in the order in which the worker looks at the clock."""

from tests.prove.acts import buying, disputing, waiting, topping_up, correcting  # noqa: I001, F401

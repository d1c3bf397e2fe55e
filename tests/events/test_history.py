"""What happened to a thing is read back, however long that goes on."""

from uuid import uuid4

from marketplace import events
from marketplace.events import queries
from marketplace.kit.db import transaction


def test_what_happened_to_several_things_is_told_in_its_order_and_without_that_of_others(app):
    one, other, stranger = uuid4(), uuid4(), uuid4()
    with transaction():
        for name, subject in (("a.done", one), ("b.done", other), ("c.done", one), ("a.done", stranger)):
            events.record(name, subject, by=events.SYSTEM)
    assert [event.name for event in events.history(one)] == ["a.done", "c.done"]
    assert [event.name for event in events.history_of_all([one, other])] == ["a.done", "b.done", "c.done"]
    assert [event.name for event in events.history_of_all([one, other], "a.done")] == ["a.done"]


def test_of_what_goes_on_without_end_the_last_is_read(app):
    subject = uuid4()
    with transaction():
        for number in range(queries.MOST + 1):
            events.record("a.done", subject, by=events.SYSTEM, number=number)
    found = [event.data["number"] for event in events.history(subject)]
    assert found == list(range(1, queries.MOST + 1))

"""The garbage collector while the product is loaded, and afterwards."""

import gc

import pytest

from marketplace.kit import memory


@pytest.fixture(autouse=True)
def as_before():
    thresholds = gc.get_threshold()
    yield
    gc.enable()
    gc.set_threshold(*thresholds)


def test_nothing_is_collected_while_modules_are_loaded():
    with memory.loading():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_module_that_cannot_be_loaded_does_not_leave_it_off():
    with pytest.raises(ImportError), memory.loading():
        raise ImportError
    assert gc.isenabled()


def test_what_is_there_is_not_looked_through_again():
    memory.settle()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_objects(generation=2) == []

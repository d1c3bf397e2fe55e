"""What a log says of an error."""

from marketplace.kit.logs import told_without_words


def test_an_error_that_is_its_own_cause_is_told_once():
    error = ValueError("a phone number")
    error.__cause__ = error
    assert told_without_words(error) == {"error": "ValueError", "sqlstate": None, "constraint": None, "at": []}


def test_the_causes_are_told_in_their_order_and_without_words():
    error, cause = KeyError("somebody"), OSError("something")
    error.__cause__ = cause
    assert told_without_words(error)["error"] == "KeyError < OSError"

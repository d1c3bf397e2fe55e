"""What marshmallow finds wrong is said plainly on pages, in whatever words it says it itself."""

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from marketplace.kit.forms import flat_messages
from marketplace.kit.plain_words import plain

LENGTH, RANGE = validate.Length, validate.Range


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (fields.String(required=True), ..., "Fill this in."),
        (fields.String(), None, "Fill this in."),
        (fields.UUID(), "x", "We don't recognise this ID. Copy the complete ID from its page."),
        (fields.Integer(), "1.5", "Give a whole number."),
        (fields.Float(), "x", "Give a number."),
        (fields.Boolean(), "perhaps", "Choose one of the two."),
        (fields.Date(), "tomorrow", "Give a day, like 2026-11-27."),
        (fields.Email(), "x", "Give an e-mail address, like name@example.com."),
        (fields.String(validate=validate.OneOf(["a.b", "(c)"])), "x", "Choose one from the list."),
        (fields.String(validate=LENGTH(5, 4000)), "x", "Write 5 to 4,000 characters."),
        (fields.String(validate=LENGTH(min=5)), "x", "Write at least 5 characters."),
        (fields.String(validate=LENGTH(max=2)), "xxx", "Write at most 2 characters."),
        (fields.Integer(validate=RANGE(1, 5000)), 0, "Give a number from 1 to 5,000."),
        (fields.Integer(validate=RANGE(min=1)), 0, "Give 1 or more."),
        (fields.Float(validate=RANGE(max=0.5)), 1, "Give 0.5 or less."),
        (fields.Integer(validate=RANGE(max=-1)), 0, "Give -1 or less."),
        (fields.String(validate=LENGTH(2, error="Two letters.")), "x", "Two letters."),
    ],
)
def test_every_sentence_of_its_own_has_plain_words(app, field, value, words):
    with pytest.raises(ValidationError) as why:
        Schema.from_dict({"field": field})().load({} if value is ... else {"field": value})
    ((name, message),) = flat_messages(why.value)
    assert (name, plain(message)) == ("field", words)

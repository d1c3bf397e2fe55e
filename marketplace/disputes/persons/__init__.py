"""The person in a disputed lead is asked whether they had asked, once, by a letter with a link of their own.

What they say is their word: "not me" decides a dispute that is open. After the decision it moves nothing: staff read
it. We do not keep the link, only its digest, nor the address, only the keyed digest that leads have, too.
"""

from marketplace.disputes.persons.actions import LIFE, Asked, answer, ask
from marketplace.disputes.persons.errors import NoQuestion
from marketplace.disputes.persons.models import Answer, PersonQuestion
from marketplace.disputes.persons.queries import Question, answered_late_for, question_of

__all__ = [
    "LIFE",
    "Answer",
    "Asked",
    "NoQuestion",
    "PersonQuestion",
    "Question",
    "answer",
    "answered_late_for",
    "ask",
    "question_of",
]

"""The person in a disputed lead is asked whether they had asked, once, by a letter with a link of their own.

What they say is their word: "not me" decides a dispute that is open. After the decision it moves nothing: staff read
it. We keep neither link nor address, only the digest of the one and, as leads do, the keyed digest of the other. The
letter itself holds both: it lies sealed until it is sent, and goes then (the demo, which sends none, shows it).
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

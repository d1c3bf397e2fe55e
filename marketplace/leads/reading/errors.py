"""The one way in which a file says that it cannot be read at all."""


class Unreadable(Exception):  # it says what is the case, like every refusal here
    """The upload is no table of leads; `message` says in words what it is and what to do."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)

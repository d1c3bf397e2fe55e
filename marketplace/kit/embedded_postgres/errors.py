"""What can go wrong with the embedded server."""


class PostgresUnavailable(Exception):  # it says what is the case, like every refusal here
    """The embedded server cannot run; the message is one for the person at the terminal and says what to do."""

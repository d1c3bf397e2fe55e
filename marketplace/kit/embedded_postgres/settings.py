"""How the server is set up, on every start anew."""

_ALWAYS = {
    "listen_addresses": "",  # the socket is the only way in
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "1GB",  # bounds the time to come back after a crash to some ten seconds
    "random_page_cost": "1.1",
    "jit": "off",  # costs more than it brings on short queries
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # The log names what failed, but never a value from a row or a statement: they may be somebody's contact details.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def server_settings(*, fast: bool) -> list[str]:
    """Arguments for the server. `fast` forgoes safety on a crash of the machine: for tests only."""
    settings = _ALWAYS | (_FAST if fast else _DURABLE)
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

"""What stops the embedded server."""


class PostgresRefused(RuntimeError):
    """The server cannot be started here; the message (Vietnamese) says what to do."""

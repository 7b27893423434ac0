"""The form of log messages."""

import logging

SERVER_ERROR = 500


class LineFormatter(logging.Formatter):
    """One line for a request that was refused (status 400 to 499); a traceback follows other errors only.

    Django logs each refusal with the traceback of the exception that says so: 23 lines for a path outside its folder.
    """

    def format(self, record):
        """The text of a message."""
        if getattr(record, "status_code", SERVER_ERROR) >= SERVER_ERROR:
            return super().format(record)
        line = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None, "stack_info": None})
        return " ".join(super().format(line).splitlines())

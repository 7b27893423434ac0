"""The forms of log messages: a line for a terminal, or a JSON object. One request cannot forge a line of another."""

import logging
import re
import textwrap

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from soundtrack_site.request_ids import current_request

SERVER_ERROR = 500
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def without_traceback_of_refusal(record: logging.LogRecord) -> logging.LogRecord:
    """The record; of a request that was refused (status 400 to 499) a copy without the traceback.

    Django logs each refusal with the traceback of the exception that says so: 23 lines for a path outside its folder.
    """
    if getattr(record, "status_code", SERVER_ERROR) >= SERVER_ERROR:
        return record
    return logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None, "stack_info": None})


class LineFormatter(logging.Formatter):
    """A line for each message; lines of a traceback follow it, indented.

    Within a request the line has its id and, if somebody is signed in, the id of the user.
    """

    def format(self, record):
        """The text of a message."""
        return super().format(without_traceback_of_refusal(record))

    def formatMessage(self, record):
        """The first line."""
        context = current_request.get()
        user = f" user {context.user_id}" if context and context.user_id else ""
        record.request_ids = f" [{context.request_id}{user}]" if context else ""
        return CONTROL_CHARACTERS.sub(" ", super().formatMessage(record))

    def formatException(self, ei):
        """The lines of a traceback."""
        return textwrap.indent(super().formatException(ei), "    ")

    def formatStack(self, stack_info):
        """The lines of a stack."""
        return textwrap.indent(super().formatStack(stack_info), "    ")


class JsonLineFormatter(JsonFormatter):
    """A JSON object on a line of its own for each message, tracebacks included.

    ``time``, ``level``, ``logger``, ``message``, within a request ``request_id`` and ``user_id``, and what the call of
    the logger adds, such as ``status_code``.
    """

    def __init__(self):
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "exception", "stack_info": "stack"},
            reserved_attrs=[*RESERVED_ATTRS, "request", "request_ids"],  # Django adds the request to each refusal
            timestamp="time",
        )

    def format(self, record):
        """The object."""
        return super().format(without_traceback_of_refusal(record))

    def process_log_record(self, log_data):
        """Add the ids of the request and of its user."""
        context = current_request.get()
        if context:
            log_data["request_id"] = context.request_id
            if context.user_id:
                log_data["user_id"] = context.user_id
        return log_data

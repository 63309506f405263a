"""Logs say what happened, never to whom."""

import logging
import re

_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+\.[^\s<>\"'(),;:]+")
_QUERY = re.compile(r"\?[^\s\"']*")


class Discreet(logging.Filter):
    """Blacks out anything that looks like an address or a query string, tracebacks included.

    A second line of defence: no code of ours logs an address. Libraries' messages may carry one.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = f"{record.msg} (with arguments that do not fit)"
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = blacken(record.exc_text)
        record.msg, record.args = blacken(message), None
        return True


def blacken(line: str) -> str:
    """`line` with addresses and query strings replaced by a block."""
    return _QUERY.sub("?█", _ADDRESS.sub("█", line))

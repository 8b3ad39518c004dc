"""Keeps the tokens of secret links out of the log: who reads a log must not be able to answer an order."""

import logging
import re

# What stands before a token in a path; also percent-encoded, as in a query string.
_SLASH = "(?:/|%2F)"
_LINK = re.compile(
    rf"({_SLASH}(?:halt|invite|welcome|contact|receipt|reset{_SLASH}key){_SLASH})[^\s/?&\"'<>%]+", re.IGNORECASE
)
_traceback = logging.Formatter().formatException


def mask(text: str) -> str:
    """`text` with the token of each link replaced by an ellipsis."""
    return _LINK.sub(r"\1…", text)


class MaskLinks(logging.Filter):
    """Masks a record's message, arguments and traceback; lets every record through."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if (masked := mask(message)) != message:
            record.msg, record.args = masked, ()
        if record.exc_info and not record.exc_text:
            record.exc_text = mask(_traceback(record.exc_info))  # the formatter prints this instead of its own
        return True

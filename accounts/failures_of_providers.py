"""What a failure of a mail provider's HTTP interface means (django-anymail); accounts.failures has the rest.

A module of its own, loaded when such a failure is met, because it loads an HTTP client.
"""

from typing import Any

import requests
import urllib3
from anymail import exceptions

from accounts.verdicts import Verdict

# The mail itself is refused, and would be again.
PERMANENT_STATUSES = (400, 405, 406, 410, 411, 413, 414, 415, 422, 431)
# The provider will not serve us just now, whatever the mail: key, payment, limits, address of the interface, overload.
RELAY_STATUSES = (401, 402, 403, 404, 407, 408, 409, 421, 425, 429, 503)
# It broke while it had the mail in its hands. What is in no list and begins with 5 is the same.
UNSURE_STATUSES = (500, 502, 504)

PERMANENT_ERRORS: tuple[type[Exception], ...] = (
    exceptions.AnymailRecipientsRefused,
    exceptions.AnymailInvalidAddress,
    exceptions.AnymailUnsupportedFeature,
    exceptions.AnymailSerializationError,
)
# The request never left.
RELAY_ERRORS: tuple[type[Exception], ...] = (
    exceptions.AnymailConfigurationError,
    requests.ConnectTimeout,
    requests.exceptions.SSLError,
    requests.exceptions.ProxyError,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)
_NEVER_CONNECTED = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)


def judge(error: Exception) -> Verdict:
    """What an error of anymail's means. Its text is not looked at: it holds the answer and the address."""
    name = type(error).__name__
    if isinstance(error, PERMANENT_ERRORS):
        return Verdict(failure=name, permanent=True)
    if isinstance(error, RELAY_ERRORS) or _never_connected(error):
        return Verdict(failure=name, relay=True)
    status = getattr(error, "status_code", None)
    if not isinstance(status, int) or status < 300:
        return Verdict(failure=name, may_have_arrived=True)
    failure = f"{name} {status}"[:40]
    if status in RELAY_STATUSES:
        return Verdict(failure=failure, relay=True)
    if status in UNSURE_STATUSES or (status >= 500 and status not in PERMANENT_STATUSES):
        return Verdict(failure=failure, relay=True, may_have_arrived=True)
    return Verdict(failure=failure, permanent=True)


def _never_connected(error: Exception) -> bool:
    """Whether the line did not come about; one that broke later may have carried the mail."""
    cause: Any = error.__cause__
    first = cause.args[0] if cause is not None and cause.args else None
    return isinstance(getattr(first, "reason", None), _NEVER_CONNECTED)

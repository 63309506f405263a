"""What a failure to send means: two lists, what is refused for good and what is worth another try.

Beside them, two more questions. May the mail have arrived all the same? And was it the relay that failed, not
this mail: then no attempt is used up, and the breaker (accounts.breaker) counts.
"""

import smtplib

from accounts.relay import NoRecipient, NotConnected, NotTaken
from accounts.verdicts import Verdict

# Answers of an SMTP server. What is in neither list goes by its first digit.
PERMANENT_CODES = (500, 501, 502, 503, 504, 510, 511, 512, 521, 523, 541, 550, 551, 552, 553, 554, 555, 556)
TEMPORARY_CODES = (450, 451, 452, 455)
# The relay will not serve us just now, whatever the mail: shutting down, sign-in wanted, refused or not possible.
RELAY_CODES = (421, 432, 454, 530, 534, 535, 538)

# Nothing has left, and a repeat would end the same way.
PERMANENT_ERRORS: tuple[type[Exception], ...] = (smtplib.SMTPNotSupportedError, UnicodeError, ValueError)
# Nothing has left, because the relay was not there.
RELAY_ERRORS: tuple[type[Exception], ...] = (
    NotConnected,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    ConnectionRefusedError,
)


def judge(error: Exception) -> Verdict:
    """What `error` means. What is in no list was cut off in the middle: temporary, and the mail may have arrived."""
    if type(error).__module__.partition(".")[0] == "anymail":
        from accounts import failures_of_providers

        return failures_of_providers.judge(error)
    name = type(error).__name__
    if isinstance(error, RELAY_ERRORS):
        return Verdict(failure=str(error) if isinstance(error, NotConnected) else name, relay=True)
    if (code := _answer(error)) is not None:
        return Verdict(failure=f"{name} {code}", permanent=_is_permanent(code), relay=code in RELAY_CODES)
    if isinstance(error, NoRecipient):
        return Verdict(failure="no recipient", permanent=True)
    if isinstance(error, NotTaken):
        return Verdict(failure="NotConfirmed", permanent=True)
    if isinstance(error, PERMANENT_ERRORS):
        return Verdict(failure=name, permanent=True)
    return Verdict(failure=name, may_have_arrived=True)


def _answer(error: Exception) -> int | None:
    """The server's code, where it gave one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in error.recipients.values()), 450)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _is_permanent(code: int) -> bool:
    if code in RELAY_CODES or code in TEMPORARY_CODES:
        return False
    return code in PERMANENT_CODES or code >= 500

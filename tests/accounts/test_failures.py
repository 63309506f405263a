"""Which failures are for good, which may have arrived, and which are the relay's: two explicit lists."""

import smtplib

import pytest

from accounts.failures import PERMANENT_CODES, RELAY_CODES, TEMPORARY_CODES, judge
from accounts.relay import NotConnected


def refused(code: int) -> Exception:
    return smtplib.SMTPRecipientsRefused({"x@y.example": (code, b"no x@y.example")})


def test_no_code_is_in_two_lists():
    every = [*PERMANENT_CODES, *TEMPORARY_CODES, *RELAY_CODES]

    assert len(every) == len(set(every))


@pytest.mark.parametrize("code", [*PERMANENT_CODES, 599])
def test_a_permanent_code_is_for_good_wherever_it_is_said(code):
    for error in (refused(code), smtplib.SMTPDataError(code, b""), smtplib.SMTPSenderRefused(code, b"", "x")):
        verdict = judge(error)
        assert (verdict.permanent, verdict.may_have_arrived, verdict.relay) == (True, False, False)


@pytest.mark.parametrize("code", [*TEMPORARY_CODES, 499])
def test_a_temporary_code_is_worth_another_try(code):
    verdict = judge(refused(code))

    assert (verdict.permanent, verdict.may_have_arrived, verdict.relay) == (False, False, False)


@pytest.mark.parametrize(
    "error",
    [
        *[smtplib.SMTPDataError(code, b"") for code in RELAY_CODES],
        refused(421),
        NotConnected("gaierror"),
        smtplib.SMTPConnectError(554, b""),
        smtplib.SMTPHeloError(500, b""),
        smtplib.SMTPAuthenticationError(535, b""),
        ConnectionRefusedError(),
    ],
)
def test_what_is_the_relays_fault_is_nobody_elses(error):
    verdict = judge(error)

    assert (verdict.permanent, verdict.may_have_arrived, verdict.relay) == (False, False, True)


@pytest.mark.parametrize(
    "error", [smtplib.SMTPServerDisconnected(""), TimeoutError(), ConnectionResetError(), OSError()]
)
def test_what_was_cut_off_may_have_arrived(error):
    verdict = judge(error)

    assert (verdict.permanent, verdict.may_have_arrived, verdict.relay) == (False, True, False)


@pytest.mark.parametrize("error", [refused(550), smtplib.SMTPSenderRefused(550, b"x@y.example", "x@y.example")])
def test_a_verdict_names_no_address(error):
    assert "@" not in judge(error).failure

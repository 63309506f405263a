"""One mailbox, however it is spelled: what we know of providers, and what an operator adds."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from letters import address_rules, verification

_PART = st.text(alphabet="abcxyz019.+-_", min_size=1, max_size=12)
_DOMAINS = st.sampled_from(["gmail.com", "googlemail.com", "pm.me", "yahoo.com", "acme.example", "bücher.example"])


@pytest.fixture
def rules(tmp_path, settings):
    """An operator's file with these lines."""

    def write(text: str) -> None:
        settings.ADDRESS_RULES = tmp_path / f"{abs(hash(text))}.yaml"
        settings.ADDRESS_RULES.write_text(text)

    return write


@given(local=_PART, domain=_DOMAINS)
def test_what_is_canonical_stays_so(local, domain):
    once = verification.canonical(f"{local}@{domain}")

    assert verification.canonical(once) == once
    assert not once.startswith("@")


@given(local=st.from_regex(r"\A[a-z][a-z0-9]{0,9}\Z"), tag=st.from_regex(r"\A[a-z0-9]{0,5}\Z"), at=st.integers(1, 9))
def test_two_spellings_are_one_mailbox(local, tag, at):
    dotted = f"{local[:at]}.{local[at:]}" if at < len(local) else local
    for one, other in [
        (f"{local}@acme.example", f"{local.upper()}+{tag}@ACME.example"),
        (f"{local}@gmail.com", f"{dotted}+{tag}@GoogleMail.com"),
        (f"{local}@proton.me", f"{dotted}@pm.me"),
        (f"{local}@yahoo.com", f"{local}-{tag}@yahoo.com"),
        (f"{local}@bücher.example", f"{local}@xn--bcher-kva.example"),
    ]:
        assert verification.canonical(one) == verification.canonical(other)


def test_what_may_be_two_people_stays_two():
    different = ["a.b@acme.example", "ab@acme.example", "a-b@acme.example", "ab@icloud.com", "ab@outlook.com"]

    assert len({verification.canonical(address) for address in different}) == 5


def test_an_operator_adds_rules(rules):
    rules(
        "# our own\n- domain: Post.Example\n  ignore_dots: yes\n  tag_separator: '='\n"
        "- domain: mail.example\n  same_as: post.example\n- domain: acme.example\n  tag_separator: ''\n"
    )

    assert verification.canonical("a.b=c@mail.example") == "ab@post.example"
    assert verification.canonical("a.b+c@mail.example") == "ab+c@post.example"
    assert verification.canonical("a+b@acme.example") == "a+b@acme.example"
    assert verification.canonical("a.b+c@gmail.com") == "ab@gmail.com"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- domain: a.example\n  dots: no\n", "line 2: 'dots' is unknown"),
        ("- domain: a.example\n  ignore_dots: perhaps\n", "line 2: ignore_dots has to be yes or no"),
        ("- ignore_dots: yes\n", "line 1: a rule needs its domain"),
        ("- domain: a.example\n- domain: A.example\n", "line 2: a.example stands in line 1 already"),
        ("- domain: b@c\n", "line 1: 'b@c' is no domain"),
        ("- domain: a.example\n  tag_separator: x\n", "line 1: tag_separator takes signs"),
        ("- domain: a.example\n  same_as: pm.me\n", "line 1: a.example is the same as pm.me, which"),
        ("- domain: proton.me\n  same_as: a.example\n", "line 1: protonmail.com is the same as proton.me, which"),
        ("- domain: [\n", "line 2: "),
        ("domain: a.example\n", "line 1: a list of rules"),
        ("- a.example\n", "line 1: a rule is expected"),
    ],
)
def test_a_mistake_is_said_with_its_line(rules, text, said):
    rules(text)

    with pytest.raises(ImproperlyConfigured, match=said):
        address_rules.check()


def test_a_file_that_is_not_there_is_said(settings, tmp_path):
    settings.ADDRESS_RULES = tmp_path / "none.yaml"

    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        address_rules.check()

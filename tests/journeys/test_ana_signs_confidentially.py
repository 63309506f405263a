"""Ana signs and is only counted: no table, queue, log or file remembers her."""

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.journeys.at_rest import everything_at_rest
from tests.journeys.campaigns import Letter
from tests.people import NO_TLS, Person, code_in, plain, text_of

CANARIES = int(os.environ.get("CANARIES", "20"))
AGENT, ADDRESS = "CanaryBrowser/7", "127.0.77.7"


def test_ana_is_counted_in_a_batch_of_ten_and_never_named_and_her_mail_names_nothing(letter: Letter):
    for number in range(9):
        letter.sign(letter.site.person(), f"ana{number}@{letter.domain}", "confidential", name="Ana", role="Engineer")
    reader = letter.site.person()
    assert "0 people have signed" in plain(reader.visit(f"/letters/{letter.slug}/"))

    letter.sign(letter.site.person(), f"ana9@{letter.domain}", "confidential", name="Ana", role="Engineer")

    until = time.monotonic() + 90
    while "10 people have signed" not in plain(reader.visit(f"/letters/{letter.slug}/")):
        assert time.monotonic() < until, "the batch was not published"
        time.sleep(1)
    page = plain(reader.page.text)
    assert "0 by name, 10 confidentially" in page
    assert "Ana" not in page
    assert "10 people at Acme signed" in page
    [mail] = reader.mails(f"ana9@{letter.domain}")
    everything = (str(mail) + text_of(mail)).lower().replace(f"ana9@{letter.domain}", "")
    for word in ("robots", "acme", "sign", "petition", "letter", "campaign", "http", letter.slug):
        assert word not in everything, word


def _canary(letter: Letter) -> Person:
    """Somebody with a browser and an IP address that nobody else has."""
    person = letter.site.person()
    person.web = httpx.Client(
        base_url=letter.site.address,
        follow_redirects=True,
        timeout=30,
        headers={"User-Agent": AGENT},
        transport=httpx.HTTPTransport(
            verify=NO_TLS,
            local_address=ADDRESS,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
        ),
    )
    return person


def _signed(page: str) -> int:
    found = re.search(r"([\d,]+) people have signed", page)
    return int(found[1].replace(",", "")) if found else 0


def test_no_canary_is_found_anywhere_after_the_batch(letter: Letter):
    canaries = [f"canary{number:04d}x@{letter.domain}" for number in range(CANARIES)]

    def sign(address: str) -> None:
        person = _canary(letter)
        person.visit(f"/letters/{letter.slug}/sign/")
        person.send(containing="visibility", visibility="confidential", email=address, name="Canary Name", role="x")
        person.send(containing="code", code=code_in(person.wait_for_mail(address, seconds=120)))
        assert str(person.page.url).endswith("/signed/")

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(sign, canaries))
    reader, until = letter.site.person(), time.monotonic() + 90
    while _signed(plain(reader.visit(f"/letters/{letter.slug}/"))) <= CANARIES - 10:  # fewer than ten may still wait
        assert time.monotonic() < until, plain(reader.page.text)[:600]
        time.sleep(1)

    held = everything_at_rest(letter)
    mailed = b"".join(file.read_bytes() for file in letter.site.mail_folder.glob("*.eml"))

    assert len(set(re.findall(rb"canary\d{4}x", mailed))) == CANARIES, "the search itself must find them in the mail"
    for name, content in held.items():
        sings = re.search(rb"canary(\d{4}x|\W?name|browser)|127\.0\.77\.", content, re.IGNORECASE)
        assert not sings, f"a canary sings in {name}"

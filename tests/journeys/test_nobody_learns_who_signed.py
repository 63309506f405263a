"""Somebody tries to find out, on the page for taking back, whether an address has signed."""

import re

from tests.journeys.campaigns import Letter
from tests.people import Person


def _asks(person: Person, letter: Letter, address: str, **form: str) -> list[object]:
    """What she gets to see, but for what is new each time whoever asks."""
    person.visit(f"/letters/{letter.slug}/withdraw/")
    person.send(containing="email", email=address, **form)
    first, page = person.page.history[0], person.page
    headers = {name: value for name, value in first.headers.items() if name not in {"date", "expires", "set-cookie"}}
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.text)
    return [first.status_code, headers, first.content, page.status_code, body]


def test_the_answer_is_the_same_for_every_address(letter: Letter):
    publicly, confidentially, never, withheld = (f"{who}@{letter.domain}" for who in ("ben", "ana", "eve", "ida"))
    letter.sign(letter.site.person(), publicly, "public", name="Ben")
    letter.sign(letter.site.person(), confidentially, "confidential")

    answers = [_asks(letter.site.person(), letter, address) for address in (publicly, confidentially, never)]
    # What a program sends is over every limit: a code is made, and no mail leaves.
    over = _asks(letter.site.person(), letter, withheld, homepage="https://program.example")

    assert all(answer == over for answer in answers)
    assert answers[0][0] == 302
    letter.carla.wait_for_mail(never)
    assert letter.carla.mails(withheld) == []

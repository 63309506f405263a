"""People who use the site over the wire: they read pages, fill in forms and read their mail."""

import email
import email.policy
import os
import re
import ssl
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import httpx


@dataclass
class Form:
    """One form of a page: where it goes and what is filled in already."""

    action: str
    method: str
    fields: dict[str, str | list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select: str | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
            return
        if not self.forms:
            return
        form, name = self.forms[-1], given.get("name", "")
        form.names.add(name)
        if tag == "input" and name and given.get("type") in {"radio", "checkbox"}:
            if "checked" in given and given.get("type") == "checkbox":
                ticked = form.fields.setdefault(name, [])
                assert isinstance(ticked, list)
                ticked.append(given.get("value", "on"))
            elif "checked" in given:
                form.fields[name] = given.get("value", "on")
        elif tag == "input" and name:
            form.fields[name] = given.get("value", "")
        elif tag == "textarea":
            self._textarea = name
            form.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in form.fields):
            form.fields[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._textarea and self.forms:
            self.forms[-1].fields[self._textarea] = (
                f"{self.forms[-1].fields[self._textarea]}{data.removeprefix(chr(10))}"
            )


# Nothing here speaks TLS; a context of each client's own would read all authorities' certificates each time.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_mails: dict[str, dict[str, tuple[str, email.message.EmailMessage]]] = {}


def _read_all(folder: str) -> list[tuple[str, email.message.EmailMessage]]:
    """Every mail in the folder and to whom it goes, oldest first; each is read once, since the folder grows long."""
    known = _mails.setdefault(folder, {})
    for entry in os.scandir(folder) if Path(folder).is_dir() else []:
        if entry.name.endswith(".eml") and entry.name not in known:
            mail = email.message_from_bytes(Path(entry.path).read_bytes(), policy=email.policy.default)
            known[entry.name] = (str(mail["To"]).lower(), mail)
    return [known[name] for name in sorted(known)]


class Person:
    """Somebody with a browser of her own and a mailbox."""

    def __init__(self, address: str, mail_folder: Path) -> None:
        # No connection outlives its request, so that nobody has to remember to leave.
        self.web = httpx.Client(
            base_url=address,
            follow_redirects=True,
            timeout=30,
            verify=NO_TLS,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self.mail_folder = mail_folder
        self.page: httpx.Response

    def visit(self, path: str) -> str:
        """Open a page and answer its text."""
        self.page = self.web.get(path)
        assert self.page.status_code == 200, (path, self.page.status_code, plain(self.page.text)[:800])
        return self.page.text

    def send(self, *, containing: str = "", expect: int = 200, **values: str | None) -> str:
        """Fill in and send the form of this page that has such a field or button, or acts on such an address."""
        parser = _Forms()
        parser.feed(self.page.text)
        candidates = [
            form
            for form in parser.forms
            if form.method == "post" and (containing in form.names or containing in form.action or not containing)
        ]
        assert candidates, f"no form with {containing!r} at {self.page.url}: {plain(self.page.text)[:500]}"
        form = next((one for one in candidates if containing in one.names), candidates[-1])
        data = {**form.fields, **values}
        sent = {name: value for name, value in data.items() if value is not None}
        self.page = self.web.post(
            str(self.page.url.join(form.action)) if form.action else str(self.page.url), data=sent
        )
        assert self.page.status_code == expect, (self.page.url, self.page.status_code, plain(self.page.text)[:1500])
        return self.page.text

    def mails(self, address: str) -> list[email.message.EmailMessage]:
        """What has reached this address, oldest first."""
        folder = os.fspath(self.mail_folder)
        return [mail for to_whom, mail in _read_all(folder) if address.lower() in to_whom]

    def wait_for_mail(self, address: str, *, number: int = 1, seconds: float = 30) -> email.message.EmailMessage:
        """The newest mail to the address, once there are so many."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = self.mails(address)
            if len(found) >= number:
                return found[-1]
            time.sleep(0.1)
        raise AssertionError(f"no mail number {number} reached {address} within {seconds} s")


def text_of(mail: email.message.EmailMessage) -> str:
    """The mail's plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def code_in(mail: email.message.EmailMessage) -> str:
    """The code that a signer's mail carries, as it is written there."""
    found = re.search(r"^ {4}([0-9A-Z]{4} [0-9A-Z]{4})$", text_of(mail), re.MULTILINE)
    assert found, text_of(mail)
    return found.group(1)


def plain(html: str) -> str:
    """A page without its tags, in one line."""
    body = html.partition("<main")[2] or html
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).strip()

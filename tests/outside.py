"""What others' rulers say of the running product: MDN's HTTP Observatory and Lighthouse's accessibility.

`make outside` fetches both with npm and needs a network for that; nothing else needs them. The product runs as on a
real site, behind TLS that a proxy here ends. Ends with 1 where a grade is below A+ or a page below 100.
"""

import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from config.quickstart.valkey import free_port
from tests.browser import chromium, pages
from tests.journeys.site import Site, start, stop

TOOLS = ["@mdn/mdn-http-observatory@1.4.8", "lighthouse@13.5.0"]
LOOKED_AT = {**pages.PUBLIC, **{name: pages.TEAM[name] for name in ("overview", "desk", "search", "record", "gallery")}}
_LEFT_OUT = {"embed", "missing", "mailbox"}  # a frame's content, an error, and a page that real sites do not have
_OBSERVATORY = """
import { retrieve } from "%(package)s/src/retriever/retriever.js";
import { ALL_TESTS } from "%(package)s/src/constants.js";
import { getGradeForScore, getScoreModifier } from "%(package)s/src/grader/grader.js";
const [http, https, path] = process.argv.slice(2);
const answers = await retrieve("localhost", { httpPort: +http, httpsPort: +https, path });
const results = ALL_TESTS.map((test) => test(answers));
const modifiers = results.map((one) => (one.result ? getScoreModifier(one.result) : 0));
const plain = 100 + modifiers.filter((one) => one < 0).reduce((a, b) => a + b, 0);
const score = plain >= 90 ? 100 + modifiers.reduce((a, b) => a + b, 0) : plain;
console.log(JSON.stringify({ ...getGradeForScore(score), results: results.map((one) => one.result) }));
"""


class Proxy(BaseHTTPRequestHandler):
    """Hands a request on, and says whether it came by TLS, as a web server in front of a real site does."""

    protocol_version = "HTTP/1.1"
    to: int
    scheme: str
    host: str  # as it is known: on a real site the port is none to speak of

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        inner = HTTPConnection("127.0.0.1", self.to, timeout=60)
        sent = {name: value for name, value in self.headers.items() if name.lower() not in {"connection", "host"}}
        said = {"Host": self.host, "X-Forwarded-Proto": self.scheme, "Connection": "close"}
        inner.request(self.command, self.path, body, {**sent, **said})
        answer = inner.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_POST = do_HEAD = do_OPTIONS = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def main() -> int:
    """Run both; answers how many things fell short."""
    folder = Path(os.environ.get("TOOLS_DIR", ".venv/outside")).resolve()
    if not (folder / "node_modules" / "lighthouse").exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder), *TOOLS]
        subprocess.run(command, check=True)
    with tempfile.TemporaryDirectory() as var:
        certificate, port = certify(Path(var)), free_port()
        host = f"localhost:{free_port()}"
        secure, plain = proxy(host, to=port, scheme="https"), proxy(host, to=port, scheme="http")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        secure.socket = context.wrap_socket(secure.socket, server_side=True)
        site = start(Path(var), SITE_URL=f"https://{host}", TRUSTED_PROXIES="1", PORT=str(port))
        try:
            for server in (secure, plain):
                threading.Thread(target=server.serve_forever, daemon=True).start()
            ports = plain.server_port, secure.server_port
            grades = [observatory(folder, *ports, certificate, name) for name in ("home", "letter", "sign", "login")]
            return sum(grade != "A+" for grade in grades) + lighthouse(folder, site)
        finally:
            stop(site)


def proxy(host: str, *, to: int, scheme: str) -> ThreadingHTTPServer:
    """A server that hands on to this port; the secure one is where the site says that it is."""
    port = int(host.partition(":")[2]) if scheme == "https" else 0
    return ThreadingHTTPServer(("127.0.0.1", port), type("To", (Proxy,), {"to": to, "scheme": scheme, "host": host}))


def certify(folder: Path) -> Path:
    """A certificate of one's own for localhost, with its key, in one file."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    certificate.write_text(certificate.read_text() + key.read_text())
    return certificate


def observatory(folder: Path, http: int, https: int, certificate: Path, name: str) -> str:
    """The grade of a page; the certificate of our own counts as a good one."""
    package = folder / "node_modules" / "@mdn" / "mdn-http-observatory"
    (package / "conf" / "hsts-preload.json").write_text("{}")  # its installer would fetch the browsers' list
    script = folder / "observatory.mjs"
    script.write_text(_OBSERVATORY % {"package": package})
    given = {**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate)}
    command = ["node", str(script), str(http), str(https), pages.PUBLIC[name]]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=given).stdout)
    print(
        f"Observatory: {name} {found['grade']} ({found['score']})\n  " + "\n  ".join(map(str, found["results"])),
        flush=True,
    )
    return str(found["grade"])


def lighthouse(folder: Path, site: Site) -> int:
    """How many pages have less than 100 for accessibility."""
    short = 0
    cookies = signed_in(site)
    wanted = sys.argv[1:] or [name for name in LOOKED_AT if name not in _LEFT_OUT]
    for name in wanted:
        path = LOOKED_AT[name]
        headers = json.dumps({"Cookie": cookies}) if path.startswith("/organise/") else "{}"
        command = [
            "node", str(folder / "node_modules/lighthouse/cli/index.js"), f"{site.address}{path}", "--quiet",
            "--only-categories=accessibility", "--output=json", f"--extra-headers={headers}",
            "--chrome-flags=--headless=new --no-sandbox --ignore-certificate-errors",
        ]  # fmt: skip
        chrome = {"CHROME_PATH": chromium.launch_options()["executable_path"]}
        answer = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **chrome})
        found = json.loads(answer.stdout)
        score = round(100 * (found["categories"]["accessibility"]["score"] or 0))
        faults = [key for key, audit in found["audits"].items() if audit["score"] == 0]
        print(f"Lighthouse: {name} {score} {' '.join(faults)}", flush=True)
        short += score < 100
    return short


def signed_in(site: Site) -> str:
    """The cookies of the demo organiser, as a header has them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch_options())
        context = browser.new_context(base_url=site.address, ignore_https_errors=True)
        pages.sign_in(context.new_page(), pages.organisers((site.var / "demo-sign-in.txt").read_text())[0])
        found = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())
        browser.close()
        return found


if __name__ == "__main__":
    sys.exit(main())

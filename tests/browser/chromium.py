"""The browser that the tests and the pictures use: no network of its own, and nothing from another host."""

import os
from typing import Any

# What Chromium does behind a page's back: updates, field trials, safe browsing, first-run pages.
_QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-client-side-phishing-detection",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,DialMediaRouteProvider",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--password-store=basic",
    # Whatever tries all the same finds no such host.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def launch_options() -> dict[str, Any]:
    """How to start it."""
    # Chromium refuses to sandbox root.
    as_root = ["--no-sandbox"] if os.getuid() == 0 else []
    return {"executable_path": os.environ.get("CHROMIUM") or "/usr/bin/chromium", "args": [*_QUIET, *as_root]}

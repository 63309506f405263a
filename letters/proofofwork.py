"""A price on asking for codes: a puzzle that the page solves while somebody types (docs/abuse.md).

The puzzle is ALTCHA's: among some thousand keys, find the one that the server has hidden. It is made with the form,
signed, good for that form alone and for twenty minutes, and nothing is kept of it until it comes back solved. Then an
HMAC of it lies in Redis until it would have expired anyway, so that each solution counts once.
"""

import hmac
import json
import secrets
import time

import altcha
from django.conf import settings

from accounts import sealing
from accounts.shortlived import memory

LIFE = 20 * 60
_ALGORITHM = "PBKDF2/SHA-256"
_LONGEST = 4096  # characters of an answer; ours have some 900


def challenge(*, form: str, times: int = 1) -> str:
    """A new puzzle for this form as JSON; `times` as many keys to search as usual."""
    least = settings.PROOF_OF_WORK_KEYS * times
    made = altcha.create_challenge(
        _ALGORITHM,
        settings.PROOF_OF_WORK_COST,
        # Between as many and twice as many, so that nobody waits much longer than others.
        counter=least + secrets.randbelow(least),
        expires_at=int(time.time()) + LIFE,
        data={"form": form, "times": times},
        hmac_secret=_key("puzzles"),
        hmac_key_secret=_key("hidden keys of puzzles"),
    )
    return json.dumps(made.to_dict(), separators=(",", ":"))


def spend(answer: str, *, form: str) -> int:
    """What the answer is worth: the `times` of its puzzle, or 0 if it is none.

    It is none when it was not solved, is not ours, is for another form, is too old, or was spent before.
    """
    if not answer or len(answer) > _LONGEST:
        return 0
    try:
        payload = altcha.Payload.from_base64(answer)
        result = altcha.verify_solution(payload, _key("puzzles"), hmac_key_secret=_key("hidden keys of puzzles"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return 0
    parameters = payload.challenge.parameters
    # Anything that says it is signed but carries no hidden key would be checked the slow way: not made here.
    if not result.verified or not parameters.key_signature or (parameters.data or {}).get("form") != form:
        return 0
    return int((parameters.data or {})["times"]) if _is_first(parameters.nonce) else 0


def _is_first(nonce: str) -> bool:
    name = hmac.digest(_key("spent puzzles"), nonce.encode(), "sha256").hex()
    return bool(memory().set(f"puzzle:{name}", b"", ex=LIFE + 60, nx=True))


def _key(purpose: str) -> bytes:
    return sealing.derive(settings.SECRET_KEY.encode(), purpose=purpose)

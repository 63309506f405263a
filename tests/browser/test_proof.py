"""The page solves its form's puzzle by itself, and the server takes the answer."""

import json
import os

from letters import proofofwork
from tests.browser.conftest import Arrive
from tests.journeys.campaigns import Letter

SOLVES = int(os.environ.get("PROOF_SOLVES", "1"))
SLOWER = 4  # a phone; the browser's own code solves it beside the page, where no test can slow it down


def test_the_puzzle_is_solved_while_she_types_and_counts_once(arrive: Arrive, letter: Letter, settings):
    ana = arrive()
    ana.page.goto(f"/letters/{letter.slug}/sign/")
    proof = ana.page.locator("input[name=proof]")

    ana.page.wait_for_selector("input[name=proof][data-milliseconds]", state="attached")

    settings.SECRET_KEY = (letter.site.var / "secret-key").read_text().strip()
    form = json.loads(proof.get_attribute("data-puzzle") or "{}")["parameters"]["data"]["form"]
    assert form.startswith("SignForm/")
    assert [proofofwork.spend(proof.input_value(), form=form) for _ in range(2)] == [1, 0]
    assert float(proof.get_attribute("data-milliseconds") or "inf") < 3000


def test_a_phone_solves_nineteen_of_twenty_within_three_seconds(arrive: Arrive, letter: Letter):
    page, times = arrive().page, []
    for _one in range(SOLVES):
        page.goto(f"/letters/{letter.slug}/sign/")
        solved = page.wait_for_selector("input[name=proof][data-milliseconds]", state="attached")
        times.append(float((solved and solved.get_attribute("data-milliseconds")) or "inf") * SLOWER)

    times.sort()
    if SOLVES > 1:
        print(f"\nsolved {SOLVES} times, on a machine {SLOWER} times as slow: half in {times[SOLVES // 2]:.0f} ms,")
        print(f"95 of 100 in {times[int(SOLVES * 0.95) - 1]:.0f} ms, the slowest in {times[-1]:.0f} ms")
    assert times[max(0, int(SOLVES * 0.95) - 1)] < 3000 * (1 if SOLVES > 1 else SLOWER)  # one alone may be unlucky


def test_a_form_that_is_sent_at_once_waits_for_its_answer(arrive: Arrive, letter: Letter):
    ana = arrive()
    sent: list[str] = []
    ana.page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    ana.page.goto(f"/letters/{letter.slug}/sign/")
    ana.page.get_by_label("Confidentially").check()
    ana.page.get_by_label("Your e-mail address").fill(f"quick@{letter.domain}")
    ana.page.get_by_role("button", name="Send me the code").click()
    ana.page.wait_for_url("**/code/")

    assert len(sent) == 1
    assert "proof=ey" in sent[0]

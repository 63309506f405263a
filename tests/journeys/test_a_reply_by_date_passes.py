"""A reply-by date passes: the reminder goes out at its minute, once, though two schedules and more workers run."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from tests.journeys.at_rest import environment_of
from tests.journeys.campaigns import Letter
from tests.journeys.site import ROOT
from tests.people import plain, text_of


def test_the_team_gets_one_reminder_at_its_minute_with_two_schedules_and_more_workers(letter: Letter, tmp_path):
    environment = {**os.environ, **environment_of(letter), "DATABASE_POOL": "0"}
    base = [sys.executable, "-m", "celery", "-A", "config"]
    lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"]
    more = [
        [*base, "beat", "--schedule", str(tmp_path / "schedule"), "--pidfile=", "-l", "WARNING"],
        [*base, "worker", "-Q", "mail", "-c", "2", "-n", f"second-{os.getpid()}@%h", *lonely],
    ]
    processes = [
        subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in more
    ]
    try:
        letter.carla.visit("/organise/settings/")
        letter.carla.send(containing="quiet_from", quiet_from="0", quiet_until="0")
        due = (datetime.now(UTC) + timedelta(seconds=8)).replace(microsecond=0)
        letter.carla.visit(f"{letter.team_page}letters/{letter.slug}/")
        letter.carla.send(containing="reply_by", reply_by=due.strftime("%Y-%m-%dT%H:%M:%S"))
        assert "The reply-by date has passed without an answer" in plain(letter.carla.visit(letter.team_page))
        had = len(letter.carla.mails(letter.carla_address))

        mail = letter.carla.wait_for_mail(letter.carla_address, number=had + 1, seconds=90)
        arrived = datetime.now(UTC)
        time.sleep(14)  # two schedules and two more sweeps would repeat it by now, if anything did
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)

    assert due <= arrived <= due + timedelta(seconds=40)
    assert len(letter.carla.mails(letter.carla_address)) == had + 1
    assert mail["Subject"] == "Stop the robots: 2 executives have not answered"
    assert "Ada Boss" in text_of(mail)
    assert "Mailed to 1 person." in plain(letter.carla.visit(f"{letter.team_page}reminders/"))

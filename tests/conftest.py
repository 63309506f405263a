"""What every test may use. `make test` starts PostgreSQL and Valkey; nothing here replaces either."""

import fcntl
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.contenttypes.management import create_contenttypes
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import Client
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from accounts import mailfolder, outbox
from accounts.models import OutgoingMail
from accounts.shortlived import memory
from tests.cast import Cast
from tests.journeys.site import filled, site

# Journeys, browser and the tests of `make run` begin from one first start.
__all__ = ["filled", "site"]


def pytest_configure(config: pytest.Config) -> None:
    """Give each worker process its own Redis database, so that tests never share a counter."""
    gc.set_threshold(100_000, 20, 100)  # a sixth of the tests' time was looking for garbage among what is imported
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    base = django_settings.REDIS_URL.rpartition("/")[0]
    django_settings.REDIS_URL = f"{base}/{1 + int(worker.removeprefix('gw')) % 15}"
    django_settings.CELERY_BROKER_URL = django_settings.REDIS_URL
    django_settings.CACHES["default"]["LOCATION"] = django_settings.REDIS_URL
    django_settings.WHITENOISE_AUTOREFRESH = True  # every test's client would look through all static files first


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is imported and collected stays: the search for garbage may pass it by."""
    gc.freeze()


# What takes longest, though it is few tests: begun last, it would leave one worker alone with it in the end.
_LONGEST = (
    "tests/browser",
    "tests/journeys",
    "tests/proofs/test_thresholds_everywhere.py",
    "tests/config/test_quickstart.py",
    "tests/faults/test_mail_under_fire.py",
    "tests/letters/test_text.py",
)


class OneSite(LoadScopeScheduling):
    """Files are dealt out to the workers; what uses a running product stays with the worker that started it.

    There are two products, for the browser's tests and for those over the wire: one after the other they would take
    longer than all the rest together.
    """

    def _split_scope(self, nodeid: str) -> str:
        folder = "/".join(nodeid.split("/")[:2])
        return folder if folder in {"tests/browser", "tests/journeys"} else nodeid.partition("::")[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        for scope in reversed(_LONGEST):
            if scope in self.workqueue:
                self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneSite:
    """xdist's own groups rename tests in a way that pytest 9.2 no longer knows (`loadgroup` scatters them)."""
    return OneSite(config, log)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str
) -> Iterator[None]:
    """Migrate one database, which each worker of this run then copies: migrating takes seconds, copying does not."""
    template = f"undersigned_tests_{testrun_uid[:12]}"
    done = tmp_path_factory.getbasetemp().parent / f"{template}.migrated"
    with _one_at_a_time(done.with_suffix(".lock")), django_db_blocker.unblock():
        if not done.exists():
            _migrate_new(template)
            done.touch()
    connection.settings_dict["TEST"]["TEMPLATE"] = template
    yield
    with _one_at_a_time(done.with_suffix(".lock")), django_db_blocker.unblock():
        if done.exists():
            done.unlink()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{template}"')


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _migrate_new(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Emptying the tables after a test that commits need not write Django's permissions anew: nobody uses them."""
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, settings) -> Path:
    """Mail and keys of one test, and nobody else's."""
    settings.MAIL_DIR = tmp_path / "mail"
    settings.KEYRING_DIR = tmp_path / "keys"
    settings.UPLOADS_DIR = tmp_path / "uploads"
    settings.EMAIL_BACKEND = "accounts.mailfolder.EmailBackend"
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.MAIL_PER_DOMAIN_PER_HOUR = 100_000  # one domain gets a whole test's mail
    settings.CODES_PER_NETWORK_PER_HOUR = settings.CODES_PER_DOMAIN_PER_HOUR = 100_000  # so are its askers
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # real ones take a quarter of a second
    settings.PAGES_KEPT_SECONDS = 0  # tests that are rolled back never reach a commit, where the stamp moves
    return tmp_path


@pytest.fixture(autouse=True)
def empty_memory() -> Iterator["redis.Redis"]:
    """A Redis database with nothing in it."""
    memory().flushdb()
    yield memory()


@pytest.fixture
def mailbox():
    """What has left, after the real sweep: a function that answers the mails to an address, oldest first."""
    read_before: list[mailfolder.Delivered] = []

    def read(address: str = "") -> list[mailfolder.Delivered]:
        busy = set(OutgoingMail.objects.filter(state__in=["waiting", "sending"]).values_list("queue", flat=True))
        for queue in ("codes", "mail", "bulk"):
            if queue in busy:  # else there is nothing to sweep
                outbox.sweep(queue=queue, seconds=5)
        left = len(list(Path(django_settings.MAIL_DIR).glob("*.eml")))
        read_before.extend(reversed(mailfolder.newest(most=left - len(read_before))))
        return [mail for mail in read_before if address.lower() in mail.recipient.lower()]

    return read


@pytest.fixture
def cast(db) -> Cast:
    """Carla organises with Oskar, Mallory organises elsewhere."""
    return Cast.assemble()


@pytest.fixture
def stranger() -> Client:
    """Somebody who has no account and no cookie."""
    return Client()

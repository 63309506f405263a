"""The two servers that everything else needs: our own, or the ones that the environment names."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dj_database_url
import psycopg
import redis

from config.quickstart.children import MARK, Child, ignore_endings, stop_all
from config.quickstart.places import data_folder
from config.quickstart.postgres import Postgres
from config.quickstart.problems import Problem
from config.quickstart.valkey import Valkey


@dataclass(frozen=True)
class Servers:
    """Where the servers are, and which of them are ours to watch."""

    database_url: str
    redis_url: str
    children: tuple[Child, ...] = ()


def are_given(environ: Mapping[str, str]) -> bool:
    """Whether the environment names both servers. Naming one alone is a mistake."""
    database, broker = bool(environ.get("DATABASE_URL")), bool(environ.get("REDIS_URL"))
    if database != broker:
        has, lacks = ("DATABASE_URL", "REDIS_URL") if database else ("REDIS_URL", "DATABASE_URL")
        raise Problem(
            f"{has} is set and {lacks} is not: set both to use your own servers, or neither to have them started."
        )
    return database


@contextmanager
def embedded(var: Path, *, environ: Mapping[str, str], lasting: bool = True) -> Iterator[Servers]:
    """Both embedded servers, for as long as the context lasts."""
    environment = {**environ, MARK: str(var)}
    postgres = Postgres(var=var, environment=environment, lasting=lasting)
    valkey = Valkey(var=var, environment=environment)
    try:
        postgres.start()
        valkey.start()
        yield Servers(postgres.url, valkey.url, (postgres.child, valkey.child))
    finally:
        ignore_endings()
        stop_all([server.child for server in (valkey, postgres) if hasattr(server, "child")], seconds=15)
        postgres.clean_up()


@contextmanager
def for_a_moment(*, environ: Mapping[str, str]) -> Iterator[tuple[Servers, Path]]:
    """Both embedded servers on a folder that is thrown away, as fast as they can be: for tests."""
    place = Path(tempfile.mkdtemp(prefix="undersigned-"))
    place.chmod(0o711)
    try:
        var = data_folder(environ={"VAR_DIR": str(place / "var")})
        with embedded(var, environ=environ, lasting=False) as servers:
            yield servers, var
    finally:
        shutil.rmtree(place, ignore_errors=True)


def given(environ: Mapping[str, str]) -> Servers:
    """The servers that the environment names, once both have answered."""
    database_url, redis_url = environ["DATABASE_URL"], environ["REDIS_URL"]
    try:
        config = dj_database_url.parse(database_url)
        psycopg.connect(
            host=config.get("HOST") or None,
            port=config.get("PORT") or None,
            user=config.get("USER") or None,
            password=config.get("PASSWORD") or None,
            dbname=config.get("NAME") or None,
            connect_timeout=10,
            **config.get("OPTIONS", {}),
        ).close()
    except (psycopg.Error, ValueError, dj_database_url.ParseError) as error:
        raise Problem(
            f"No PostgreSQL answers at DATABASE_URL ({_first_line(error)}): correct it, or start that server."
        ) from error
    try:
        with redis.Redis.from_url(redis_url, socket_connect_timeout=10) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise Problem(
            f"No Redis or Valkey answers at REDIS_URL ({_first_line(error)}): correct it, or start that server."
        ) from error
    return Servers(database_url, redis_url)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].strip().rstrip(".")

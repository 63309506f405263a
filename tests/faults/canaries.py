"""Whether an address was told to anybody but the mail server: all that Valkey hears, holds, and what is logged."""

import base64
import binascii
import re
import socket
import threading
from pathlib import Path

import redis

_BASE64 = re.compile(rb"[A-Za-z0-9+/]{16,}={0,2}")


def sightings(canary: str, told: bytes) -> int:
    """How often `canary` is in `told`, as it is or in the Base64 that Celery wraps messages in."""
    wanted = canary.encode()
    return told.count(wanted) + sum(_decoded(found.group()).count(wanted) for found in _BASE64.finditer(told))


def held(client: "redis.Redis") -> bytes:
    """Every key and value that is there now."""
    parts: list[bytes] = []
    for key in client.scan_iter(count=1000):
        try:
            parts += [key, client.dump(key) or b""]
            match client.type(key):
                case b"string":
                    parts.append(client.get(key) or b"")
                case b"list":
                    parts += client.lrange(key, 0, -1)
                case b"hash":
                    parts += [part for pair in client.hgetall(key).items() for part in pair]
                case b"set":
                    parts += client.smembers(key)
                case b"zset":
                    parts += client.zrange(key, 0, -1)
        except redis.ResponseError:
            continue  # it went while we looked
    return b"\n".join(parts)


class Listener:
    """Writes down every command that Valkey is given, with its arguments, over all its lives."""

    def __init__(self, *, port: int, password: str, into: Path) -> None:
        self._address, self._password, self.into = ("127.0.0.1", port), password, into
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def start(self) -> None:
        """Listen from now on."""
        self._thread.start()

    def stop(self) -> bytes:
        """Listen no more; answers all that was heard."""
        self._over.set()
        self._thread.join(timeout=10)
        return self.into.read_bytes() if self.into.exists() else b""

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                with socket.create_connection(self._address, timeout=1) as line, self.into.open("ab") as file:
                    line.sendall(f"AUTH {self._password}\r\nMONITOR\r\n".encode())
                    self._write_down(line, file)
            except OSError:
                self._over.wait(0.02)

    def _write_down(self, line: socket.socket, file: "object") -> None:
        while not self._over.is_set():
            try:
                heard = line.recv(1 << 16)
            except TimeoutError:
                continue
            if not heard:
                return
            file.write(heard)  # type: ignore[attr-defined]


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text[: len(text) // 4 * 4])
    except binascii.Error:
        return b""

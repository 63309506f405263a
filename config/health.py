"""Is it alive, and is it ready to serve? For operators and for the program that starts everything."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from redis.exceptions import RedisError

from accounts import pulse
from accounts.shortlived import memory


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker, workers and schedule work; else 503 and which does not."""
    checks = {"database": _database(), "broker": _broker()}
    for part in pulse.PARTS:
        name = part if part == pulse.SCHEDULE else f"worker of {part}"
        checks[name] = _sign_of_life(part) if checks["broker"] == "ok" else "unknown"
    good = all(state == "ok" for state in checks.values())
    return JsonResponse({"ready": good, **checks}, status=200 if good else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations WHERE app = 'letters' LIMIT 1")
            return "ok" if cursor.fetchone() else "not migrated"
    except Error as error:
        return type(error).__name__


def _broker() -> str:
    try:
        memory().ping()
    except RedisError as error:
        return type(error).__name__
    return "ok"


def _sign_of_life(part: str) -> str:
    age = pulse.age(part)
    if age is None:
        return "has not started"
    return "ok" if age <= pulse.FRESH else f"silent for {int(age)} s"

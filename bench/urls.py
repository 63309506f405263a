"""The floors: what Django and PostgreSQL cost when the product does nothing."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as product

_PAGE = b"x" * 20_000


def read(request: HttpRequest) -> HttpResponse:
    """Floor R: a constant page of 20 kB."""
    return HttpResponse(_PAGE)


def write(request: HttpRequest) -> HttpResponse:
    """Floor W: one INSERT and COMMIT."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_floor (word) VALUES ('x')")
    return HttpResponse(b"ok")


urlpatterns = [path("floor/read", read), path("floor/write", write), *product]

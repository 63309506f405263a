"""The product as its web server runs it, but every code is the same, so that a load can type it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
application = get_wsgi_application()

from letters import verification  # noqa: E402 - after Django is set up

CODE = "AAAAAAAA"
verification.new_code = lambda: CODE

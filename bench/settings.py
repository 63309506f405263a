"""The product's settings with two more addresses: the floors that everything is measured against."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
WSGI_APPLICATION = "bench.wsgi.application"
CODES_PER_NETWORK_PER_HOUR = CODES_PER_DOMAIN_PER_HOUR = 1_000_000_000

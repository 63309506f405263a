"""Settings, read top to bottom. What differs between machines comes from the environment (docs/operations.md)."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where this is ---------------------------------------------------------------------------------
# DEVELOPMENT opens the mailbox page and relaxes what needs TLS. It never changes what is stored or sent.
DEVELOPMENT = env.truth("DEVELOPMENT", False)
DEBUG = env.truth("DEBUG", False)
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var")
SITE_NAME = "Undersigned"
SITE_URL = env.text("SITE_URL", "http://localhost:8000" if DEVELOPMENT else None).rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise env.WrongSetting("SITE_URL must be a full address such as https://letters.example.org.")
# Where the source of exactly what runs here can be had (the licence asks for it once it was changed), and who answers
# when a page cannot be used; both stand at the foot of pages.
SOURCE_URL = env.text("SOURCE_URL", "")
CONTACT = env.text("CONTACT", f"postmaster@{_site.hostname}")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", [_site.hostname] + (["localhost", "127.0.0.1"] if DEVELOPMENT else []))
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECRET_KEY = env.text("SECRET_KEY", "development only: neither secret nor shared" if DEVELOPMENT else None)

# --- What it is made of ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "campaign",
    "letters",
    "accounts",
    "config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django.forms",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.headers",
    "config.middleware.language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.Typed",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": ["config.templatetags.words"],
        },
    }
]
FORM_RENDERER = "config.forms.Renderer"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- PostgreSQL: all that lasts --------------------------------------------------------------------
# Web processes share a pool of DATABASE_POOL connections; 0 (workers) keeps one connection a process.
_pool = env.number("DATABASE_POOL", 8)
_database: dict[str, Any] = {**dj_database_url.parse(env.text("DATABASE_URL"))}
if _pool:
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": _pool, "timeout": 10},
    }
else:
    _database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis protocol: broker, limits, short-lived secrets -------------------------------------------
REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "cache"}
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = "mail"
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A mail in the middle of being sent needs no broker: it is not cut off when the broker goes.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120, "socket_connect_timeout": 3}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 110

# --- Mail: the outbox is the only door; this says where it leads ------------------------------------
# In development each mail is written to MAIL_DIR, and also sent when EMAIL_HOST is given.
MAIL_DIR: Path | None = env.folder("MAIL_DIR", VAR_DIR / "mail") if DEVELOPMENT else None
# A provider's HTTP interface instead of SMTP (django-anymail); its ANYMAIL_* variables are handed on as they are.
# Not those that need packages of their own (docs/operations.md).
MAIL_PROVIDER = env.choice(
    "MAIL_PROVIDER",
    [
        "brevo",
        "mailersend",
        "mailgun",
        "mailjet",
        "mailtrap",
        "mandrill",
        "postal",
        "postmark",
        "scaleway",
        "sparkpost",
    ],
)
ANYMAIL = {"REQUESTS_TIMEOUT": 20, **env.prefixed("ANYMAIL_")}
if "DEBUG_API_REQUESTS" in ANYMAIL:
    raise env.WrongSetting("ANYMAIL_DEBUG_API_REQUESTS would print addresses: unset it.")
if ":" not in str(ANYMAIL.get("WEBHOOK_SECRET", ":")):
    raise env.WrongSetting("ANYMAIL_WEBHOOK_SECRET has to read name:password, as the provider sends it.")
# Some providers sign what they report as well, and their address does not work without the key.
_signed_with = {
    "mailersend": "MAILERSEND_SIGNING_SECRET",
    "mandrill": "MANDRILL_WEBHOOK_KEY",
    "postal": "POSTAL_WEBHOOK_KEY",
}
if ANYMAIL.get("WEBHOOK_SECRET") and not ANYMAIL.get(_key := _signed_with.get(MAIL_PROVIDER, "WEBHOOK_SECRET")):
    raise env.WrongSetting(f"ANYMAIL_{_key} is missing: {MAIL_PROVIDER} signs what it reports.")
_elsewhere = f"anymail.backends.{MAIL_PROVIDER}" if MAIL_PROVIDER else "django.core.mail.backends.smtp"
EMAIL_BACKEND = (
    "accounts.mailfolder.EmailBackend" if DEVELOPMENT else env.text("EMAIL_BACKEND", f"{_elsewhere}.EmailBackend")
)
EMAIL_HOST = env.text("EMAIL_HOST", "" if DEVELOPMENT else "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.truth("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
# How long one worker has a mail to itself: after so many seconds a mail whose worker died is taken up again.
MAIL_LEASE_SECONDS = env.number("MAIL_LEASE_SECONDS", 90, least=9)
# To one domain: in any hour, and at the same time. Codes are limited by who asks for them instead.
MAIL_PER_DOMAIN_PER_HOUR = env.number("MAIL_PER_DOMAIN_PER_HOUR", 1000, least=1)
MAIL_PER_DOMAIN_AT_ONCE = env.number("MAIL_PER_DOMAIN_AT_ONCE", 4, least=1)
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"{SITE_NAME} <post@{_site.hostname}>")
# Codes go to employers' mail servers: this sender names neither the product nor a cause.
CODE_FROM_EMAIL = env.text("MAIL_FROM_CODES", "Codes <codes@mail.invalid>" if DEVELOPMENT else None)
CODES_PER_ADDRESS_PER_DAY = env.number("CODES_PER_ADDRESS_PER_DAY", 3, least=1)
# From one network with a proof of work; ten times as many with a dearer one, and a part of it without (docs/abuse.md).
CODES_PER_NETWORK_PER_HOUR = env.number("CODES_PER_NETWORK_PER_HOUR", 200, least=1)
CODES_PER_DOMAIN_PER_HOUR = env.number("CODES_PER_DOMAIN_PER_HOUR", 500, least=5)
# Reports of errors from one network, kept for the team: with a proof of work; a part of it without.
REPORTS_PER_NETWORK_PER_HOUR = env.number("REPORTS_PER_NETWORK_PER_HOUR", 20, least=1)
# The work: so many keys are tried at least, twice as many at most, and each costs so many rounds of HMAC.
PROOF_OF_WORK_KEYS = 40
PROOF_OF_WORK_COST = 5000
# Whoever sends a form sooner, and without a proof, is taken for a program.
FORM_LEAST_SECONDS = env.number("FORM_LEAST_SECONDS", 3)
# A file of how mail providers spell one mailbox, in addition to what we know (docs/abuse.md).
_rules = env.text("ADDRESS_RULES", "")
ADDRESS_RULES: Path | None = Path(_rules).expanduser().resolve() if _rules else None
# The number of proxies in front whose X-Forwarded-For entries are to be believed.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)

# --- Signing ----------------------------------------------------------------------------------------
# Letters' tag keys: files outside PostgreSQL, destroyed when the letter closes (docs/privacy.md).
KEYRING_DIR = env.folder("KEYRING_DIR", VAR_DIR / "keys")

# Public pages are kept for so long at most; a change shows at once (letters/freshness.py). 0 renders each time.
PAGES_KEPT_SECONDS = env.number("PAGES_KEPT_SECONDS", 30)

# --- Organisers' accounts (signers have none) -------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
# Organisers' tools open only behind a second factor. Off in development, where the demo has to open in a minute.
SECOND_FACTOR_REQUIRED = env.truth("SECOND_FACTOR_REQUIRED", not DEVELOPMENT)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "organise"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# --- The wire ---------------------------------------------------------------------------------------
_tls = _site.scheme == "https"
COOKIE_PREFIX = "__Host-" if _tls else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
SIGNING_COOKIE_NAME = f"{COOKIE_PREFIX}signing"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SIGNING_COOKIE_SECURE = _tls
SECURE_SSL_REDIRECT = _tls
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 63072000 if _tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _tls
# "no-referrer" would turn a form's Origin header into "null", which the CSRF check has to refuse.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# What executives' offices send with a reply: outside of everything that is served (campaign/uploads.py).
UPLOADS_DIR = env.folder("UPLOADS_DIR", VAR_DIR / "uploads")
FILE_UPLOAD_HANDLERS = [
    "campaign.uploads.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Words and time ---------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# What the interface speaks; a letter has languages of its own. The cookie says which was chosen and nothing else, and
# the browser forgets it when it closes (docs/languages.md).
LANGUAGES = [("en", "English"), ("es", "Español"), ("ar", "العربية")]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
LANGUAGE_COOKIE_SECURE = _tls
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = None if DEVELOPMENT else env.folder("STATIC_ROOT", VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEVELOPMENT

# --- Logs: what happened, never to whom: no addresses, no query strings, no bodies ------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "config.logs.Discreet"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": [], "propagate": True}, "django.server": {"handlers": [], "propagate": True}},
}

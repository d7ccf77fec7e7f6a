"""Settings of the one Django project. Everything an operator changes comes from TRONGDAN_* variables."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from trongdan.platform import keys
from trongdan.platform.home import home, subfolder

BASE = Path(__file__).resolve().parent.parent
ENV = os.environ
HOME = home()
DEBUG = False
SECRET_KEY = keys.secret("django").hex()
ALLOWED_HOSTS = ENV.get("TRONGDAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
SITE_URL = ENV.get("TRONGDAN_URL", "http://localhost:8000").rstrip("/")
DEMO = ENV.get("TRONGDAN_DEMO", "1") == "1"  # shows the banner, offers the demo sign-ins
BEHIND_PROXY = ENV.get("TRONGDAN_PROXY", "0") == "1"
STATES_KEY = ENV.get("TRONGDAN_STATES_KEY", "")  # empty: nobody reads the states of dossiers over the API
PROVINCE_ID = 25  # Phú Thọ, by the national code


def _found(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _present(*names: str) -> list[str]:
    """Those of our apps that are in this installation (a province may leave out a door or a duty)."""
    return [name for name in names if _found(f"{name}.apps")]


INSTALLED_APPS = [
    "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.messages",
    "django.contrib.staticfiles", "django.contrib.postgres", "django_otp", "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static", "procrastinate.contrib.django",
    *_present(
        "trongdan.platform.ui",
        "trongdan.core.agencies",
        "trongdan.core.people",
        "trongdan.core.cases",
        "trongdan.core.papers",
        "trongdan.core.notices",
        "trongdan.core.leases",
        "trongdan.core.links",
        "trongdan.core.store",
        "trongdan.kinds.letters",
        "trongdan.kinds.procedures",
        "trongdan.kinds.satisfaction",
        "trongdan.kinds.coordination",
        "trongdan.kinds.reception",
        "trongdan.kinds.dialogue",
        "trongdan.kinds.waiting",
        "trongdan.board.listening",
        "trongdan.board",
        "trongdan.doors.portal",
        "trongdan.doors.desk",
        "trongdan.doors.api",
    ),
]  # fmt: skip
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "trongdan.config.middleware.behind_proxy",
    "trongdan.config.middleware.security_headers",
    "trongdan.config.middleware.straight_to_the_api",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "trongdan.config.middleware.language_by_choice",
    "django.middleware.locale.LocaleMiddleware",
    "trongdan.config.middleware.desk_in_vietnamese",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "trongdan.config.urls"
WSGI_APPLICATION = "trongdan.config.wsgi.application"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [],
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages", "django.template.context_processors.i18n",
        "trongdan.config.middleware.page_context",
    ]},
}]  # fmt: skip


def _database() -> dict[str, object]:
    """The embedded cluster's socket, or TRONGDAN_DATABASE_URL. The role is the web's unless a command says another."""
    role = ENV.get("TRONGDAN_DB_ROLE", "td_web")
    common: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql", "USER": role, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {"application_name": f"trongdan-{role}"},
    }  # fmt: skip
    url = ENV.get("TRONGDAN_DATABASE_URL")
    if url:
        parts = urlsplit(url)
        password = ENV.get(f"TRONGDAN_PASSWORD_{role.upper()}") or unquote(parts.password or "")
        return common | {"NAME": parts.path.lstrip("/"), "HOST": parts.hostname or "", "PORT": parts.port or "",
                         "PASSWORD": password}  # fmt: skip
    from trongdan.platform.postgres import Cluster

    return common | {"NAME": ENV.get("TRONGDAN_DB_NAME", "trongdan"), "HOST": str(Cluster(HOME / "pg").socket)}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = subfolder("static")
# `trongdan run` collects the files under names with a hash, cached for ever; until then they are served as they are.
COLLECTED = (STATIC_ROOT / "staticfiles.json").exists() or ENV.get("TRONGDAN_COLLECTING") == "1"
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage" if COLLECTED
                    else "django.contrib.staticfiles.storage.StaticFilesStorage"},
}  # fmt: skip

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/ban-lam-viec/dang-nhap/"
LOGIN_REDIRECT_URL = "/ban-lam-viec/"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if _found("trongdan.doors.portal.errors"):
    CSRF_FAILURE_VIEW = "trongdan.doors.portal.errors.csrf_failure"  # keeps what was typed
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SITE_URL.startswith("https:"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # a letter far too long is still read, so that it can be kept and told why
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 12
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = ENV.get("TRONGDAN_SMTP_HOST", "")
EMAIL_PORT = int(ENV.get("TRONGDAN_SMTP_PORT", "25"))
EMAIL_HOST_USER = ENV.get("TRONGDAN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = ENV.get("TRONGDAN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = ENV.get("TRONGDAN_SMTP_TLS", "0") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENV.get("TRONGDAN_MAIL_FROM", "khong-tra-loi@trongdan.localhost")

# The national database on reception and letters (board/national): without an address, records go by file or by hand.
REGISTER_URL = ENV.get("TRONGDAN_REGISTER_URL", "")
REGISTER_TOKEN = ENV.get("TRONGDAN_REGISTER_TOKEN", "")
PORTAL_URL = ENV.get("TRONGDAN_PORTAL_URL", "")
PORTAL_TOKEN = ENV.get("TRONGDAN_PORTAL_TOKEN", "")
PAYMENT_URL = ENV.get("TRONGDAN_PAYMENT_URL", "")
PAYMENT_TOKEN = ENV.get("TRONGDAN_PAYMENT_TOKEN", "")
VNEID_ISSUER = ENV.get("TRONGDAN_VNEID_ISSUER", "").rstrip("/")
VNEID_CLIENT_ID = ENV.get("TRONGDAN_VNEID_CLIENT_ID", "trongdan")
VNEID_CLIENT_SECRET = ENV.get("TRONGDAN_VNEID_CLIENT_SECRET", "")
NATIONAL_URL = ENV.get("TRONGDAN_NATIONAL_URL", "")
NATIONAL_TOKEN = ENV.get("TRONGDAN_NATIONAL_TOKEN", "")
NATIONAL_PORT = ENV.get("TRONGDAN_NATIONAL_PORT", "trongdan.board.national.port.HttpPort")

LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "filters": {"no_words": {"()": "trongdan.platform.logs.NoWords"}},
    "formatters": {"plain": {"()": "trongdan.platform.logs.Plain"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_words"]}},
    "root": {"handlers": ["out"], "level": ENV.get("TRONGDAN_LOG", "WARNING")},
}  # fmt: skip

"""Django's settings, drawn from `site.config`. Nothing else reads the environment."""

from __future__ import annotations

from pathlib import Path

import django.conf.locale
from csp.constants import NONE, SELF

from kakehashi.kernel.logs import logging_settings
from kakehashi.site.config import POOL_SIZE, database, load
from kakehashi.site.embedded import APPLICATION, OWNER, EmbeddedPostgres

CONFIG = load()
BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = CONFIG.secret_key
SECRET_KEY_FALLBACKS = CONFIG.secret_key_fallbacks
DEBUG = CONFIG.debug
ALLOWED_HOSTS = CONFIG.allowed_hosts

# From the ground up; the order of the floors in docs/map.md.
ROOMS = [
    "journal", "governments", "people", "files",
    "eforms", "indicators", "search", "notices", "exchange", "opendata",
    "cases", "records", "approvals",
    "procedures", "desk", "plans", "meetings", "shelters",
]  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "kakehashi.kernel",
    *[f"kakehashi.{room}" for room in ROOMS],
    "kakehashi.site",
]

MIDDLEWARE = [
    # Who is asking, and whether the wire is encrypted: everything below believes what this one found.
    "kakehashi.kernel.transport.TransportMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kakehashi.kernel.request_log.RequestLogMiddleware",
    "kakehashi.kernel.content_policy.ContentPolicyMiddleware",
    # The government is found first: what follows sees paths without its slug.
    "kakehashi.governments.middleware.GovernmentMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "kakehashi.kernel.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kakehashi.kernel.error_pages.ErrorPagesMiddleware",
    # From here inwards one transaction is open, in which only this government's rows exist.
    "kakehashi.governments.middleware.ScopeMiddleware",
    "kakehashi.people.middleware.ActorMiddleware",
    "kakehashi.kernel.head.HeadMiddleware",
]

if CONFIG.traces_url:
    MIDDLEWARE.insert(0, "kakehashi.site.tracing.TraceMiddleware")

ROOT_URLCONF = "kakehashi.site.urls"
WSGI_APPLICATION = "kakehashi.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            # `{% csrf_token %}` of ours stands in for Django's.
            "builtins": ["kakehashi.kernel.templatetags.own_forms"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kakehashi.site.context.shell",
            ],
        },
    }
]

if CONFIG.embedded:
    _embedded = EmbeddedPostgres(CONFIG.home)
    _application, _owner = _embedded.url(APPLICATION), _embedded.url(OWNER)
else:
    _application, _owner = CONFIG.database_url, CONFIG.database_admin_url or CONFIG.database_url

DATABASES = {"default": database(_application), "admin": database(_owner)}
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": POOL_SIZE, "timeout": 10}}  # type: ignore[operator]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
# One backend only: a second one would hash the password of an unknown address twice, which can be timed.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "kakehashi.people.adapters.passwords.ContextWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people-signin:choose"
LOGOUT_REDIRECT_URL = "site:home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "kakehashi.people.adapters.accounts.AccountAdapter"
ACCOUNT_FORMS = {"login": "kakehashi.people.forms.signin.LoginForm"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# One account is tried five times in five minutes; one address may be a town hall on a Monday (docs/operate/limits.md).
ACCOUNT_RATE_LIMITS = {"login": "150/m/ip", "login_failed": "60/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "kakehashi.people.forms.signin.AddPasskeyForm"}
MFA_TOTP_ISSUER = "架け橋"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
# Rate limits are counted in the database, so that every process counts the same tries.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cache",
        # The default of 300 would throw away counted tries, and forms that wait for a sign-in, on a busy morning.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CONFIG.https
# `__Host-` makes the browser itself refuse the cookie from a neighbouring host, and over plain HTTP.
COOKIE_PREFIX = "__Host-" if CONFIG.https else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}kakehashi_session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12
# A browser that was here once asks by HTTPS alone for two years, on every host below this one.
SECURE_HSTS_SECONDS = 63_072_000 if CONFIG.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# A password over an open wire is a password read along: off this machine staff come by HTTPS or not at all. The demo has none.
STAFF_NEEDS_HTTPS = not CONFIG.demo
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kakehashi.kernel.error_pages.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# Pictures of a map are asked of nobody unless this installation names a server; then of that one alone.
MAP_TILES, MAP_ATTRIBUTION = CONFIG.map_tiles, CONFIG.map_attribution
if MAP_TILES:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append("/".join(MAP_TILES.split("/")[:3]))

# やさしい日本語 is a language of its own here; Django does not know it yet.
django.conf.locale.LANG_INFO["ja-easy"] = {
    "bidi": False,
    "code": "ja-easy",
    "name": "Easy Japanese",
    "name_local": "やさしい日本語",
}
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English")]
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}kakehashi_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
FILES_ROOT = CONFIG.home / "files"
FILES_STORE = "kakehashi.files.adapters.s3.S3Store" if CONFIG.content_store else ""
FILES_SCANNER_ADDRESS = CONFIG.scanner
FILES_SCANNER = f"kakehashi.files.adapters.{'clamd.ClamdScanner' if CONFIG.scanner else 'scanner.NoScanner'}"
# What is sealed in the database is opened with a key that is not in it.
SEALING_KEY = CONFIG.home / "keys" / "sealing_key"
# Both stand outside the database, so that whoever rewrites it is found out.
JOURNAL_KEY = CONFIG.home / "keys" / "journal.pem"
JOURNAL_OUTSIDE = CONFIG.home / "journal"
# Keys of protected answers and files; what is destroyed here is unreadable everywhere, so backups leave it out.
DATA_KEYS = CONFIG.home / "data-keys"
EXCHANGE_KEYS = CONFIG.home / "keys" / "exchange"
EXCHANGE_QUARANTINE = CONFIG.home / "quarantine"
EXCHANGE_INBOX = CONFIG.home / "inbox" if not CONFIG.inbox else Path(CONFIG.inbox)
FORM_RENDERER = "kakehashi.kernel.forms_renderer.KakehashiRenderer"

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "kakehashi.kernel.uploads.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

EMAIL_BACKEND = "kakehashi.site.mail_files.EmailBackend"
EMAIL_FILE_PATH = CONFIG.home / "mail"
DEFAULT_FROM_EMAIL = CONFIG.mail_from
if CONFIG.mail_url:
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(CONFIG.mail_url)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtps"
    EMAIL_TIMEOUT = 20

# How long a government and its switched-on rooms may be remembered by one process, in seconds.
GOVERNMENT_CACHE_SECONDS = 2.0

LOGGING = logging_settings(CONFIG.log)
SILENCED_SYSTEM_CHECKS: list[str] = []

# A model for the search, off where `place` is empty.
SEARCH_EMBEDDINGS = {
    "place": CONFIG.embeddings,
    "model": CONFIG.embeddings_model,
    "key": CONFIG.embeddings_key,
    "prefixes": CONFIG.embeddings_prefixes,
}

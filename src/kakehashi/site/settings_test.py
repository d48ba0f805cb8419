"""Settings of the tests: an own home folder, no pool, mail in memory, cheap passwords."""

import os
from pathlib import Path

for _name in [name for name in os.environ if name.startswith(("KAKEHASHI_", "DATABASE_"))]:
    if _name != "KAKEHASHI_SHARED_DATA":
        del os.environ[_name]
_HOME = "test-server" if os.environ.get("TEST_POSTGRES_PROGRAMS") else "test"
# Providers and the other side of an exchange run beside the tests, on this very machine.
os.environ["KAKEHASHI_INTERNAL_HOSTS"] = "127.0.0.1"
os.environ["KAKEHASHI_HOME"] = str(Path(__file__).resolve().parents[3] / "var" / _HOME)

from kakehashi.site.settings import *  # noqa: F403, E402 — the tests' settings are the product's, but for these few
from kakehashi.site.settings import CONFIG, DATABASES  # noqa: E402

DATABASES["default"]["OPTIONS"] = {}
GOVERNMENT_CACHE_SECONDS = 0
# Each test process keeps its own files: a test that asks what was left behind must not see another's upload.
FILES_ROOT = CONFIG.home / "files" / os.environ.get("PYTEST_XDIST_WORKER", "main")
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STYLE_PAGE = True
# Most tests come from made-up networks by plain HTTP; those of the wire itself switch this on.
STAFF_NEEDS_HTTPS = False
# A staff view that shows personal data without saying so fails in every test that opens it.
STRICT_PERSONAL_DATA = True

"""The tests' settings: production's, on engines of their own. Each difference has its reason."""

from samskaping.settings import *  # noqa: F403
from samskaping.settings import DATABASES, STORAGES

# The gallery's components are pages the suites must see.
DEVELOPER_PAGES = True
# Argon2 takes its time on purpose; a thousand sign-ins in tests would take it too.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests in this process need no hashed names; the browser suite runs on the collected files.
STORAGES = {
    "default": STORAGES["default"],
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A test that fails must not wait for another's lock as long as a person would.
DATABASES["owner"]["OPTIONS"] = {**DATABASES["owner"]["OPTIONS"], "options": "-c lock_timeout=10s"}
# Nobody listens there: no test asks the real register.
REGISTER_URL = "http://127.0.0.1:9"

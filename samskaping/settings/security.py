"""Who may talk to the portal and what a browser may do with its pages."""

from csp.constants import NONE, SELF

from samskaping import env
from samskaping.embedded import secret
from samskaping.settings.base import DATA_DIR, DEBUG, SITE_URL

# The embedded portal keeps a key beside its data (`manage.py up` writes it); everybody else brings one.
_own_key = None if env.is_set("DATABASE_URL") else secret.read(DATA_DIR)
SECRET_KEY = env.text("SECRET_KEY", _own_key, min_length=50)
# The keys before this one, newest first, so that a new key signs nobody out.
SECRET_KEY_FALLBACKS = env.keys("SECRET_KEY_FALLBACKS", min_length=50)

_site_host = SITE_URL.split("://", 1)[1].rsplit(":", 1)[0]
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", [_site_host, "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Behind a proxy: who may say which scheme and address the caller had ---------------------------
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", "127.0.0.1")
HTTPS = SITE_URL.startswith("https://")
# Only our own proxy reaches gunicorn, and it overwrites the header; without one nobody is believed.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
# The container's own health check speaks http on the inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

# --- Cookies and sessions ------------------------------------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # signing in does not depend on Redis
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# __Host- pins a cookie to this very host and to https; browsers refuse the prefix over plain http.
SESSION_COOKIE_NAME = "__Host-samskaping" if HTTPS else "samskaping"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "samskaping.core.views.errors.csrf_failure"
LANGUAGE_COOKIE_SECURE = HTTPS

# --- Headers -----------------------------------------------------------------------------------------------
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 365 * 24 * 3600 if HTTPS else 0, low=0, high=63_072_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not no-referrer: with that, browsers send «Origin: null» and the CSRF check refuses the form.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), "
    "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "publickey-credentials-get=(self), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"
)
FORM_ACTION = [SELF]  # settings/sign_in.py adds the provider of work accounts
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Designsystemet's icons are data: masks
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": FORM_ACTION,
        "frame-ancestors": [NONE],
        **({"upgrade-insecure-requests": True} if HTTPS else {}),
    }
}

# --- Limits ------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Passwords and sign-in ---------------------------------------------------------------------------------
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "front"
ACCOUNT_ADAPTER = "samskaping.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = (
    "none"  # addresses are confirmed by invitation and code, not by allauth's own mail
)
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False

SILENCED_SYSTEM_CHECKS: list[str] = []
if DEBUG:
    SECURE_HSTS_SECONDS = 0

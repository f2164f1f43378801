"""What the portal is made of: apps, middleware, database, templates, language, files."""

from pathlib import Path
from typing import Any

import dj_database_url
import pghistory

from samskaping import env
from samskaping.embedded import paths

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = paths.data_dir()

DEBUG = env.flag("DEBUG", default=False)
# The component gallery and the demo post: for those who build and try, never where people work.
DEVELOPER_PAGES = env.flag("DEVELOPER_PAGES", default=DEBUG)
DEMO = env.flag("DEMO", default=False)
SITE_URL = env.site_url("SITE_URL", f"http://localhost:{env.number('PORT', 8000, low=1, high=65535)}")

# --- Apps: domain first, so that ours win over the library's templates -------------------------
INSTALLED_APPS = [
    "samskaping.dashboards",
    "samskaping.evaluations",
    "agreements",
    "volunteers",
    "partnerships",
    "samskaping.accounts",
    "samskaping.core",
    "samskaping.backup",
    "samskaping.embedded",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its widgets' templates, since FORM_RENDERER looks for them among ours
]

MIDDLEWARE = [
    "samskaping.core.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "samskaping.core.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partnerships.current.CurrentMembership",
    "django.contrib.messages.middleware.MessageMiddleware",
    "samskaping.accounts.middleware.SessionLimits",
    "samskaping.accounts.middleware.SecondFactorGate",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "samskaping.urls"
WSGI_APPLICATION = "samskaping.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database: the owner migrates, the app runs ------------------------------------------------
_URL_SCHEMES = ("postgresql", "postgres")
_app_url = env.url("DATABASE_URL", "", schemes=_URL_SCHEMES) if env.is_set("DATABASE_URL") else ""
_owner_url = (
    env.url("DATABASE_OWNER_URL", "", schemes=_URL_SCHEMES) if env.is_set("DATABASE_OWNER_URL") else ""
)
if bool(_app_url) != bool(_owner_url):
    missing = "DATABASE_OWNER_URL" if _app_url else "DATABASE_URL"
    raise env.BadEnvironment(
        f"{missing} is not set. DATABASE_URL (the role that runs) and DATABASE_OWNER_URL "
        "(the role that migrates) go together."
    )


def _database(url: str, *, statement_timeout: str) -> dict[str, Any]:
    try:
        config = dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True)
    except ValueError:
        raise env.BadEnvironment(
            "DATABASE_URL is not an address. Set postgresql://user:password@host/name."
        ) from None
    options = config.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", 5)
    options.setdefault("application_name", "samskaping")
    # What a page asks for in one go looks dear to the planner, and compiling it takes longer than asking.
    # What is PREPAREd (core/written.py) is planned once, not anew for each of the first values.
    limits = (
        f"-c statement_timeout={statement_timeout} -c lock_timeout=2s -c jit=off"
        " -c plan_cache_mode=force_generic_plan"
    )
    options.setdefault("options", limits)
    return {**config, "ATOMIC_REQUESTS": True}


DATABASES = {
    "default": _database(_app_url or paths.database_url(), statement_timeout="10s"),
    "owner": _database(_owner_url or paths.database_owner_url(), statement_timeout="0"),
}
DATABASES["owner"]["ATOMIC_REQUESTS"] = False
DATABASE_ROUTERS: list[str] = []

# --- History: what a row was before (samskaping/core/history.py) ---------------------------------
# The statement's own time, as in AuditEvent.at: steps of one transaction keep their order.
PGHISTORY_CREATED_AT_FUNCTION = "STATEMENT_TIMESTAMP()"
# Asked for by the row they tell of, which has its index; one for each reference would cost every write.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

# --- People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"

# --- Templates and forms --------------------------------------------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        # Ours, where keys are written without thousands.
                        "samskaping.core.template_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["samskaping.core.templatetags.plain"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "samskaping.core.context_processors.shell",
                "samskaping.accounts.context_processors.sign_in",
                "partnerships.current.workplace",
            ],
        },
    }
]
FORM_RENDERER = "samskaping.core.form_renderer.FormRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["designsystemet"]
CRISPY_TEMPLATE_PACK = "designsystemet"

# --- Language, time and numbers ---------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "sprak"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["samskaping.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"
USE_THOUSAND_SEPARATOR = True

# --- Static files: ours and what set-up made from npm (samskaping/assets.py) -----------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "build" / "static"]
# In debug an edited stylesheet shows at the next reload; else names carry a hash and are cached for ever.
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    # Files people upload are rows in PostgreSQL, one backup and one transaction; nothing goes to disk here.
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # Who collects them need not be who serves them (in the image root does, and the portal is not root);
        # otherwise they would follow FILE_UPLOAD_PERMISSIONS and be the collector's alone.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}

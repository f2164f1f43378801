"""How messages leave: SMTP and an SMS supplier, or the demo post where the portal is only tried out."""

from urllib.parse import unquote, urlsplit

from samskaping import env
from samskaping.settings.base import DEBUG, DEMO, SITE_URL

MAIL_DOMAIN = urlsplit(SITE_URL).hostname or "localhost"
DEFAULT_FROM_EMAIL = env.email("MAIL_FROM", f"ikke-svar@{MAIL_DOMAIN}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20

# Whoever tries the portal has no mail server at hand, and must not write to real people.
DEMO_POST = (DEMO or DEBUG) and not env.is_set("MAIL_URL")
if DEMO_POST:
    EMAIL_BACKEND = "samskaping.core.post.DemoPostBackend"
else:
    _mail = urlsplit(env.url("MAIL_URL", schemes=("smtp", "smtps", "smtp+tls")))
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or {"smtps": 465, "smtp+tls": 587}.get(_mail.scheme, 25)
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
    EMAIL_USE_SSL = _mail.scheme == "smtps"

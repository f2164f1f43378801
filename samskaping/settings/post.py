"""How messages leave: SMTP and an SMS supplier, or the demo post where the demo runs."""

from urllib.parse import unquote, urlsplit

from samskaping import env
from samskaping.settings.base import DEMO, SITE_URL

MAIL_DOMAIN = urlsplit(SITE_URL).hostname or "localhost"
DEFAULT_FROM_EMAIL = env.email("MAIL_FROM", f"ikke-svar@{MAIL_DOMAIN}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20

_mail = urlsplit(env.url("MAIL_URL", "demo://", schemes=("smtp", "smtps", "smtp+tls", "demo")))
if _mail.scheme == "demo" and not DEMO and env.is_set("MAIL_URL"):
    raise env.BadEnvironment("MAIL_URL is demo:// outside the demo. Set smtp+tls://user:password@host:587.")
# Without a server and without the demo, mail waits in the outbox and /readyz says so.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if _mail.scheme != "demo" or not DEMO
    else "samskaping.core.post.DemoPostBackend"
)
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or {"smtps": 465, "smtp+tls": 587}.get(_mail.scheme, 25)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
EMAIL_USE_SSL = _mail.scheme == "smtps"

SMS_ADAPTER = "samskaping.core.sms.DemoSms" if DEMO else "samskaping.core.sms.NoSms"

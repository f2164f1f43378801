"""How people sign in: second factor, codes, sessions, work accounts (docs/adr/0020)."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from samskaping import env
from samskaping.settings.base import DEMO, SITE_URL
from samskaping.settings.security import FORM_ACTION, SECRET_KEY, SECRET_KEY_FALLBACKS

# --- allauth: password, app and passkeys ---------------------------------------------------------
# Its limits live in a cache; ours are rows, count before anything is checked, and hold when Redis is away.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "samskaping.accounts.forms.sign_in.LoginForm",
    "reauthenticate": "samskaping.accounts.forms.sign_in.ReauthenticateForm",
}
MFA_ADAPTER = "samskaping.accounts.adapter.MfaAdapter"
MFA_FORMS = {
    "authenticate": "samskaping.accounts.forms.second_factor.AuthenticateForm",
    "reauthenticate": "samskaping.accounts.forms.second_factor.ReauthenticateForm",
    "activate_totp": "samskaping.accounts.forms.second_factor.ActivateTotpForm",
    "add_webauthn": "samskaping.accounts.forms.second_factor.AddPasskeyForm",
    "edit_webauthn": "samskaping.accounts.forms.second_factor.RenamePasskeyForm",
    "authenticate_webauthn": "samskaping.accounts.forms.second_factor.AuthenticatePasskeyForm",
    "login_webauthn": "samskaping.accounts.forms.second_factor.LoginPasskeyForm",
    "reauthenticate_webauthn": "samskaping.accounts.forms.second_factor.ReauthenticatePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Samskaping"
# A telephone's clock may be half a minute off; a code still works once (forms/second_factor.py).
MFA_TOTP_TOLERANCE = 1
# Secrets of authenticator apps lie encrypted in the database with a key made from these.
MFA_SECRET_KEYS = [SECRET_KEY, *SECRET_KEY_FALLBACKS]

# Whoever tries the demo may skip the second factor; where people work nobody may.
SECOND_FACTOR = env.choice(
    "SECOND_FACTOR", "optional" if DEMO else "required", among=("required", "optional")
)
if SECOND_FACTOR == "optional" and not DEMO:
    raise env.BadEnvironment("SECOND_FACTOR may be optional only where DEMO is 1. Set it to required.")
# The reminder comes this long before the day; the first days are for getting something done.
SECOND_FACTOR_REMIND_DAYS = 10

# --- Sessions -----------------------------------------------------------------------------------------
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ABSOLUTE = timedelta(hours=12)
# Those with a role see others' data; a volunteer sees her own, on her own phone.
SESSION_IDLE_WITH_ROLE = timedelta(minutes=30)
SESSION_IDLE_WITHOUT_ROLE = SESSION_ABSOLUTE

# --- Work account: one provider that speaks OpenID Connect, or none -------------------------------------
OIDC_ISSUER = env.url("OIDC_ISSUER", schemes=("https",)) if env.is_set("OIDC_ISSUER") else ""
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET", "")
OIDC_NAME = env.text("OIDC_NAME", "arbeidskonto")
_ISSUER = r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?"
if OIDC_ISSUER and not re.fullmatch(_ISSUER, OIDC_ISSUER):
    raise env.BadEnvironment("OIDC_ISSUER must be a plain address, like https://login.example/tenant.")
if not OIDC_NAME.isprintable() or len(OIDC_NAME) > 60:
    raise env.BadEnvironment("OIDC_NAME is too long or not readable. Set a few words for the button.")
_given = {
    "OIDC_ISSUER": OIDC_ISSUER,
    "OIDC_CLIENT_ID": OIDC_CLIENT_ID,
    "OIDC_CLIENT_SECRET": OIDC_CLIENT_SECRET,
}
if any(_given.values()) and not all(_given.values()):
    _missing = next(name for name, value in _given.items() if not value)
    raise env.BadEnvironment(
        f"{_missing} is not set. OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET go together."
    )
OIDC_CALLBACK = f"{SITE_URL}/logg-inn/arbeidskonto/tilbake/"
if OIDC_ISSUER:
    # Browsers hold a form's redirects to form-action too, and the button leads to the provider.
    _parts = urlsplit(OIDC_ISSUER)
    FORM_ACTION.append(f"{_parts.scheme}://{_parts.netloc}")

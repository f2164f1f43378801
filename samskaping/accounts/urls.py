"""Signing in and out, and one's own security. allauth's views under our paths: its own list opens more."""

from allauth.account import views as allauth_account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from samskaping.accounts.views import password, security, sign_in, work_account
from samskaping.accounts.views.outside import outside_transaction as outside

# allauth's views also take PUT for POST, and more; one way to send a form is enough.
form = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("logg-inn/", sign_in.login, name="account_login"),
    path("logg-inn/kode/", sign_in.ask, name="code_ask"),
    path("logg-inn/kode/skriv/", sign_in.enter, name="code_enter"),
    path("logg-inn/to-faktor/", outside(form(mfa.authenticate)), name="mfa_authenticate"),
    path("logg-inn/passnokkel/", outside(form(webauthn.login_webauthn)), name="mfa_login_webauthn"),
    path("logg-inn/arbeidskonto/", work_account.start, name="work_account"),
    path("logg-inn/arbeidskonto/tilbake/", work_account.callback, name="work_account_callback"),
    path("logg-inn/arbeidskonto/gikk-ikke/", work_account.refused, name="work_account_refused"),
    path("logg-ut/", allauth_account.logout, name="account_logout"),
    path("konto-stengt/", allauth_account.account_inactive, name="account_inactive"),
    path("glemt-passord/", password.ask, name="password_ask"),
    path("glemt-passord/kode/", password.enter_code, name="password_code"),
    path("glemt-passord/nytt/", password.choose, name="password_new"),
    path("min-konto/sikkerhet/", security.index, name="account_security"),
    path("min-konto/sikkerhet/oversikt/", security.to_security, name="mfa_index"),
    path("min-konto/passord/", password.change, name="password_change"),
    path("min-konto/innlogginger/avslutt/", security.end_others, name="session_end_others"),
    path("min-konto/innlogginger/<int:pk>/avslutt/", security.end_one, name="session_end"),
    path("min-konto/bekreft/", outside(form(allauth_account.reauthenticate)), name="account_reauthenticate"),
    path("min-konto/bekreft/kode/", outside(form(mfa.reauthenticate)), name="mfa_reauthenticate"),
    path(
        "min-konto/bekreft/passnokkel/",
        outside(form(webauthn.reauthenticate_webauthn)),
        name="mfa_reauthenticate_webauthn",
    ),
    path("min-konto/app/", form(totp.activate_totp), name="mfa_activate_totp"),
    path("min-konto/app/fjern/", form(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "min-konto/reservekoder/",
        require_safe(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "min-konto/reservekoder/nye/",
        form(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("min-konto/passnokler/", security.to_security, name="mfa_list_webauthn"),
    path("min-konto/passnokler/ny/", form(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("min-konto/passnokler/<int:pk>/navn/", form(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("min-konto/passnokler/<int:pk>/fjern/", form(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
]

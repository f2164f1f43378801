"""allauth's forms for the second factor, with our words, our limits, and codes that work once."""

from datetime import timedelta
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from samskaping.accounts import limits
from samskaping.accounts.forms.fields import CodeField, OnceMixin
from samskaping.core.errors import TooMany
from samskaping.core.services.rate_limit import rate_limit_hit

# Longer than a code can be right: thirty seconds, and as much before and after.
USED_WITHIN = timedelta(minutes=3)


class FactorCodeMixin(OnceMixin):
    """Counts the try before looking at it, and takes a code that was right once only.

    allauth remembers used codes in the cache of one process, for half as long as a code can be right;
    the web has several processes.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = CodeField(label=_("Kode"), max_length=20)  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        user_id = self.user.pk  # type: ignore[attr-defined]
        try:
            limits.factor_try(user_id)
        except TooMany as error:
            raise ValidationError(str(error.sentence)) from None
        code: str = super().clean_code()  # type: ignore[misc]
        digits = "".join(char for char in code if char.isalnum())
        try:
            rate_limit_hit("factor_code_used", f"{user_id}:{digits}", at_most=1, within=USED_WITHIN)
        except TooMany:
            raise get_adapter().validation_error("incorrect_code") from None
        limits.factor_was_right(user_id)
        return code


class AuthenticateForm(FactorCodeMixin, base_forms.AuthenticateForm):
    pass


class ReauthenticateForm(FactorCodeMixin, base_forms.ReauthenticateForm):
    pass


class ActivateTotpForm(FactorCodeMixin, totp_forms.ActivateTOTPForm):
    pass


class CredentialMixin(OnceMixin):
    """What a passkey answers is a JSON object; anything else a browser may send is refused here."""

    def clean_credential(self) -> Any:
        if not isinstance(self.cleaned_data["credential"], dict):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            if isinstance(error, ValidationError):
                raise
            raise get_adapter().validation_error("incorrect_code") from None


class AuthenticatePasskeyForm(CredentialMixin, webauthn_forms.AuthenticateWebAuthnForm):
    pass


class LoginPasskeyForm(CredentialMixin, webauthn_forms.LoginWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(CredentialMixin, webauthn_forms.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):
    """A passkey signs in by itself: with the device's own lock, it is both factors at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Hva vil du kalle den?"),
            help_text=_("For eksempel «mobilen min»."),
            max_length=60,
            required=False,
        )
        self.fields["passwordless"].widget = forms.HiddenInput()
        self.fields["passwordless"].initial = True

    def clean(self) -> dict[str, Any]:
        if not isinstance(self.cleaned_data.get("credential"), dict):
            raise get_adapter().validation_error("incorrect_code")
        try:
            cleaned: dict[str, Any] = super().clean()
        except (TypeError, KeyError, AttributeError, ValueError) as error:
            if isinstance(error, ValidationError):
                raise
            raise get_adapter().validation_error("incorrect_code") from None
        return cleaned


class RenamePasskeyForm(OnceMixin, webauthn_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(label=_("Hva vil du kalle den?"), max_length=60)

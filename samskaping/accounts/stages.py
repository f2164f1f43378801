"""The gate between knowing who it is and signing in."""

from allauth.mfa.stages import AuthenticateStage

from samskaping.accounts.adapter import provider_asked_for_factor


class SecondFactorStage(AuthenticateStage):
    """Asks for the second factor of everybody who has one, unless this very sign-in has shown one."""

    def _should_handle(self, request: object) -> bool:
        user = self.login.user
        if user is not None and provider_asked_for_factor(request, user):  # type: ignore[arg-type]
            return False
        return bool(super()._should_handle(request))

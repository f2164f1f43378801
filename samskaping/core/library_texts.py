"""What Django and allauth say to people, named so that our catalogues can say it better.

Nothing runs here. Their English is the key; our words are in locale/{nb,nn,en}. They come first because
LOCALE_PATHS is read before the libraries' own. allauth has no nynorsk at all, Django's is full of holes.
"""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext

FORMS = (
    _("This field is required."),
    _("Enter a whole number."),
    _("Enter a number."),
    _("Enter a valid date."),
    _("Enter a valid time."),
    _("Enter a valid date/time."),
    _("Enter a valid value."),
    _("Enter a valid email address."),
    _("Enter a valid URL."),
    _("Enter a complete value."),
    _("Enter a list of values."),
    _("No file was submitted."),
    _("No file was submitted. Check the encoding type on the form."),
    _("The submitted file is empty."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Null characters are not allowed."),
    _("%(model_name)s with this %(field_label)s already exists."),
)

PASSWORDS = (
    _("The password is too similar to the %(verbose_name)s."),
    _("This password is too common."),
    _("This password is entirely numeric."),
    _("Your password can’t be too similar to your other personal information."),
    _("Your password can’t be a commonly used password."),
    _("Your password can’t be entirely numeric."),
)

SIGN_IN = (
    _("Email"),
    _("Email address"),
    _("Password"),
    _("Remember Me"),
    _("Forgot your password?"),
    _("The email address and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("This account is currently inactive."),
    _("Incorrect password."),
    _("Incorrect code."),
    _("Be patient, you are sending too many requests."),
    _("Successfully signed in as %(name)s."),
    _("You have signed out."),
)


def plurals(number: int) -> tuple[str, ...]:
    """Never called: ngettext marks the texts where they stand."""
    return (
        ngettext(
            "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
            number,
        ),
        ngettext(
            "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
            number,
        ),
        ngettext(
            "This password is too short. It must contain at least %d character.",
            "This password is too short. It must contain at least %d characters.",
            number,
        ),
        ngettext(
            "Your password must contain at least %(min_length)d character.",
            "Your password must contain at least %(min_length)d characters.",
            number,
        ),
    )

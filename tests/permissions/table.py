"""Who may do what: every URL of the portal, every actor, every method. How to read it: frame.py."""

from partnerships.services.invitation import invitation_token
from tests.permissions import areas
from tests.permissions.frame import Place, Row

# Made in world.py. `user` has no role at all, `ended` had one until a moment ago, `superuser` is an operator.
# Both participants take part in things["process"]: one with an account, one by link and code.
ACTORS = (
    "anonymous", "user", "superuser", "ended", "coordinator", "chief", "sector_chief", "unit_leader",
    "place_contact", "staff", "centre_leader", "organisation_rep", "observer", "guest", "national",
    "participant", "by_link",
)  # fmt: skip
MANAGERS = "coordinator,chief,sector_chief,centre_leader,organisation_rep"
EDITORS = "coordinator,chief"

PAGE = Row(get="*:200")
SIGNED_IN = "anonymous:login *:200"
OWN_PAGE = Row(get=SIGNED_IN)
# Answers a form that says too little with the form again.
OWN_FORM = Row(get=SIGNED_IN, post=SIGNED_IN)

# Everybody's factors are her own: another's is not there for anybody.
FOREIGN_FACTOR = Row(
    get="anonymous:login *:404", post="anonymous:login *:404",
    path=lambda world, _place: {"pk": world.foreign_factor.pk},
)  # fmt: skip

TABLE: dict[str, Row] = {
    # --- Open to all ----------------------------------------------------------------------------
    "front": PAGE,
    "about": PAGE,
    "privacy": PAGE,
    "accessibility": PAGE,
    "set_language": Row(post="*:302", data=lambda _world: {"language": "en", "next": "/om/"}),
    "set_theme": Row(post="*:302", data=lambda _world: {"theme": "dark", "next": "/om/"}),
    "healthz": PAGE,
    "readyz": PAGE,
    # --- Signing in and out: allauth's class-based views, where PUT is a form like POST --------------
    "account_login": Row(
        get="anonymous:200 *:302", post="anonymous:200 *:302", put="anonymous:200 *:302",
        patch="anonymous:405 *:302", delete="anonymous:405 *:302", options="anonymous:200 *:302",
        data=lambda _world: {"login": "ingen@prove.example", "password": "feil"},
    ),
    "account_logout": Row(get="anonymous:302 *:200", post="*:302", put="*:405", options="*:200"),
    "account_inactive": Row(get="*:200", options="*:200"),
    "code_ask": Row(
        get="anonymous:200 *:302", post="*:302", data=lambda _world: {"who": "ingen@prove.example"}
    ),
    "code_enter": Row(get="*:302", post="*:302"),
    "mfa_login_webauthn": Row(get="anonymous:login *:302", post="anonymous:login *:302"),
    "mfa_authenticate": Row(get="anonymous:login *:302", post="anonymous:login *:302"),
    # No provider is set up in the tests' settings; tests/accounts/test_work_account.py has one.
    "work_account": Row(post="*:404"),
    "work_account_callback": Row(get="*:404"),
    "work_account_refused": PAGE,
    "password_ask": Row(get="*:200", post="*:302", data=lambda _world: {"who": "ingen@prove.example"}),
    "password_code": Row(get="*:302", post="*:302"),
    "password_new": Row(get="*:302", post="*:302"),
    # --- Where a day begins ------------------------------------------------------------------------------
    "home": Row(get="anonymous:login *:302"),
    "this_week": OWN_PAGE,
    "overview": OWN_PAGE,
    "my_page": OWN_PAGE,
    # --- People and access -------------------------------------------------------------------------------
    # The link says which invitation it is, to whoever holds it; the code decides who comes in.
    "invitation_open": Row(
        get="*:200", post="*:302", foreign_get="*:200", foreign_post="*:302", shows_its_own=True,
        path=lambda world, place: {"token": invitation_token(world.town(place).invitation)},
    ),
    "invitation_code": Row(get="*:410", post="*:410"),
    "invitation_accept": Row(get="*:410", post="*:410"),
    "members": Row(get=f"{MANAGERS}:200 anonymous:login *:403"),
    "member_invite": Row(
        get=f"{MANAGERS}:200 anonymous:login *:403", post=f"{MANAGERS}:200 anonymous:login *:403"
    ),
    # A colleague in a unit of the sector chief's: she herself sees that she has the role.
    "membership_change": Row(
        get=f"{EDITORS},sector_chief:200 staff:403 anonymous:login *:404",
        post=f"{EDITORS},sector_chief:302 staff:403 anonymous:login *:404",
        path=lambda world, place: {"pk": world.town(place).members["staff"].pk},
        data=lambda _world: {"valid_to": ""},
    ),
    "membership_end": Row(
        get=f"{EDITORS},sector_chief:200 staff:403 anonymous:login *:404",
        post=f"{EDITORS},sector_chief:302 staff:403 anonymous:login *:404",
        path=lambda world, place: {"pk": world.town(place).members["staff"].pk},
    ),
    "invitation_again": Row(
        post=f"{EDITORS},sector_chief:302 anonymous:login *:404",
        path=lambda world, place: {"pk": world.town(place).invitation.pk},
    ),
    "invitation_withdraw": Row(
        get=f"{EDITORS},sector_chief:200 anonymous:login *:404",
        post=f"{EDITORS},sector_chief:302 anonymous:login *:404",
        path=lambda world, place: {"pk": world.town(place).invitation.pk},
    ),
    # Somebody else's, from next door.
    "switch_membership": Row(
        post="anonymous:login *:400",
        data=lambda world: {"membership": world.town(Place.NEIGHBOUR).members["coordinator"].pk},
    ),
    "municipality_settings": Row(
        get=f"{EDITORS}:200 anonymous:login *:403", post=f"{EDITORS}:200 anonymous:login *:403"
    ),
    "municipality_words": Row(
        get=f"{EDITORS}:200 anonymous:login *:403", post=f"{EDITORS}:200 anonymous:login *:403"
    ),
    "municipality_modules": Row(
        get=f"{EDITORS}:200 anonymous:login *:403", post=f"{EDITORS}:200 anonymous:login *:403"
    ),
    "municipality_logo": Row(
        get=f"{EDITORS}:200 anonymous:login *:403", post=f"{EDITORS}:200 anonymous:login *:403"
    ),
    "municipality_logo_remove": Row(post=f"{EDITORS}:302 anonymous:login *:403"),
    "stored_file": Row(
        get="user,superuser,ended,guest,national:404 anonymous:login *:200",
        path=lambda world, place: {"pk": world.town(place).logo.pk},
    ),
    "profile": OWN_FORM,
    "contact_new": Row(
        get=SIGNED_IN, post=SIGNED_IN,
        path=lambda _world, place: {"what": "e-post" if place.value == "own" else place.value},
    ),
    "contact_confirm": Row(
        get="anonymous:login *:302", post="anonymous:login *:302",
        path=lambda _world, place: {"what": "e-post" if place.value == "own" else place.value},
    ),
    "away": Row(
        get="user,superuser,ended,guest,national:403 anonymous:login *:200",
        post="user,superuser,ended,guest,national:403 anonymous:login *:200",
    ),
    # One's own absence; nobody else's is there.
    "away_back": Row(
        post="staff:302 anonymous:login *:404",
        path=lambda world, place: {"pk": world.town(place).absence.pk},
    ),
    # --- One's own security ---------------------------------------------------------------------------
    "account_security": OWN_PAGE,
    "mfa_index": Row(get="*:302"),
    "mfa_list_webauthn": Row(get="*:302"),
    "password_change": Row(get=SIGNED_IN, post=SIGNED_IN),
    "session_end_others": Row(post="anonymous:login *:302"),
    "session_end": Row(
        post="anonymous:login *:404", foreign_post="anonymous:login *:404",
        path=lambda world, _place: {"pk": world.foreign_sign_in.pk},
    ),
    # Nobody in this world has a factor, and everybody signed in a moment ago.
    "account_reauthenticate": OWN_FORM,
    "mfa_reauthenticate": Row(get="anonymous:login *:302", post="anonymous:login *:302"),
    "mfa_reauthenticate_webauthn": Row(get="anonymous:login *:302", post="anonymous:login *:302"),
    "mfa_activate_totp": OWN_FORM,
    "mfa_deactivate_totp": Row(get="anonymous:login *:404", post="anonymous:login *:404"),
    "mfa_add_webauthn": OWN_FORM,
    "mfa_view_recovery_codes": Row(get="anonymous:login *:404"),
    "mfa_generate_recovery_codes": OWN_FORM,
    "mfa_edit_webauthn": FOREIGN_FACTOR,
    "mfa_remove_webauthn": FOREIGN_FACTOR,
    # --- For those who build (DEVELOPER_PAGES) ---------------------------------------------------------
    "dev_post": PAGE,
    "components": PAGE,
    "component": Row(
        get="*:200", foreign_get="*:404",
        path=lambda _world, place: {"name": "empty" if place.value == "own" else f"{place.value}-has-none"},
    ),
    **areas.rows(),
}  # fmt: skip

"""Who may do what: every URL of the portal, every actor, every method. How to read it: frame.py."""

from tests.permissions.frame import Row

# Grows with the roles; each is made in world.py.
ACTORS = ("anonymous", "user", "superuser")

PAGE = Row(get="*:200")

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
    # --- For those who build (DEVELOPER_PAGES) ---------------------------------------------------------
    "dev_post": PAGE,
    "components": PAGE,
    "component": Row(
        get="*:200", foreign_get="*:404",
        path=lambda _world, place: {"name": "empty" if place.value == "own" else f"{place.value}-has-none"},
    ),
}  # fmt: skip

"""The public registers of organisations: open data, no key."""

from samskaping import env
from samskaping.settings.base import SITE_URL

REGISTER_URL = env.site_url("REGISTER_URL", "https://data.brreg.no")
# Who asks, so that the register's people know whom to write to.
REGISTER_AGENT = f"samskaping (+{SITE_URL})"

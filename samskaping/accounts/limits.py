"""Limits on tries at signing in: by account, and by the network somebody tries from.

They are rows in PostgreSQL (core.services.rate_limit), counted before anything is checked and given
back when it was right: a town hall behind one address is not shut out by its own people signing in.
What is counted is what was typed, known here or not, so that a limit tells nothing either.
"""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from samskaping.core.services.rate_limit import rate_limit_hit, rate_limit_return

WITHIN = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_NETWORK = 100
CODES_PER_NETWORK = 30
FACTORS = 5
# A library's computers on the day of the volunteers, and no more.
WRITTEN_PER_NETWORK, WRITTEN_PER_ADDRESS = 40, 5
# Whoever is written to did not have to ask for it, and an SMS costs.
WRITTEN_PER_ADDRESS_A_DAY, A_DAY = 10, timedelta(days=1)


def network_of(request: HttpRequest) -> str:
    """The caller's /24 or /64."""
    address = _caller(request)
    if address is None:  # a Unix socket: the proxy on the same machine, and it said nothing
        return "unknown"
    prefix = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


def caller(request: HttpRequest) -> str | None:
    """The whole address, for the evidence of a signature; None where nobody said it."""
    address = _caller(request)
    return str(address) if address is not None else None


def _caller(request: HttpRequest) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """A proxy is believed about who called only when it is one of ours."""
    address = _address(request.META.get("REMOTE_ADDR", ""))
    proxies = [ipaddress.ip_network(network) for network in settings.TRUSTED_PROXIES]
    # From the right: each of our proxies adds who called it; what stands left of that, anybody can write.
    for said in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if address is not None and not any(address in network for network in proxies):
            break
        said_address = _address(said.strip())
        if said_address is None:
            break
        address = said_address
    return address


def password_try(request: HttpRequest, account: str) -> None:
    """Raises TooMany when this account or this network has tried too often."""
    rate_limit_hit("sign_in_account", account, at_most=PER_ACCOUNT, within=WITHIN)
    rate_limit_hit("sign_in_network", network_of(request), at_most=PER_NETWORK, within=WITHIN)


def password_was_right(request: HttpRequest, account: str) -> None:
    rate_limit_return("sign_in_account", account)
    rate_limit_return("sign_in_network", network_of(request))


def code_ask(request: HttpRequest) -> None:
    """Raises TooMany when this network has asked for too many codes; each account has its own limit."""
    rate_limit_hit("code_network", network_of(request), at_most=CODES_PER_NETWORK, within=WITHIN)


def write_in(request: HttpRequest, address: str) -> None:
    """Raises TooMany when this network, or one address, has sent too much from the open pages."""
    rate_limit_hit("written_network", network_of(request), at_most=WRITTEN_PER_NETWORK, within=WITHIN)
    if address:
        rate_limit_hit("written_address", address, at_most=WRITTEN_PER_ADDRESS, within=WITHIN)
        rate_limit_hit(
            "written_address_day",
            address,
            at_most=WRITTEN_PER_ADDRESS_A_DAY,
            within=A_DAY,
            sentence=_("Denne adressen har fått mange meldinger i dag. Prøv igjen i morgen, eller ring oss."),
        )


def factor_try(user_id: int) -> None:
    """Raises TooMany: six digits bear few guesses."""
    rate_limit_hit("second_factor", str(user_id), at_most=FACTORS, within=WITHIN)


def factor_was_right(user_id: int) -> None:
    rate_limit_return("second_factor", str(user_id))


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address

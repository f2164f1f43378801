"""Three municipalities with real objects in every table, and everybody who may ask for them.

Every town has a word that stands in every text of its own. The neighbour's and the third one's are the
canary and a longer form of it, so one search finds both. What an organisation and an independent centre
keep has words of its own in each town.
"""

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from partnerships.models import (
    Absence,
    Adaptation,
    FollowUp,
    Membership,
    Organisation,
    Partnership,
    Person,
    Unit,
    VolunteerCentre,
)
from partnerships.seat import sit_down
from samskaping.accounts.middleware import TOUCH_EVERY
from samskaping.accounts.models import SignIn, User
from samskaping.accounts.permissions import Role
from samskaping.core.models import Municipality, StoredFile
from samskaping.core.services.reference import reference_load
from tests.factories.accounts import UserFactory
from tests.factories.core import MunicipalityFactory
from tests.permissions import areas, make
from tests.permissions.frame import Place

# In every text of one's own municipality, and of nothing else.
OWN_WORD = "egenfugl"
# In every text of the neighbour's and the third municipality's objects: may never reach the other side.
CANARY = "kanarifugl"
TOWNS = {Place.OWN: OWN_WORD, Place.NEIGHBOUR: CANARY, Place.THIRD: CANARY + "er"}
# In one's own municipality, but somebody else's to keep.
ORGANISATIONS_CANARY = "lagsfugl"
CENTRES_CANARY = "sentralfugl"
# Names of those who take part in a process: not for the other parties, nor for who only looks.
PARTICIPANTS_CANARY = "deltakerfugl"
# What must be in place for one of them, and what was noted when she was rung: for who leads the unit
# where there is no contact, and herself.
NEEDS_CANARY = "behovsfugl"
# What the citizens of a group keep to themselves: for those of them who take part, and nobody else.
ALONE_CANARY = "alenefugl"
CITIZENS = ("participant", "by_link")
STRANGERS_TO_PARTICIPANTS = (
    "anonymous", "user", "superuser", "ended", "centre_leader", "organisation_rep", "observer", "guest",
    "national",
)  # fmt: skip
CODESIGN = (PARTICIPANTS_CANARY, NEEDS_CANARY, ALONE_CANARY)


def hidden_from(actor: str) -> tuple[str, ...]:
    """Words that stand in nothing this actor may see."""
    keepers = {"organisation_rep": ORGANISATIONS_CANARY, "centre_leader": CENTRES_CANARY}
    outsiders = (OWN_WORD,) if actor in ("anonymous", "user", "superuser") else ()
    others = (PARTICIPANTS_CANARY,) if actor in STRANGERS_TO_PARTICIPANTS else ()
    needs = () if actor in ("unit_leader", "by_link") else (NEEDS_CANARY,)
    alone = () if actor in CITIZENS else (ALONE_CANARY,)
    kept = (word for keeper, word in keepers.items() if keeper != actor)
    return (CANARY, *outsiders, *others, *needs, *alone, *kept)


@dataclass
class Town:
    """One municipality and what belongs to it."""

    municipality: Municipality
    sector: Unit
    unit: Unit
    other_unit: Unit
    centre: VolunteerCentre
    municipal_centre: VolunteerCentre
    organisation: Organisation
    partnership: Partnership
    logo: StoredFile
    members: dict[str, Membership] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    invitation: Any = None
    absence: Any = None
    # What the parts made for their own rows, by the names they gave.
    things: dict[str, Any] = field(default_factory=dict)

    def ids(self) -> list[int]:
        """Every number that stands for something here: what somebody would try in a form."""
        rows = (self.municipality, self.sector, self.unit, self.centre, self.organisation, self.partnership)
        more = (*self.members.values(), *self.people.values(), self.invitation, self.absence)
        things = (row for row in self.things.values() if isinstance(row.pk, int))
        return sorted({row.pk for row in (*rows, *more, *things)})


@dataclass
class World:
    users: dict[str, User | None]
    towns: dict[Place, Town]
    # A sign-in and a passkey of somebody who is none of the actors.
    foreign_sign_in: SignIn
    foreign_factor: Authenticator
    # When each actor's kept sign-in was made, and its cookies.
    _signed_in: dict[str, tuple[float, str]] = field(default_factory=dict)

    def town(self, place: Place) -> Town:
        return self.towns[place]

    def personal(self) -> tuple[str, ...]:
        """What no log may hold: each town's words, which stand in its people's names and addresses too,
        the ends and beginnings that all e-mail addresses and telephones here have, and the open sign-ins."""
        keys = (cookies.partition("=")[2] for _made, cookies in self._signed_in.values())
        words = (*TOWNS.values(), ORGANISATIONS_CANARY, CENTRES_CANARY, *CODESIGN, "@prove.example", "+47")
        return (*words, *filter(None, keys))

    def client(self, actor: str, *, csrf: bool = True) -> Client:
        client = Client(enforce_csrf_checks=csrf, raise_request_exception=False)
        user = self.users[actor]
        if user is not None:
            client.force_login(user)
        if actor == "by_link":
            client.cookies[settings.SESSION_COOKIE_NAME] = self._seat()
        return client

    def _seat(self) -> str:
        """A session as the right code makes it: hers, in her process, and nobody's account."""
        request = HttpRequest()
        request.session = SessionStore()
        request.session.create()
        sit_down(request, self.town(Place.OWN).things["by_link"])
        request.session.save()
        return str(request.session.session_key)

    def signed_in(self, actor: str) -> str:
        """Cookies of a sign-in that many questions share: making one costs more than asking.

        Made anew before it is so old that a request would note that she is still here.
        """
        made, cookies = self._signed_in.get(actor, (0.0, ""))
        if time.monotonic() - made > TOUCH_EVERY / 2:
            cookies = self.client(actor).cookies.output(attrs=[], header="", sep=";")
            self._signed_in[actor] = time.monotonic(), cookies
        return cookies


def town(word: str) -> Town:
    """`word` stands in every text."""
    place = MunicipalityFactory.create(name=f"{word}vik")
    sector = make.unit(place, f"{word} helse")
    unit = make.unit(place, f"{word} sykehjem", parent=sector)
    centre = make.centre(place, f"{word} sentral")
    organisation = make.organisation(place, f"{word} lag")
    logo = StoredFile.objects.create(
        municipality=place,
        name=f"{word}.png",
        content_type="image/png",
        size=4,
        sha256="0" * 64,
        content=b"bits",
    )
    partnership = make.partnership(place, f"{word} kafe")
    made = Town(
        municipality=place,
        sector=sector,
        unit=unit,
        other_unit=make.unit(place, f"{word} skole"),
        centre=centre,
        municipal_centre=make.centre(place, f"{word} kommunal sentral", ownership="municipal"),
        organisation=organisation,
        partnership=partnership,
        logo=logo,
    )
    make.settings(
        place, display_name=f"{word} kommune", logo=logo, contact_name=f"{word} kontakt",
        contact_email=f"{word}@kommune.example", contact_phone="+4790000000",
        words={"role.observer": f"{word} observatør"}, whistleblowing_url=f"https://{word}.example/varsling",
    )  # fmt: skip
    for party in ({"unit": unit}, {"organisation": organisation}, {"centre": centre}):
        make.party(partnership, **party)
    _people(made, word)
    _process(made, word)
    areas.furnish(made, word)
    return made


def _people(made: Town, word: str) -> None:
    place, today = made.municipality, timezone.localdate()
    of_organisation, of_centre = (
        (ORGANISATIONS_CANARY, CENTRES_CANARY) if word == OWN_WORD else (f"{word}lag", f"{word}sentral")
    )

    def add(name: str, role: Role, **fields: Any) -> None:
        given = {"name": word, "email": f"{name}-{word}@prove.example", **fields}
        made.members[name] = make.member(role, place, **given)

    add("coordinator", Role.COORDINATOR)
    add("chief", Role.CHIEF)
    add("sector_chief", Role.CHIEF, unit=made.sector)
    add("unit_leader", Role.UNIT_LEADER, unit=made.unit)
    add("place_contact", Role.PLACE_CONTACT, unit=made.unit)
    add("staff", Role.STAFF, unit=made.unit, valid_to=today + timedelta(days=5))
    add("other_staff", Role.STAFF, unit=made.other_unit)
    add("centre_leader", Role.CENTRE_LEADER, centre=made.centre)
    add("organisation_rep", Role.ORGANISATION_REP, organisation=made.organisation)
    add("observer", Role.OBSERVER)
    add("guest", Role.GUEST, partnership=made.partnership, valid_to=today + timedelta(days=5))
    add("ended", Role.COORDINATOR, ended_at=timezone.now())
    made.people = {
        "municipal": make.person(
        place, f"{word} kommunens", street=f"{word}veien 1"
        ),
        "organisation": make.person(
        place,
            f"{of_organisation} frivillig",
            controller_organisation=made.organisation,
            email=f"{of_organisation}@prove.example",
        ),
        "centre": make.person(
        place, f"{of_centre} frivillig", controller_centre=made.centre,
            email=f"{of_centre}@prove.example",
        ),
    }  # fmt: skip
    made.invitation = make.invitation(
        place,
        Role.STAFF,
        unit=made.unit,
        name=f"{word} invitert",
        invited_by=made.members["coordinator"].user,
    )
    made.absence = Absence.objects.create(
        municipality=place, membership=made.members["staff"], deputy=made.members["unit_leader"].person,
        away_from=today, away_to=today + timedelta(days=3),
    )  # fmt: skip


def _process(made: Town, word: str) -> None:
    """Convened by the unit, in the partnership; two take part, and one has not answered yet."""
    process = make.process(made.partnership, f"{word} kveldskafé", unit=made.unit, problem=f"{word} alene")
    names = PARTICIPANTS_CANARY if word == OWN_WORD else f"{word}deltaker"
    user = UserFactory.create(email=f"deltaker-{word}@prove.example")
    made.things |= {
        "process": process,
        "participant": make.participant(process, f"{names} med konto", user=user),
        "by_link": make.participant(process, f"{names} med lenke"),
        "asked": make.participant(process, f"{names} spurt", joined=False),
    }
    hers, needs = made.things["by_link"], NEEDS_CANARY if word == OWN_WORD else word
    given = {"municipality": made.municipality, "participant": hers}
    made.things |= {
        "adaptation": Adaptation.objects.create(**given, text=f"{needs} ved døra", consent_at=hers.joined_at),
        "follow_up": FollowUp.objects.create(**given, line=f"{needs} ringt"),
    }


def build() -> World:
    reference_load()
    towns = {place: town(word) for place, word in TOWNS.items()}
    other = UserFactory.create(email=f"{CANARY}@prove.example")
    Client().force_login(other)
    national = make.member(Role.NATIONAL, None)
    own = towns[Place.OWN].members
    return World(
        towns=towns,
        foreign_sign_in=SignIn.objects.get(user=other),
        foreign_factor=Authenticator.objects.create(
            user=other, type=Authenticator.Type.WEBAUTHN, data={"name": CANARY, "credential": {}}
        ),
        users={
            "anonymous": None,
            "user": UserFactory.create(email="bruker@prove.example"),
            "superuser": UserFactory.create(email="drift@prove.example", is_superuser=True),
            "national": national.user,
            "participant": towns[Place.OWN].things["participant"].person.user,
            "by_link": None,
            **{name: membership.user for name, membership in own.items() if name != "other_staff"},
        },
    )

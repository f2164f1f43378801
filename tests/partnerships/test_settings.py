"""The municipality's settings: who may, two at once, own words, logo."""

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from partnerships.models import MunicipalitySettings
from partnerships.selectors.settings import module_is_on
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.settings import settings_change
from samskaping.accounts.permissions import Role
from samskaping.core.models import AuditEvent, StoredFile
from samskaping.core.modules import Module, Modules
from tests.factories.partnerships import member
from tests.partnerships.conftest import Town

pytestmark = pytest.mark.django_db
ADDRESSES = ("municipality_settings", "municipality_words", "municipality_logo")


@pytest.fixture
def boss(town: Town, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def form(town: Town, **changes: str) -> dict[str, str]:
    town.settings.refresh_from_db()
    settings = town.settings
    return {
        "language": "nb",
        "reply_days": str(settings.reply_days),
        "version": str(settings.version),
        **changes,
    }


def picture(mode: str = "RGB", kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new(mode, (90, 60), "red").save(made, format=kind)
    return made.getvalue()


def test_saved_and_traced_without_values(town: Town, boss: Client) -> None:
    response = boss.post(
        reverse("municipality_settings"),
        form(
            town,
            display_name="Prøve kommune",
            login_domain="@Prove.Example",
            concern_url="https://prove.example/x",
        ),
    )
    assert response.status_code == 302
    town.settings.refresh_from_db()
    assert (town.settings.display_name, town.settings.login_domain) == ("Prøve kommune", "prove.example")
    event = AuditEvent.objects.get(verb="settings_changed")
    assert event.data == {"fields": ["concern_url", "display_name", "login_domain"]}
    page = boss.get(reverse("municipality_settings")).content.decode()
    assert "Ingrid Koordinator" in page.split("Hvem har endret hva")[1]


@pytest.mark.parametrize(
    "role", [r for r in Role if r not in (Role.COORDINATOR, Role.CHIEF, Role.NATIONAL, Role.GUEST)]
)
def test_others_are_refused(town: Town, client: Client, role: Role) -> None:
    places = {Role.CENTRE_LEADER: "centre", Role.ORGANISATION_REP: "organisation", Role.OBSERVER: ""}
    place = places.get(role, "unit")
    client.force_login(
        member(town.municipality, role, **({place: getattr(town, place)} if place else {})).user
    )
    for name in ADDRESSES:
        assert client.get(reverse(name)).status_code == 403
        assert client.post(reverse(name), form(town, display_name="Kuppet")).status_code == 403
    town.settings.refresh_from_db()
    assert town.settings.display_name == ""


def test_chief_of_a_sector_does_not_decide_for_the_whole(town: Town, client: Client) -> None:
    client.force_login(member(town.municipality, Role.CHIEF, unit=town.unit).user)
    assert client.get(reverse("municipality_settings")).status_code == 403


def test_two_at_once_hear_of_each_other_and_lose_nothing(town: Town, boss: Client) -> None:
    mine = form(town, display_name="Det jeg skrev", contact_name="Kari")
    chief = member(town.municipality, Role.CHIEF, name="Torbjørn Sjef")
    settings_change(
        municipality=town.municipality, version=0, changes={"display_name": "Det sjefen skrev"}, by=chief.user
    )
    page = boss.post(reverse("municipality_settings"), mine)
    words = page.content.decode()
    assert "Torbjørn Sjef endret dette kl." in words
    assert both(words) == [
        ("Navn slik det vises", "Det sjefen skrev", "Det jeg skrev"),
        ("Kontaktpunkt", "tomt", "Kari"),
    ]
    town.settings.refresh_from_db()
    assert town.settings.display_name == "Det sjefen skrev"
    # Knowing it, she may save hers.
    again = boss.post(reverse("municipality_settings"), {**mine, "version": "1"})
    assert again.status_code == 302
    assert 'name="version" value="1"' in words
    town.settings.refresh_from_db()
    assert (town.settings.display_name, town.settings.contact_name) == ("Det jeg skrev", "Kari")


def both(page: str) -> list[tuple[str, str, str]]:
    """What components/meanwhile.html shows: field, what stands, what was typed."""
    return re.findall(r"<h3[^>]*>([^<]*)</h3>.*?<dd>(.*?)</dd>.*?<dd>(.*?)</dd>", page, re.DOTALL)


def test_stale_version_is_refused_by_the_service(town: Town) -> None:
    by = town.coordinator.user
    settings_change(municipality=town.municipality, version=0, changes={"contact_name": "A"}, by=by)
    with pytest.raises(ChangedMeanwhile):
        settings_change(municipality=town.municipality, version=0, changes={"contact_name": "B"}, by=by)
    with pytest.raises(ValueError, match="municipality_id"):
        settings_change(municipality=town.municipality, version=1, changes={"municipality_id": 1}, by=by)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("concern_url", "javascript:alert(1)"),
        ("deviation_url", "ikke en lenke"),
        ("login_domain", "to domener.example"),
        ("login_domain", "localhost"),
        ("contact_email", "kari@"),
        ("contact_phone", "12"),
        ("language", "no"),
        ("version", "x"),
    ],
)
def test_odd_values_are_refused(town: Town, boss: Client, field: str, value: str) -> None:
    page = boss.post(reverse("municipality_settings"), form(town, **{field: value}))
    assert page.status_code == 200
    town.settings.refresh_from_db()
    assert town.settings.version == 0


def test_own_words_are_used_and_empty_is_ours(town: Town, boss: Client) -> None:
    assert "Frivillighetskoordinator" in boss.get(reverse("members")).content.decode()
    boss.post(
        reverse("municipality_words"),
        {"version": "0", "role_coordinator": " samskapings­vert ", "level_1": "Grunnmur"},
    )
    town.settings.refresh_from_db()
    assert set(town.settings.words) == {"role.coordinator", "level.1"}
    assert "Samskapings" in boss.get(reverse("members")).content.decode()
    boss.post(reverse("municipality_words"), {"version": "1", "role_coordinator": ""})
    town.settings.refresh_from_db()
    assert town.settings.words == {}


def test_words_conflict_shows_what_stands(town: Town, boss: Client) -> None:
    settings_change(
        municipality=town.municipality,
        version=0,
        changes={"words": {"role.chief": "velferdssjef"}},
        by=town.coordinator.user,
    )
    page = boss.post(reverse("municipality_words"), {"version": "0", "role_chief": "direktør"})
    assert both(page.content.decode()) == [("Kommunalsjef", "velferdssjef", "direktør")]


# --- Logo -------------------------------------------------------------------------------------------------
def upload(client: Client, content: bytes, name: str = "våpen.png") -> Any:
    return client.post(reverse("municipality_logo"), {"logo": SimpleUploadedFile(name, content)})


def test_logo_is_shown_to_those_who_work_there_only(town: Town, neighbour: Town, boss: Client) -> None:
    assert upload(boss, picture()).status_code == 302
    town.settings.refresh_from_db()
    address = reverse("stored_file", args=[town.settings.logo_id])
    assert address in boss.get(reverse("profile")).content.decode()
    served = boss.get(address)
    assert (served.status_code, served.headers["Content-Type"]) == (200, "image/png")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Cache-Control"].startswith("private")
    assert served.headers["Content-Security-Policy"].startswith("default-src 'none'")
    boss.force_login(neighbour.coordinator.user)
    assert boss.get(address).status_code == 404


def test_other_files_are_not_served_from_here(town: Town, boss: Client) -> None:
    file = StoredFile.objects.create(
        municipality=town.municipality, name="x", content_type="image/png", size=1, sha256="x", content=b"x"
    )
    assert boss.get(reverse("stored_file", args=[file.pk])).status_code == 404


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"GIF89a"]
)
def test_what_is_no_picture_is_refused(town: Town, boss: Client, content: bytes) -> None:
    assert upload(boss, content).status_code == 200
    assert not StoredFile.objects.exists()


def test_new_logo_takes_the_old_one_away(town: Town, boss: Client) -> None:
    upload(boss, picture())
    upload(boss, picture("RGBA"))
    assert StoredFile.objects.count() == 1
    boss.post(reverse("municipality_logo_remove"))
    assert StoredFile.objects.count() == 0
    town.settings.refresh_from_db()
    assert town.settings.logo_id is None


# --- Modules ------------------------------------------------------------------------------------------------
MODULES = (
    "partnerships.forms.settings",
    "partnerships.views.settings",
    "partnerships.selectors.settings",
)


def test_modules_have_no_page_before_there_are_any(
    town: Town, boss: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in MODULES:
        monkeypatch.setattr(f"{place}.modules", Modules())
    assert boss.get(reverse("municipality_modules")).status_code == 404
    assert "Moduler" not in boss.get(reverse("municipality_settings")).content.decode()


def test_a_module_is_switched_on(town: Town, boss: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Modules()
    known.register(Module("shifts", "Vakter", "Frivillige melder seg på vakter."))
    with pytest.raises(ValueError, match="already"):
        known.register(Module("shifts", "Vakter", "Igjen."))
    for place in MODULES:
        monkeypatch.setattr(f"{place}.modules", known)
    assert not module_is_on("shifts", town.municipality)
    assert "Moduler" in boss.get(reverse("municipality_settings")).content.decode()
    boss.post(reverse("municipality_modules"), {"version": "0", "shifts": "on"})
    assert module_is_on("shifts", town.municipality)
    assert not module_is_on("unknown", town.municipality)


def test_first_save_begins_the_settings(town: Town, boss: Client) -> None:
    MunicipalitySettings.objects.all().delete()
    assert boss.get(reverse("municipality_settings")).status_code == 200
    assert not MunicipalitySettings.objects.exists()
    first = {"language": "nn", "version": "0", "contact_name": "Torget", "reply_days": "5"}
    boss.post(reverse("municipality_settings"), first)
    assert MunicipalitySettings.objects.get().contact_name == "Torget"

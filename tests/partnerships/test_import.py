"""Organisations from a spreadsheet: what is read, what is refused, saved whole or not, undone as one."""

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships import spreadsheet
from partnerships.actor_columns import HEADINGS
from partnerships.models import ActorImport, Organisation
from partnerships.spreadsheet import read_sheet
from samskaping.accounts.permissions import Role
from samskaping.core.models import AuditEvent, StoredFile
from samskaping.core.services.stored_file import FileRefused, stored_file_delete_expired
from tests.factories.partnerships import OrganisationFactory, member
from tests.factories.work import ContactFactory
from tests.partnerships.conftest import Town
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

NUMBER, OTHER = "974760673", "889640782"
FULL = (
    "Lagets navn;Org.nr.;Tlf.;E-postadresse;Hjemmeside;Postnr;Område\r\n"
    "Blåfjell turlag;974 760 673;902 12 345;Post@Turlag.example;turlag.example;150;Eldre, Kultur\r\n"
    "Ærlig songlag;;;;;;\r\n"
)


@pytest.fixture
def boss(town: Town, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def book(*rows: list[Any], change: Any = None) -> bytes:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    for row in rows:
        sheet.append(row)
    if change:
        change(made)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def send(boss: Client, content: bytes | str, name: str = "lag.csv") -> Any:
    raw = content if isinstance(content, bytes) else content.encode()
    return boss.post(reverse("actor_imports"), {"file": SimpleUploadedFile(name, raw)})


def sent(boss: Client, content: bytes | str, name: str = "lag.csv") -> str:
    """Where the rows are looked through."""
    answer = send(boss, content, name)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def texts(content: bytes) -> list[list[Any]]:
    return [cells for _number, cells in read_sheet(content).rows]


# --- Reading -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_text_files_are_read_as_they_come(encoding: str, separator: str) -> None:
    lines = f'Navn{separator}Om\r\n\r\nÆrlig øl og åt{separator}"Et{separator}to"\r\n'
    sheet = read_sheet(lines.encode(encoding))
    assert sheet.rows == [(1, ["Navn", "Om"]), (3, ["Ærlig øl og åt", f"Et{separator}to".replace("\t", " ")])]


def test_what_begins_like_a_formula_stays_text() -> None:
    starts = ["=1+1", "+47 902 12 345", "-5", "@lag"]

    def as_text(made: Any) -> None:
        for column, text in enumerate(starts, 1):
            cell = made.active.cell(row=1, column=column)
            cell.value, cell.data_type = text, "s"

    assert texts(book([""], change=as_text)) == [starts]
    assert texts(";".join(starts).encode()) == [starts]


def test_a_formula_a_date_and_an_error_are_told_from_text() -> None:
    (cells,) = texts(book(["=SUM(1,2)", date(2026, 5, 3), "#REF!", 974760673.0, 0.5, True]))
    assert cells[0] == {"odd": "formula", "text": "=SUM(1,2)"}
    assert cells[1] == {"odd": "date", "text": "03.05.2026"}
    assert cells[2] == {"odd": "error", "text": "#REF!"}
    assert cells[3:5] == [NUMBER, "0,5"]


def test_only_the_first_sheet_that_shows_is_read() -> None:
    def hide(made: Any) -> None:
        made.active.sheet_state = "hidden"
        for name in ("Synlig", "Enda et"):
            made.create_sheet(name).append([name])
        made["Synlig"].merge_cells("A2:B2")

    sheet = read_sheet(book(["Hemmelig"], change=hide))
    assert (sheet.name, sheet.rows) == ("Synlig", [(1, ["Synlig"])])
    assert sheet.notes == ["hidden", "others", "merged"]


def test_headings_are_known_in_many_spellings() -> None:
    headings = [
        "Namn på laget",
        "NAVN",
        "Org. nr",
        "E-post (felles)",
        "Tlf.",
        "Heimeside",
        "Poststad",
        "Leder",
    ]
    assert HEADINGS.guess(headings) == {
        "1": "name",
        "2": "number",
        "3": "email",
        "4": "phone",
        "5": "website",
        "6": "post_town",
    }


# --- Refused, without a trace ------------------------------------------------------------------------


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (spreadsheet.MAX_UNPACKED + 1))
    return written.getvalue()


def lying_bomb() -> bytes:
    """Says that it unfolds to ten bytes."""
    size = spreadsheet.MAX_UNPACKED + 1
    return bomb().replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))


def with_document_type() -> bytes:
    """Where entities that unfold would be; one without any is refused too."""
    source = zipfile.ZipFile(io.BytesIO(book(["Navn"])))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for part in source.namelist():
            content = source.read(part)
            if part.endswith("sheet1.xml"):
                content = b"<!DOCTYPE worksheet>" + content
            packed.writestr(part, content)
    return written.getvalue()


def other_archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    return written.getvalue()


def all_hidden() -> bytes:
    content = book(["Navn"])
    source = zipfile.ZipFile(io.BytesIO(content))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for part in source.namelist():
            packed.writestr(part, source.read(part).replace(b'state="visible"', b'state="hidden"'))
    return written.getvalue()


REFUSED: dict[str, tuple[Any, str]] = {
    "a program": (b"MZ\x90\x00\x03" + b"\x00" * 500, "kjenner ikke igjen"),
    "an archive of something else": (other_archive, "kjenner ikke igjen"),
    "half a workbook": (lambda: book(["Navn"])[:900], "kjenner ikke igjen"),
    "a document type": (with_document_type, "kjenner ikke igjen"),
    "a lying bomb": (lying_bomb, "kjenner ikke igjen"),
    "a bomb": (bomb, "for stor"),
    "too large": (lambda: b"x" * (spreadsheet.MAX_FILE + 1), "for stor"),
    "old or locked": (b"\xd0\xcf\x11\xe0" + b"x" * 500, "eldre eller låst"),
    "nothing in it": (lambda: book([]), "tomt"),
    "blank lines": (b"\r\n;;\r\n", "tomt"),
    "all sheets hidden": (all_hidden, "skjult"),
    "50 000 lines": (lambda: b"Navn\n" + b"Lag\n" * 50_000, "flere enn 1"),
    "50 000 rows": (lambda: book(["Navn"], *(["Lag"] for _n in range(50_000))), "flere enn 1"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_gets_an_answer_and_leaves_no_trace(town: Town, boss: Client, what: str) -> None:
    made, words = REFUSED[what]
    content = made if isinstance(made, bytes) else made()
    answer = send(boss, content, "lag.xlsx")
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not ActorImport.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_thousand_rows_fit_and_one_more_does_not() -> None:
    lines = "Navn\n" + "Lag\n" * spreadsheet.MAX_ROWS
    assert len(read_sheet(lines.encode()).rows) == spreadsheet.MAX_ROWS + 1
    with pytest.raises(FileRefused):
        read_sheet((lines + "Lag\n").encode())


# --- Looking through, and saving -----------------------------------------------------------------------


def test_a_whole_sheet_is_looked_through_and_saved(town: Town, boss: Client) -> None:
    address = sent(boss, FULL)
    shown = boss.get(address).content.decode()
    assert "Blåfjell turlag" in shown
    assert "Ingenting er lagret ennå" in shown
    assert not Organisation.objects.filter(name="Blåfjell turlag").exists()
    answer = boss.post(address, {"row": ["2", "3"]}, follow=True)
    assert "2 lag er lagt inn." in answer.content.decode()
    made = Organisation.objects.get(number=NUMBER)
    assert (made.name, made.name_key) == ("Blåfjell turlag", "bl}fjell turlag")
    assert (made.phone, made.email) == ("+4790212345", "post@turlag.example")
    assert (made.website, made.postal_code) == ("https://turlag.example", "0150")
    assert made.areas == ["elderly", "culture"]
    assert Organisation.objects.get(name="Ærlig songlag").number is None
    assert AuditEvent.objects.filter(verb="organisation_added").count() == 2
    assert AuditEvent.objects.get(verb="actor_import_saved").data == {"rows": 2}
    # What was read is not kept when it has done its errand.
    assert not StoredFile.objects.exists()


def test_one_wrong_row_and_nothing_is_saved(town: Town, boss: Client) -> None:
    before = Organisation.objects.count()
    address = sent(
        boss, "Navn;Orgnr;E-post;Slag\nRiktig lag;;;\nFeil lag;123456789;ikke en adresse;romskip\n"
    )
    page = boss.post(address, {"row": ["2", "3"]}).content.decode()
    assert "Ingenting er lagret" in page
    assert "Organisasjonsnummer «123456789»: Dette er ikke et gyldig" in page
    assert "E-post «ikke en adresse»: Skriv en e-postadresse" in page
    assert "Slag «romskip»: Vi kjenner ikke dette. Velg mellom: Lag eller forening" in page
    assert Organisation.objects.count() == before
    # What she had ticked is still ticked, and she may leave the wrong one out.
    assert page.count(" checked") == 2
    assert boss.post(address, {"row": ["2", "3"], "leave_out_wrong": "1"}).status_code == 302
    assert Organisation.objects.count() == before + 1
    assert Organisation.objects.filter(name="Riktig lag").exists()


def test_a_row_she_left_out_is_not_saved(town: Town, boss: Client) -> None:
    address = sent(boss, "Navn\nMed\nUten\n")
    page = boss.post(address, {}).content.decode()
    assert "Kryss av for minst én rad" in page
    boss.post(address, {"row": "2"})
    assert list(ActorImport.objects.get().organisations.values_list("name", flat=True)) == ["Med"]


def test_those_who_are_here_already_are_marked(town: Town, boss: Client) -> None:
    OrganisationFactory.create(municipality=town.municipality, number=NUMBER, name="Nummerlaget")
    OrganisationFactory.create(municipality=town.municipality, name="Navnelaget")
    address = sent(boss, f"Navn;Orgnr\nAndre ord;{NUMBER}\nNAVNELAGET;\nNytt;{OTHER}\nnytt;\n")
    page = boss.get(address).content.decode()
    assert "Nummeret hører til «Nummerlaget»" in page
    assert "«Navnelaget» er lagt inn fra før" in page
    assert "Samme navn som rad 4" in page
    assert page.count(" checked") == 1
    # The number is a wall, the name a question.
    assert "Ingenting er lagret" in boss.post(address, {"row": ["2", "4"]}).content.decode()
    assert boss.post(address, {"row": "4", "anyway": ["3", "5"]}).status_code == 302
    assert ActorImport.objects.get().saved_rows == 3


def test_somebody_who_adds_the_same_meanwhile_is_seen(town: Town, boss: Client) -> None:
    address = sent(boss, "Navn\nTurlaget\n")
    OrganisationFactory.create(municipality=town.municipality, name="Turlaget")
    assert "er lagt inn fra før" in boss.post(address, {"row": "2"}).content.decode()
    assert Organisation.objects.filter(name="Turlaget").count() == 1


def test_the_same_number_twice_in_the_sheet(town: Town, boss: Client) -> None:
    address = sent(boss, f"Navn;Orgnr\nEn;{NUMBER}\nTo;{NUMBER}\n")
    page = boss.post(address, {"row": ["2", "3"]}).content.decode()
    assert "Samme organisasjonsnummer som rad 2" in page
    assert boss.post(address, {"row": "3"}).status_code == 302


def test_odd_cells_are_wrong_where_they_are_used(town: Town, boss: Client) -> None:
    content = book(
        ["Navn", "Telefon", "Notat"], ["=A1", "90212345", "=B1"], [date(2026, 5, 3), "", ""], ["Lag", "", ""]
    )
    page = boss.get(sent(boss, content, "lag.xlsx")).content.decode()
    assert page.count("Cellen er en formel") == 1
    assert page.count("om til en dato") == 1


def test_she_says_what_the_columns_are(town: Town, boss: Client) -> None:
    answer = send(boss, "Hva vi kaller oss;\nTurlaget;<script>alert(1)</script>\n")
    columns = reverse("actor_import_columns", args=[ActorImport.objects.get().pk])
    assert answer.url == columns
    page = boss.get(columns).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "Velg hvilken kolonne som er navnet" in boss.post(columns, {"column_1": "about"}).content.decode()
    twice = boss.post(columns, {"column_0": "name", "column_1": "name"}).content.decode()
    assert "Bare én kolonne kan være «Navn»" in twice
    answer = boss.post(columns, {"column_0": "name"}, follow=True)
    # Without headings that are known, the first row is a row.
    assert "2 rader er lest" in answer.content.decode()


def test_saved_once(town: Town, boss: Client) -> None:
    address = sent(boss, "Navn\nTurlaget\n")
    boss.post(address, {"row": "2"})
    boss.post(address, {"row": "2"})
    assert Organisation.objects.filter(name="Turlaget").count() == 1
    columns = reverse("actor_import_columns", args=[ActorImport.objects.get().pk])
    assert boss.post(columns, {"column_0": "name"})["Location"] == address


# --- Undoing, and changing one's mind ----------------------------------------------------------------


def saved(boss: Client) -> ActorImport:
    boss.post(sent(boss, "Navn\nTurlaget\nSonglaget\n"), {"row": ["2", "3"]})
    return ActorImport.objects.get()


def test_undone_as_one(town: Town, boss: Client) -> None:
    made = saved(boss)
    undo = reverse("actor_import_undo", args=[made.pk])
    assert "Alle de 2 lagene" in boss.get(undo).content.decode()
    page = boss.post(undo, follow=True).content.decode()
    assert "Importen er angret" in page
    assert not Organisation.objects.filter(name__in=("Turlaget", "Songlaget")).exists()
    made.refresh_from_db()
    assert made.undone_at
    assert AuditEvent.objects.filter(verb="actor_import_undone").count() == 1
    boss.post(undo)
    assert AuditEvent.objects.filter(verb="actor_import_undone").count() == 1


def with_contact(one: Organisation) -> None:
    ContactFactory.create(organisation=one)


def with_membership(one: Organisation) -> None:
    member(one.municipality, Role.ORGANISATION_REP, organisation=one)


def with_changes(one: Organisation) -> None:
    one.version = 1
    one.save()


@pytest.mark.parametrize("use", [with_contact, with_membership, with_changes])
def test_what_is_used_is_not_undone(town: Town, boss: Client, use: Any) -> None:
    made = saved(boss)
    use(Organisation.objects.get(name="Songlaget"))
    page = boss.post(reverse("actor_import_undo", args=[made.pk]), follow=True).content.decode()
    assert "tatt i bruk: Songlaget." in page
    assert Organisation.objects.filter(imported_by=made).count() == 2


def test_thrown_away_before_it_is_saved(town: Town, boss: Client) -> None:
    sent(boss, FULL)
    boss.post(reverse("actor_import_discard", args=[ActorImport.objects.get().pk]))
    assert not ActorImport.objects.exists()
    assert not StoredFile.objects.exists()
    kept = saved(boss)
    boss.post(reverse("actor_import_discard", args=[kept.pk]))
    assert ActorImport.objects.filter(pk=kept.pk).exists()


def test_what_was_never_saved_goes_away_by_itself(town: Town, boss: Client) -> None:
    address = sent(boss, FULL)
    StoredFile.objects.update(expires_at="2026-01-01T00:00Z")
    stored_file_delete_expired()
    assert "er ikke her lenger" in boss.get(address).content.decode()
    assert "lag.csv" not in boss.get(reverse("actor_imports")).content.decode()


# --- Who, and how much -------------------------------------------------------------------------------


def test_another_municipality_knows_of_nothing(town: Town, neighbour: Town, client: Client) -> None:
    client.force_login(town.coordinator.user)
    address = sent(client, FULL)
    client.force_login(neighbour.coordinator.user)
    assert client.get(address).status_code == 404
    assert client.post(address, {"row": "2"}).status_code == 404


def test_many_rows_cost_what_one_does(town: Town, boss: Client) -> None:
    def make_row() -> None:
        ActorImport.objects.create(
            municipality=town.municipality,
            made_by=town.coordinator.user,
            name="x",
            saved_at="2026-01-01T00:00Z",
        )

    assert_constant_queries(boss, reverse("actor_imports"), make_row)
    few, many = sent(boss, "Navn\nEt lag\n"), sent(boss, "Navn\n" + "".join(f"Lag {n}\n" for n in range(300)))
    with CaptureQueriesContext(connection) as first:
        boss.get(few)
    with CaptureQueriesContext(connection) as second:
        assert "300 rader er lest" in boss.get(many).content.decode()
    assert len(second) <= len(first)

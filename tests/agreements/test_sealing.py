"""From what everybody signed to one locked file: once, whole, and the same words."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from agreements import chain
from agreements.control_code import new_control_code, shown
from agreements.models import Anchor, Envelope, Seal, SignEvent
from agreements.models.agreement import AgreementState
from agreements.models.envelope import EnvelopeState
from agreements.pdf_text import same_words, words_of
from agreements.services import sealing
from agreements.services.anchor import anchor_make, anchors_of, root_of
from agreements.services.evidence import evidence_package
from agreements.services.sealing import NotTheSame, envelope_seal, seals_sweep, unsealed_seconds
from agreements.services.sign_event import links_of
from agreements.verify import Verdict, check_seal, verdict
from agreements.withdrawal_notice import withdrawal_notice
from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.pdf import Page, typeset
from samskaping.core.services.outbox import outbox_deliver_row
from tests.factories.accounts import UserFactory
from tests.factories.signed import completed, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def envelope(reference):
    return completed()


@pytest.fixture
def sealed(envelope):
    assert envelope_seal(envelope)
    return Seal.objects.select_related("file", "envelope__document__file").get(envelope=envelope)


def original_of(seal: Seal) -> bytes:
    return bytes(seal.envelope.document.file.content)


def test_what_all_signed_is_locked_through_its_promise(envelope):
    row = Outbox.objects.get(kind=sealing.KIND)
    assert outbox_deliver_row(row.pk) == OutboxState.SENT
    seal = Seal.objects.select_related("file").get(envelope=envelope)
    envelope.refresh_from_db()
    assert envelope.state == EnvelopeState.SEALED
    assert envelope.agreement.state == AgreementState.ACTIVE
    assert envelope.agreement.file is None
    content = bytes(seal.file.content)
    assert hashlib.sha256(content).hexdigest() == seal.sha256 == seal.file.sha256
    assert verdict(content, known_sha256=seal.sha256, certificate=bytes(seal.certificate)) is Verdict.GENUINE
    events = links_of(envelope)
    assert [event.kind for event in events][-2:] == ["completed", "sealed"]
    assert events[-1].payload["sha256"] == seal.sha256
    assert chain.broken_at(events, envelope=envelope.pk) is None
    assert seal.chain_head == events[-2].hash


def test_a_second_worker_leaves_what_is_locked(envelope):
    assert envelope_seal(envelope)
    assert not envelope_seal(envelope)
    assert Seal.objects.count() == 1
    assert SignEvent.objects.filter(kind="sealed").count() == 1


def test_the_agreements_own_pages_are_as_people_read_them(sealed):
    original, final = original_of(sealed), bytes(sealed.file.content)
    assert same_words(original, final)
    first, last = words_of(original), words_of(final)
    assert last[: len(first)] == first
    page = " ".join(last[len(first) :])
    plain = page.replace(" ", "")
    for part in ("Prøve Person", "leder", "p•••@prove.example", "bekreftet", "UTC+1", "TEST"):
        assert part.replace(" ", "") in plain, part
    assert sealed.envelope.document.sha256 in plain
    assert sealed.chain_head in plain
    assert reverse("check_code", args=[sealed.envelope.document.shown_code]) in plain


def test_every_page_carries_the_code_and_says_test(sealed, tmp_path):
    file = tmp_path / "avtale.pdf"
    file.write_bytes(bytes(sealed.file.content))
    for page in range(1, sealed.pages + 1):
        said = subprocess.run(
            ["pdftotext", "-f", str(page), "-l", str(page), file, "-"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert sealed.envelope.document.shown_code in said
        assert "TEST – ikke til bruk" in said


def test_what_was_signed_lies_inside_as_its_source(sealed):
    with pikepdf.open(io.BytesIO(bytes(sealed.file.content))) as opened:
        assert list(opened.attachments) == ["original.pdf"]
        for inside in opened.Root.AF:
            assert inside.AFRelationship == "/Source"
            assert bytes(inside.EF.F.read_bytes()) == original_of(sealed)


def test_other_tools_find_it_whole_tagged_and_archivable(sealed, tmp_path):
    file = tmp_path / "avtale.pdf"
    file.write_bytes(bytes(sealed.file.content))
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)
    about = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert "Tagged:          yes" in about
    tags = subprocess.run(["pdfinfo", "-struct", file], capture_output=True, text=True, check=True).stdout
    assert {"H1", "H2", "Table", "TH", "L"} <= {line.split()[0] for line in tags.splitlines() if line.split()}
    fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in fonts.splitlines()[2:]]
    assert rows
    assert all(row[-5] == "yes" for row in rows), fonts
    with pikepdf.open(file) as opened:
        assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
        metadata = opened.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"].upper()) == ("3", "A")
        assert str(opened.Root.Lang).startswith("nb")


def test_what_is_not_what_was_frozen_is_never_locked(envelope, monkeypatch):
    monkeypatch.setattr(sealing, "same_words", lambda one, other: False)
    with pytest.raises(NotTheSame):
        envelope_seal(envelope)
    assert not Seal.objects.exists()


def test_a_word_more_is_seen(sealed):
    document = sealed.envelope.document
    page = Page(html=document.html.replace("torsdag", "fredag"), images={}, sheet=document.stylesheet)
    assert not same_words(original_of(sealed), typeset(page))


def test_the_sweep_promises_anew_however_old_and_only_what_waits_for_nothing(envelope):
    now = timezone.now()
    assert seals_sweep(now) == 0
    years_ago = now - timedelta(days=3000)
    Envelope.objects.filter(pk=envelope.pk).update(completed_at=years_ago, sent_at=years_ago)
    assert seals_sweep(now) == 0
    Outbox.objects.update(state=OutboxState.DEAD, finished_at=now)
    assert unsealed_seconds() > 1000
    assert seals_sweep(now) == 1
    assert seals_sweep(now) == 0
    row = Outbox.objects.get(state=OutboxState.WAITING)
    assert outbox_deliver_row(row.pk) == OutboxState.SENT
    assert unsealed_seconds() == 0


def test_a_chain_somebody_changed_is_not_locked(envelope, monkeypatch):
    links = links_of(envelope)
    changed = [*links[:-1], replace(links[-1], actor="user:1")]
    monkeypatch.setattr(sealing, "links_of", lambda envelope: changed)
    with pytest.raises(NotTheSame):
        envelope_seal(envelope)


def test_the_days_anchor_holds_every_chain_that_grew(sealed):
    today = timezone.localdate()
    first = anchor_make(today - timedelta(days=1))
    assert first is not None
    assert first.root == root_of(chain.GENESIS, first.heads)
    assert anchor_make(today - timedelta(days=1)) is None
    second = anchor_make(today)
    assert second is not None
    assert second.root == root_of(first.root, second.heads)
    assert anchors_of(sealed.envelope_id) == [first, second]
    assert Anchor.objects.count() == 2


def test_the_package_is_verified_by_itself_and_a_change_is_named(sealed, tmp_path):
    anchor_make(timezone.localdate())
    package = evidence_package(agreement=sealed.envelope.agreement, by=UserFactory.create())
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        opened.extractall(tmp_path)

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *options, tmp_path / "verifiser.py"], capture_output=True, text=True, check=False
        )

    said = run()
    assert said.returncode == 0, said.stdout + said.stderr
    assert "låsen er laget med sertifikatet til" in said.stdout
    # Without pyHanko, as on most machines.
    alone = run("-S", "-I")
    assert alone.returncode == 0, alone.stdout + alone.stderr
    assert "krever pyHanko" in alone.stdout
    proof = tmp_path / "bevis.json"
    told = json.loads(proof.read_text())
    told["events"][2]["actor"] = "signatory:99"
    proof.write_text(json.dumps(told))
    changed = run("-S", "-I")
    assert changed.returncode == 1
    assert "brudd ved nummer 3" in changed.stdout
    assert SignEvent.objects.filter(kind="downloaded").count() == 1


def test_the_notice_of_withdrawal_names_the_original_and_is_locked(sealed):
    notice = withdrawal_notice(sealed, because="Tilbudet ble ikke noe av.", at=timezone.now())
    assert check_seal(notice.content, notice.by.certificate).holds
    said = "".join(words_of(notice.content)).replace(" ", "")
    assert sealed.sha256 in said
    assert "Tilbudetbleikkenoeav." in said


# --- Er denne avtalen ekte? --------------------------------------------------------------------------------
def test_anybody_may_ask_by_code_and_reads_no_name(client, sealed):
    page = client.get(reverse("check_code", args=[sealed.envelope.document.shown_code]))
    assert page.status_code == 200
    text = page.content.decode()
    assert "Vi kjenner denne avtalen" in text
    assert sealed.sha256 in text
    assert "Prøve Person" not in text
    assert sealed.envelope.agreement.title not in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_the_code_may_be_typed_in_any_way(client, sealed):
    code = sealed.envelope.document.control_code
    there = reverse("check_code", args=[shown(code)])
    assert client.post(reverse("check"), {"code": f" {shown(code).lower()} "})["Location"] == there
    assert client.get(reverse("check_code", args=[code.lower()])).status_code == 200


@pytest.mark.parametrize("code", ["x", "AAAA-BBBB", shown("K7QX" * 5), "%00", "é" * 30])
def test_a_code_nobody_made_is_told_kindly(client, db, code):
    page = client.get(reverse("check_code", args=[code]))
    assert page.status_code == 404
    assert "Vi kjenner ikke denne koden" in page.content.decode()


@pytest.mark.parametrize("script", [True, False])
def test_the_file_is_known_to_the_byte(client, sealed, script):
    def ask(content: bytes) -> str:
        data: dict[str, object] = {"sha256": hashlib.sha256(content).hexdigest()}
        if not script:
            upload = io.BytesIO(content)
            upload.name = "avtale.pdf"
            data = {"file": upload}
        page = client.post(reverse("check"), data)
        assert page.status_code == 200
        said: str = page.content.decode()
        return said

    final = bytes(sealed.file.content)
    assert "Filen er ekte og uendret" in ask(final)
    assert "før den ble signert" in ask(original_of(sealed))
    assert "Vi kjenner ikke denne filen" in ask(final[:-1] + b"\0")


@pytest.mark.parametrize("data", [{}, {"code": "kort"}, {"sha256": "x" * 64}, {"sha256": "\0"}])
def test_nothing_to_ask_about_gives_the_form_back(client, db, data):
    page = client.post(reverse("check"), data)
    assert page.status_code == 200
    assert 'name="code"' in page.content.decode()


def test_before_all_have_signed_it_says_so(client, reference):
    document = sent().document
    page = client.get(reverse("check_code", args=[document.shown_code])).content.decode()
    assert "Ikke signert av alle ennå" in page
    assert "Avtalen blir låst nå" not in page


def test_too_many_guesses_are_stopped(client, db):
    code = shown(new_control_code())
    answers = {client.get(reverse("check_code", args=[code])).status_code for _ in range(61)}
    assert answers == {404, 429}

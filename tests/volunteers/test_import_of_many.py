"""A long spreadsheet with real transactions: how far it has come is seen, and it is undone as one.

Some lots here; `make proof` takes ten thousand rows (tests/proof/volunteer_import.py).
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import Person
from samskaping.core.models import Outbox
from samskaping.core.services.outbox import NotYet
from tests.agreements.tally import rounds, tally
from tests.partnerships.conftest import Town, make_town
from volunteers.models import Volunteer, VolunteerImport
from volunteers.services import volunteer_import as imports

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
ROWS = min(rounds(600), imports.MOST_ROWS)
LOTS = -(-ROWS // imports.AT_ONCE)
HANDLERS = {imports.KIND: imports.save_promised, imports.UNDO: imports.undo_promised}


@pytest.fixture
def shared() -> Town:
    return make_town()


def turn(found: VolunteerImport, kind: str) -> tuple[bool, int]:
    """One turn of the worker: whether it is done, and how many questions it asked."""
    with CaptureQueriesContext(connection) as asked:
        try:
            done = HANDLERS[kind](Outbox.objects.get(kind=kind, key=str(found.pk)))
        except NotYet:
            done = False
    return done, len(asked)


def test_many_are_taken_in_and_undone_as_one(
    shared: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A turn is one lot, so that each is seen.
    monkeypatch.setattr(imports, "AT_IT", 0.0)
    client.force_login(shared.coordinator.user)
    before = set(Person.objects.values_list("pk", flat=True))
    lines = "\n".join(f"Prøve Nummer{n};n{n}@prove.example;555{n:05}" for n in range(ROWS))
    sheet = SimpleUploadedFile("mange.csv", f"Navn;E-post;Telefon\n{lines}\n".encode())
    client.post(reverse("volunteer_imports"), {"file": sheet})
    found = VolunteerImport.objects.get()
    url = reverse("volunteer_import", args=[found.pk])
    client.post(url)

    seen, most, done = [], 0, False
    while not done:
        done, asked = turn(found, imports.KIND)
        most = max(most, asked)
        found.refresh_from_db()
        if not done:
            seen.append(f'max="{ROWS}" value="{found.done}"' in client.get(url).content.decode())
    # The same for each lot, whichever it is.
    assert most <= 30
    assert len(seen) == LOTS - 1
    assert all(seen)
    assert Volunteer.objects.filter(imported_in=found).count() == found.made_count == ROWS

    # One press; what is more than a request can take goes by the worker.
    client.post(reverse("volunteer_import_undo", args=[found.pk]))
    done = ROWS <= imports.AT_ONCE
    while not done:
        done, asked = turn(found, imports.UNDO)
        assert asked <= 30
    left = Volunteer.objects.count()
    tally(ROWS, [f"{left} volunteers are left"] if left else [])
    assert left == 0
    assert set(Person.objects.values_list("pk", flat=True)) == before

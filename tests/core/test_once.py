"""What is worked out once is right in every language and for every row."""

from django.urls import reverse
from django.utils import translation

from partnerships.models.areas import Area
from partnerships.models.partnership import Phase
from samskaping.core.once import address_of, address_under, labels_of


def test_labels_are_those_of_the_language() -> None:
    for language in ("nb", "nn", "en", "nb"):
        with translation.override(language):
            assert labels_of(Phase) == {phase.value: str(phase.label) for phase in Phase}
            assert labels_of(Area) == {area.value: str(area.label) for area in Area}


def test_address_is_the_one_of_the_row() -> None:
    for pk in (1, 1200, 987654321):
        assert address_of("partnership")(pk) == reverse("partnership", args=[pk])
        assert address_of("actor", "lag")(pk) == reverse("actor", args=["lag", pk])
        assert address_under("participant", 7)(pk) == reverse("participant", args=[7, pk])

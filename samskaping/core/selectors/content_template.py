"""Finding the text to show."""

from django.db.models import F, Q

from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.written import Given, Written

_CURRENT = Written(
    lambda: ContentTemplate.objects.filter(
        Q(municipality=None) | Q(municipality=Given("municipality")), key=Given("key")
    ).order_by(F("municipality").asc(nulls_last=True), "-version")[:1]
)


def content_template_current(key: str, *, municipality: Municipality | None = None) -> ContentTemplate:
    """The newest version of a text: the municipality's own when it has one, else ours.

    Raises ContentTemplate.DoesNotExist when `manage.py reference` has not loaded the key.
    """
    found = _CURRENT.rows(key=key, municipality=municipality.pk if municipality else None)
    if not found:
        message = f"No content template has the key {key}; run manage.py reference."
        raise ContentTemplate.DoesNotExist(message)
    current: ContentTemplate = found[0]
    return current

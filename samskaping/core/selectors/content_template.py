"""Finding the text to show."""

from django.db.models import F, Q

from samskaping.core.models import ContentTemplate, Municipality


def content_template_current(key: str, *, municipality: Municipality | None = None) -> ContentTemplate:
    """The newest version of a text: the municipality's own when it has one, else ours.

    Raises ContentTemplate.DoesNotExist when `manage.py reference` has not loaded the key.
    """
    ours = Q(municipality=None)
    texts = ContentTemplate.objects.filter(ours | Q(municipality=municipality) if municipality else ours)
    found = texts.filter(key=key).order_by(F("municipality").asc(nulls_last=True), "-version").first()
    if found is None:
        message = f"No content template has the key {key}; run manage.py reference."
        raise ContentTemplate.DoesNotExist(message)
    return found

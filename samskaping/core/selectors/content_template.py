"""Finding the text to show."""

from samskaping.core.models import ContentTemplate, Municipality


def content_template_current(key: str, *, municipality: Municipality | None = None) -> ContentTemplate:
    """The newest version of a text: the municipality's own when it has one, else ours.

    Raises ContentTemplate.DoesNotExist when `manage.py reference` has not loaded the key.
    """
    versions = ContentTemplate.objects.filter(key=key).order_by("-version")
    if municipality is not None:
        own = versions.filter(municipality=municipality).first()
        if own is not None:
            return own
    found = versions.filter(municipality=None).first()
    if found is None:
        message = f"No content template has the key {key}; run manage.py reference."
        raise ContentTemplate.DoesNotExist(message)
    return found

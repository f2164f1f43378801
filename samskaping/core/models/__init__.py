"""The models of the ground, one concept a file."""

from samskaping.core.models.content_template import ContentTemplate
from samskaping.core.models.municipality import County, Municipality

__all__ = ["ContentTemplate", "County", "Municipality"]

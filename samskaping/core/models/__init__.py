"""The models of the ground, one concept a file."""

from samskaping.core.models.audit import AuditEvent
from samskaping.core.models.content_template import ContentTemplate
from samskaping.core.models.demo_post import DemoPost
from samskaping.core.models.municipality import County, Municipality
from samskaping.core.models.one_time_code import OneTimeCode
from samskaping.core.models.outbox import Outbox
from samskaping.core.models.rate_limit import RateLimit
from samskaping.core.models.restore import Restore
from samskaping.core.models.retention import RetentionReport, RetentionRule
from samskaping.core.models.stored_file import StoredFile

__all__ = [
    "AuditEvent",
    "ContentTemplate",
    "County",
    "DemoPost",
    "Municipality",
    "OneTimeCode",
    "Outbox",
    "RateLimit",
    "Restore",
    "RetentionReport",
    "RetentionRule",
    "StoredFile",
]

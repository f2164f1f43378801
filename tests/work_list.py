"""What waits for somebody, of one kind: as the home page and Monday's e-mail have it."""

from samskaping.core.registries import Viewer, WorkItem, work_items


def waiting(viewer: Viewer, tag: str) -> list[WorkItem]:
    return [item for item in work_items(viewer) if item.tag == tag]

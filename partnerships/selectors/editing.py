"""Who saved last, as somebody else who edits the same may know it."""

from typing import Any

from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partnerships.selectors.history_names import Wanted, names_for
from samskaping.accounts.models import User


def changed_by(current: Any, viewer: User | None) -> str:
    """«Kari Nes endret dette kl. 09.15, mens du skrev.» Another party's people are told as «laget».

    A participant who came by her link (None) is told no names by this.
    """
    user_id = current.updated_by_id
    who = _("noen")
    if user_id is not None and viewer is not None:
        who = names_for(viewer, Wanted(users={user_id}), current.municipality_id).who(user_id)
    when = timezone.localtime(current.updated_at)
    told = {
        "who": capfirst(who),
        "clock": f"{when:%H.%M}",
        "day": formats.date_format(when, "SHORT_DATE_FORMAT"),
    }
    if when.date() == timezone.localdate():
        return _("%(who)s endret dette kl. %(clock)s, mens du skrev.") % told
    return _("%(who)s endret dette %(day)s kl. %(clock)s, mens du skrev.") % told

"""Yes or no to the question of a notice: by its link, or noted by who rang or opened the letter.

The link names the notice and carries our mark, like an invitation's; no row holds it. It opens one question
and nothing else: who has it may answer for the one it was sent to, as who holds a letter may.
"""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.due import DueSource, Words, source_of
from partnerships.models import Notice, Reply
from partnerships.models.notice import Answer, NoticeState
from partnerships.selectors.lists import READ_WITH
from samskaping.accounts.models import User
from samskaping.core.errors import StateChanged
from samskaping.core.link_token import link_token, row_of_token
from samskaping.core.services.audit import audit_record

LINK = "partnerships.reply"


def reply_token(notice: Notice) -> str:
    return link_token(LINK, notice)


def reply_link(notice: Notice) -> str:
    """The whole address, for the e-mail or SMS that asks. Made when sent; the same at every retry."""
    return settings.SITE_URL + reverse("reply_open", args=[reply_token(notice)])


def notice_from_token(token: str) -> Notice | None:
    """The notice a link names, in whatever state; None for anything we did not make."""
    return row_of_token(token, LINK, Notice.objects.select_related(*READ_WITH))


def question_of(notice: Notice) -> Words | None:
    """What it asks, in the language that is active; None when the reason is gone or nothing is asked."""
    words = _asked(notice)[1]
    return words if words is not None and words.question else None


@transaction.atomic
def reply_give(*, notice: Notice, answer: Answer, by: User | None = None) -> Reply:
    """Keeps the answer, or changes it; `by` is who notes it on her behalf, None when she answers herself.

    Raises StateChanged when the question is no longer open.
    """
    locked = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("municipality", "person")
        .get(pk=notice.pk)
    )
    source, words = _asked(locked)
    if source is None or words is None or not words.question:
        raise StateChanged(_("Spørsmålet er ikke lenger åpent. Ring kommunen hvis noe er feil."))
    reply, _made = Reply.objects.update_or_create(
        notice=locked,
        defaults={"municipality": locked.municipality, "answer": answer, "noted_by": by},
    )
    audit_record(
        "reply_given",
        locked,
        by=by,
        on_behalf_of=locked.person if by is not None else None,
        data={"answer": answer.value},
    )
    if source.answered is not None:
        source.answered(reply)
    return reply


def _asked(notice: Notice) -> tuple[DueSource | None, Words | None]:
    """A notice nobody was told of has asked nothing yet; one that is withdrawn asks no more."""
    source = source_of(notice.kind)
    if source is None or notice.state in (NoticeState.COMING, NoticeState.DROPPED):
        return source, None
    about = source.about(notice)
    return source, source.words(notice, about) if about is not None else None


def outcome_of(notice: Notice) -> str:
    """What came of her answer, where a part says more than that it was heard."""
    source, reply = source_of(notice.kind), getattr(notice, "reply", None)
    if source is None or source.outcome is None or reply is None:
        return ""
    about = source.about(notice)
    return source.outcome(reply, about) if about is not None else ""

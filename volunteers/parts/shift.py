"""Tasks, shifts and hours: the module a municipality switches on, and the words of what is done in it."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says
from samskaping.core.modules import Module, modules
from volunteers.selectors.module import SHIFTS

# Answered by the link in her message, she is signed in nowhere: it was she, and not the portal.
_HERSELF = _("En frivillig")
audit_says("shift_answered", _("%(who)s svarte om en vakt"), unsigned=_HERSELF)
audit_says("shift_removed", _("%(who)s tok noen av en vakt"))
audit_says("shift_asked", _("%(who)s spurte hvem som kan komme"))
audit_says("shift_offered", _("%(who)s ba noen ta over en vakt"), unsigned=_HERSELF)
audit_says("shift_kept", _("%(who)s beholdt vakta likevel"), unsigned=_HERSELF)
audit_says("shift_taken", _("%(who)s tok over en vakt"), unsigned=_HERSELF)
audit_says("shift_moved_up", _("%(who)s ga en ledig plass til neste på ventelista"))
audit_says("every_time_set", _("%(who)s endret om noen kommer hver gang"), unsigned=_HERSELF)
audit_says("crew_changed", _("%(who)s endret hvordan frivillige følges opp ved et tilbud"))
audit_says("attendance_marked", _("%(who)s førte hvem som var der"))
audit_says("hours_noted", _("%(who)s førte timer"), unsigned=_HERSELF)
audit_says("errand_posted", _("%(who)s la ut et én-til-én-oppdrag"))
audit_says("errand_taken", _("%(who)s tok et én-til-én-oppdrag"), unsigned=_HERSELF)
audit_says("errand_given_back", _("%(who)s ga fra seg et én-til-én-oppdrag"), unsigned=_HERSELF)
audit_says("errand_cancelled", _("%(who)s avlyste et én-til-én-oppdrag"))
audit_says("errand_done", _("%(who)s merket et én-til-én-oppdrag som gjort"), unsigned=_HERSELF)
audit_says("expense_noted", _("%(who)s førte et utlegg"), unsigned=_HERSELF)
audit_says("expense_paid", _("%(who)s merket et utlegg som utbetalt"))
audit_says("expense_refused", _("%(who)s sa nei til et utlegg"))
audit_says("expense_taken_back", _("%(who)s tok bort et utlegg"), unsigned=_HERSELF)
audit_says("wall_made", _("%(who)s laget en lenke til en skjerm på veggen"))
audit_says("wall_revoked", _("%(who)s tok tilbake lenken til en skjerm på veggen"))

audit_says("errand_for_opened", _("%(who)s så hvem et én-til-én-oppdrag er for"))
audit_says("expenses_exported", _("%(who)s hentet utlegg som fil"))
audit_says("hours_exported", _("%(who)s hentet timer som fil"))


def register() -> None:
    from volunteers import errand_due, shift_due

    modules.register(
        Module(
            SHIFTS,
            _("Vakter og timer"),
            _(
                "Hvem som kommer til hver gang, venteliste, bytte av vakter, oppmøte, timer, kjøring og "
                "én-til-én-oppdrag. Bruker dere en annen app til dette, lar dere det stå av og lenker dit."
            ),
        )
    )
    shift_due.register()
    errand_due.register()

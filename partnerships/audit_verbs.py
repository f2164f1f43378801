"""The domain's verbs in words."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says

audit_says("settings_changed", _("%(who)s endret innstillingene"))
audit_says("unit_added", _("%(who)s la inn enheten"))
audit_says("volunteercentre_added", _("%(who)s la inn frivilligsentralen"))
audit_says("organisation_added", _("%(who)s la inn organisasjonen"))
audit_says("invitation_sent", _("%(who)s inviterte til rollen %(role)s"))
audit_says("invitation_sent_again", _("%(who)s sendte invitasjonen en gang til"))
audit_says("invitation_withdrawn", _("%(who)s trakk invitasjonen tilbake"))
audit_says("invitation_accepted", _("%(who)s takket ja til invitasjonen"))
audit_says("membership_granted", _("%(who)s ga rollen %(role)s"))
audit_says("membership_changed", _("%(who)s endret hvor lenge rollen varer"))
audit_says("membership_ended", _("%(who)s avsluttet rollen %(role)s"))
audit_says("absence_added", _("%(who)s meldte seg borte"))
audit_says("absence_ended", _("%(who)s meldte seg tilbake"))
audit_says("profile_changed", _("%(who)s endret opplysninger om seg selv"))
audit_says("contact_changed", _("%(who)s byttet e-postadresse eller telefonnummer"))
audit_says("notice_snoozed", _("%(who)s utsatte en påminnelse"))
audit_says("notice_stopped", _("%(who)s stoppet en påminnelse"))
audit_says("notice_tried_again", _("%(who)s sendte en påminnelse på nytt"))
audit_says("reply_given", _("%(who)s svarte på et spørsmål"))
audit_says("person_changed", _("%(who)s endret kontaktopplysningene"))
audit_says("person_export_asked", _("%(who)s ba om en kopi av opplysningene"))
audit_says("person_held", _("%(who)s holdt opplysningene tilbake fra sletting"))
audit_says("person_released", _("%(who)s opphevet at opplysningene holdes tilbake"))
audit_says("person_erased", _("%(who)s slettet opplysningene om en person"))
audit_says("contact_shown", _("%(who)s så på skjulte kontaktopplysninger"))
audit_says("erasure_asked", _("%(who)s ba om at opplysningene slettes"))
audit_says("erasure_refused", _("%(who)s svarte at opplysningene ikke kan slettes nå"))

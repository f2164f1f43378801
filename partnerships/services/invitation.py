"""Inviting, sending again, withdrawing and accepting.

The link names the invitation and proves nothing: opening it shows who asks, and a button sends a
fresh code to the address on file. Only the code lets anybody in (docs/adr/0021).
"""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import (
    CodesignProcess,
    Invitation,
    Membership,
    Organisation,
    Person,
    Unit,
    VolunteerCentre,
)
from partnerships.models.person import Channel
from partnerships.selectors.channel import address_of
from partnerships.selectors.words import municipality_name
from partnerships.services.membership import MayNotGrant, check_may_grant, membership_grant
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.link_token import link_token, proof_of, row_of_token
from samskaping.core.models import Municipality, OneTimeCode
from samskaping.core.models.one_time_code import CodePurpose
from samskaping.core.services.audit import audit_record, object_name
from samskaping.core.services.one_time_code import one_time_code_make, one_time_code_use
from samskaping.core.services.outbox import outbox_add

LASTS = timedelta(days=14)
LINK = "partnerships.invitation"


def invitation_token(invitation: Invitation) -> str:
    """The link's last part: which invitation, and that we made it. No row holds it; it is made when sent."""
    return link_token(LINK, invitation)


def invitation_known_account(invitation: Invitation) -> User | None:
    """The account that accepting leads to, when there is one already. Only for who has shown the code."""
    person = invitation.person
    if person.user is not None:
        return person.user if _proves(person, invitation.channel, person.user) else None
    return _known_user_for(person, invitation.channel)


def invitation_from_token(token: str) -> Invitation | None:
    """The invitation a link names, in whatever state; None for anything we did not make."""
    rows = Invitation.objects.select_related(
        "municipality__settings", "person__user", "unit", "centre", "organisation", "process"
    )
    return row_of_token(token, LINK, rows)


@transaction.atomic
def invitation_send(
    *,
    municipality: Municipality,
    role: Role,
    name: str,
    email: str = "",
    phone: str = "",
    by: User,
    unit: Unit | None = None,
    centre: VolunteerCentre | None = None,
    organisation: Organisation | None = None,
    process: CodesignProcess | None = None,
    valid_to: date | None = None,
    language: str = "nb",
) -> Invitation:
    """Makes the person if the controller has nobody with this address, and promises the message.

    Raises MayNotGrant, or StateChanged when she is invited to this or has it already.
    """
    check_may_grant(
        role, by=by, municipality=municipality, unit=unit, centre=centre, organisation=organisation
    )
    if not (email or phone):
        raise DomainError(_("Skriv en e-postadresse eller et mobilnummer."))
    # The municipality's row is the lock: two who invite the same person at once make one row of her.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    person = _person_for(
        municipality=municipality,
        name=name,
        email=email,
        phone=phone,
        centre=centre,
        organisation=organisation,
        language=language,
    )
    held = Membership.objects.current().filter(
        person=person, role=role, unit=unit, centre=centre, organisation=organisation, process=process
    )
    if held.exists():
        raise StateChanged(_("Personen har allerede denne rollen."))
    # An old invitation nobody used makes room for the new one.
    Invitation.objects.filter(
        person=person, role=role, accepted_at=None, withdrawn_at=None, expires_at__lte=timezone.now()
    ).update(withdrawn_at=timezone.now())
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                municipality=municipality,
                person=person,
                role=role,
                unit=unit,
                centre=centre,
                organisation=organisation,
                process=process,
                valid_to=valid_to,
                channel=Channel.EMAIL if email else Channel.SMS,
                invited_by=by,
                expires_at=timezone.now() + LASTS,
            )
    except IntegrityError:
        raise StateChanged(_("Personen er allerede invitert til denne rollen.")) from None
    audit_record("invitation_sent", invitation, by=by, data={"role": role.value})
    _promise(invitation)
    return invitation


@transaction.atomic
def invitation_send_again(*, invitation: Invitation, by: User) -> Invitation:
    """The same link again, with fourteen new days. Raises StateChanged when it is used or withdrawn."""
    locked = _lock(invitation)
    if locked.sent_count >= 5:
        raise DomainError(_("Invitasjonen er sendt fem ganger. Ring heller, og spør om den kom fram."))
    Invitation.objects.filter(pk=locked.pk).update(
        expires_at=timezone.now() + LASTS, sent_count=F("sent_count") + 1
    )
    locked.refresh_from_db()
    audit_record("invitation_sent_again", locked, by=by)
    _promise(locked)
    return locked


@transaction.atomic
def invitation_withdraw(*, invitation: Invitation, by: User) -> Invitation:
    """The link stops working at once. Raises StateChanged when it is used or withdrawn."""
    locked = _lock(invitation)
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["withdrawn_at"])
    audit_record("invitation_withdrawn", locked, by=by)
    return locked


@transaction.atomic
def invitation_code_send(*, invitation: Invitation) -> OneTimeCode:
    """Promises a fresh code to the address on file, never to one from the request.

    Raises StateChanged when it can no longer be accepted, TooMany after three codes in fifteen minutes.
    """
    locked = _lock(invitation)
    _check_in_time(locked)
    code = one_time_code_make(
        CodePurpose.INVITATION, subject=invitation_proof(locked), asked_for=object_name(locked)
    )
    outbox_add(
        "invitation_code",
        str(code.pk),
        payload={"invitation": locked.pk, "code": str(code.pk)},
        municipality=locked.municipality,
    )
    return code


def invitation_proof(invitation: Invitation) -> str:
    """What a code for it proves: that somebody reads this very address. No address can be read from it."""
    address = address_of(invitation.person, invitation.channel)
    return proof_of(f"{LINK}.address", object_name(invitation), address)


def invitation_code_use(*, invitation: Invitation, code_id: str, typed: str) -> bool:
    """Whether these are the digits we sent for this very invitation, to the address it has now."""
    code = one_time_code_use(code_id, CodePurpose.INVITATION, typed)
    return code is not None and code.subject == invitation_proof(invitation)


@transaction.atomic
def invitation_accept(
    *,
    invitation: Invitation,
    user: User | None,
    name: str = "",
    language: str = "",
    password: str = "",
) -> tuple[User, Membership]:
    """Makes user, person's link and membership together. The caller has seen the right code, for the
    address that `invitation` was read with.

    `user` is who was signed in already, if anybody; otherwise the user with the proven address is
    found or made. `password` is set on an account without one only: an invitation resets nobody's.
    Raises StateChanged when it is used, withdrawn or out of date, when the address is another by now, or
    when who invited may do so no longer.
    """
    locked = _lock(invitation)
    _check_in_time(locked)
    _check_still_granted(locked)
    person = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=locked.person_id)
    if address_of(person, locked.channel) != address_of(invitation.person, invitation.channel):
        raise StateChanged(_("Adressen er endret. Åpne invitasjonen igjen, så får du en ny kode."))
    account = user or person.user or _user_for(person, locked.channel)
    if person.user is None:
        person = _attach(person, account)
    elif person.user_id != account.pk or not (user or _proves(person, locked.channel, person.user)):
        # Staff may write an address on a row; that lets nobody into the account behind it.
        raise StateChanged(_("Invitasjonen hører til en konto med en annen adresse. Logg inn med den først."))
    _introduce(person, account, name=name, language=language, password=password)
    membership = membership_grant(
        user=account,
        person=person,
        municipality=locked.municipality,
        role=Role(locked.role),
        unit=locked.unit,
        centre=locked.centre,
        organisation=locked.organisation,
        process=locked.process,
        valid_to=locked.valid_to,
        by=locked.invited_by,
    )
    locked.accepted_at = timezone.now()
    locked.membership = membership
    locked.person = person
    locked.save(update_fields=["accepted_at", "membership", "person"])
    audit_record("invitation_accepted", locked, by=account)
    return account, membership


def _lock(invitation: Invitation) -> Invitation:
    locked = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("municipality", "unit", "centre", "organisation", "invited_by")
        .get(pk=invitation.pk)
    )
    if locked.accepted_at is not None:
        raise StateChanged(_("Invitasjonen er allerede brukt."))
    if locked.withdrawn_at is not None:
        raise StateChanged(_("Invitasjonen er trukket tilbake."))
    return locked


def _check_in_time(invitation: Invitation) -> None:
    over = invitation.valid_to is not None and invitation.valid_to < timezone.localdate()
    if over or invitation.expires_at <= timezone.now():
        raise StateChanged(_("Invitasjonen har gått ut. Be om en ny."))


def _check_still_granted(invitation: Invitation) -> None:
    """Rights are read when they are used: who has lost hers leaves no invitation behind to come back by."""
    if invitation.invited_by is None:  # the first coordinator's, by an operator
        return
    try:
        check_may_grant(
            Role(invitation.role),
            by=invitation.invited_by,
            municipality=invitation.municipality,
            unit=invitation.unit,
            centre=invitation.centre,
            organisation=invitation.organisation,
        )
    except MayNotGrant:
        raise StateChanged(
            _("Den som inviterte deg, kan ikke lenger gi deg denne rollen. Be om en ny invitasjon.")
        ) from None


def _introduce(person: Person, account: User, *, name: str, language: str, password: str) -> None:
    """What she said about herself on the welcome page."""
    if name or language:
        person.name = name or person.name
        person.language = language or person.language
        person.save(update_fields=["name", "name_key", "language"])
    if password and not account.has_usable_password():
        account.set_password(password)
    account.language = language or account.language
    account.save(update_fields=["password", "language"])


def _promise(invitation: Invitation) -> None:
    outbox_add(
        "invitation",
        f"{object_name(invitation)}:{invitation.sent_count}",
        payload={"invitation": invitation.pk},
        municipality=invitation.municipality,
    )


def _person_for(
    *,
    municipality: Municipality,
    name: str,
    email: str,
    phone: str,
    centre: VolunteerCentre | None,
    organisation: Organisation | None,
    language: str,
) -> Person:
    """The controller's own row for this human: found by address within the controller, never across."""
    people = Person.objects.filter(
        municipality=municipality,
        controller_organisation=organisation,
        controller_centre=centre if centre and centre.is_controller else None,
    )
    found = people.filter(email__iexact=email).first() if email else people.filter(phone=phone).first()
    if found is not None:
        return found
    return Person.objects.create(
        municipality=municipality,
        controller_organisation=organisation,
        controller_centre=centre if centre and centre.is_controller else None,
        name=name,
        email=email.lower(),
        phone=phone,
        channel=Channel.EMAIL if email else Channel.SMS,
        language=language,
    )


def _user_for(person: Person, channel: str) -> User:
    """The user the proven address belongs to, or a new one; a new one, too, where two share a telephone.

    What else staff wrote on the row is proven by nobody, and signs nobody in.
    """
    known = _known_user_for(person, channel)
    if known is not None:
        return known
    if channel == Channel.EMAIL:
        return User.objects.create_user(person.email)
    return User.objects.create_user(None, phone=person.phone)


def _known_user_for(person: Person, channel: str) -> User | None:
    if channel == Channel.EMAIL:
        email = User.objects.clean_email(person.email)
        return User.objects.filter(email=email).first() if email else None
    known = list(User.objects.filter(phone=person.phone)[:2]) if person.phone else []
    return known[0] if len(known) == 1 else None


def _proves(person: Person, channel: str, account: User) -> bool:
    """Whether the address the code was sent to is the account's own, once proven by herself."""
    if channel == Channel.EMAIL:
        return User.objects.clean_email(person.email) == account.email
    return bool(account.phone) and person.phone == account.phone


def _attach(person: Person, user: User) -> Person:
    """Links the person to the user, or gives the row this controller already has for her."""
    mine = Person.objects.filter(
        user=user,
        municipality=person.municipality_id,
        controller_organisation=person.controller_organisation_id,
        controller_centre=person.controller_centre_id,
    ).first()
    if mine is not None:
        return mine
    person.user = user
    person.save(update_fields=["user", "name_key"])
    return person


def inviting_name(invitation: Invitation) -> str:
    """Who asks, as a message and the first screen may say it: the place, not the person."""
    place = invitation.centre or invitation.organisation
    return place.name if place else municipality_name(invitation.municipality)

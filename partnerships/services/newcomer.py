"""The first code somebody confirms makes her account, and ties her rows to it (architecture § 3.8)."""

from django.db import IntegrityError, transaction
from django.db.models import Q

from partnerships.models import Person
from partnerships.selectors.newcomer import AT_MOST, FIELDS, newcomer_of, people_at, with_own_page
from samskaping.accounts.models import User
from samskaping.core.services.audit import audit_record


@transaction.atomic
def newcomer_enter(*, subject: str) -> User | None:
    """`subject` of a code that was right. Entering twice makes one account. None when the address is no
    longer hers, or has become another account's meanwhile."""
    found = newcomer_of(subject)
    if found is None:
        return None
    person, field = found
    locked: Person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if locked.user_id is not None:
        return User.objects.filter(pk=locked.user_id, is_active=True).first()
    address: str = getattr(locked, field).lower()
    if User.objects.filter(**{field: address}).exists():
        return None
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                **{"email" if field == "email" else "phone": address}, language=locked.language
            )
    except IntegrityError:
        return None  # made by another browser of hers this very moment: the next code finds it
    locked.user = user
    locked.save(update_fields=["user"])
    audit_record("account_made", locked, by=None)
    newcomer_tie(user=user)
    return user


@transaction.atomic
def newcomer_tie(*, user: User) -> None:
    """Rows of the same name that are reached where she has shown that she is reached become hers too: one for
    each controller, each still that controller's to keep."""
    names = set(Person.objects.filter(user=user).values_list("name_key", flat=True))
    addresses = {field: address for field in FIELDS if (address := getattr(user, field))}
    if not names or not addresses:
        return
    keys: set[int] = set()
    for field, address in addresses.items():
        keys |= set(
            people_at(field, address).filter(name_key__in=names).values_list("pk", flat=True)[:AT_MOST]
        )
    if not keys:
        return
    rows = with_own_page(Person.objects.filter(pk__in=keys, user=None)).select_for_update(of=("self",))
    for person in rows.order_by("pk"):
        same = Q(
            municipality=person.municipality_id,
            controller_organisation=person.controller_organisation_id,
            controller_centre=person.controller_centre_id,
        )
        if Person.objects.filter(same, user=user).exists() or not person.own_page:  # type: ignore[attr-defined]
            continue  # two rows of one controller are its own to merge
        person.user = user
        person.save(update_fields=["user"])
        audit_record("account_tied", person, by=None)

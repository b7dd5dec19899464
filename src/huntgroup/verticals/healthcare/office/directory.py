"""Finding providers and services by what callers call them."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from sqlalchemy import select

from huntgroup.verticals.healthcare.office.desk import Desk, Refused
from huntgroup.verticals.healthcare.rules.names import name_key, same_name, without_title
from huntgroup.verticals.healthcare.rules.spoken import say_list
from huntgroup.verticals.healthcare.tables import Provider, ProviderService, Service

_ALIKE = 0.74
_FIELDS = {
    "family": ("family", "general", "primary", "internist", "gp"),
    "pediatrics": ("pediatr", "child", "kids", "baby"),
    "cardiology": ("cardio", "heart"),
    "dental": ("dent", "tooth", "teeth"),
}


async def active_providers(desk: Desk) -> Sequence[Provider]:
    query = select(Provider).where(Provider.practice_id == desk.practice.id, Provider.active).order_by(Provider.id)
    return (await desk.session.scalars(query)).all()


async def find_provider(desk: Desk, name: str) -> Provider:
    """Return the provider meant by `name`, with or without title, as it was heard. Refuses by naming who there is."""
    everybody = await active_providers(desk)
    meant = match_provider(name, everybody)
    if len(meant) == 1:
        return meant[0]
    there = [provider.spoken_name for provider in meant or everybody]
    known = say_list(there, last="or")
    if meant:
        raise Refused("ambiguous_provider", f"Do you mean {known}?", providers=there)
    heard = without_title(name)
    raise Refused("unknown_provider", f"I don't have a provider named {heard}. We have {known}.", providers=there)


def match_provider(name: str, providers: Sequence[Provider]) -> list[Provider]:
    """Return the providers that `name` may mean: equal or alike in sound first, else the nearest spelling."""
    words = without_title(name).split()
    if not words:
        return []
    meant = [one for one in providers if same_name(words[-1], one.last_name)]
    if len(words) > 1 and len(meant) > 1:
        meant = [one for one in meant if same_name(words[0], one.first_name)]
    if not meant and len(words) == 1:
        meant = [one for one in providers if same_name(words[0], one.first_name)]
    return meant or _nearest(words[-1], providers)


def _nearest(word: str, providers: Sequence[Provider]) -> list[Provider]:
    def likeness(provider: Provider) -> float:
        return SequenceMatcher(None, name_key(word), name_key(provider.last_name)).ratio()

    best = max((likeness(one) for one in providers), default=0.0)
    return [one for one in providers if likeness(one) == best] if best >= _ALIKE else []


def in_field(providers: Sequence[Provider], wanted: str | None) -> list[Provider]:
    """Return the providers of a specialization or department, named formally or as people say it ("heart doctor")."""
    if not wanted:
        return list(providers)
    key = name_key(wanted)
    stems = [stem for stems in _FIELDS.values() if any(stem in key for stem in stems) for stem in stems]
    return [
        one
        for one in providers
        if any(stem in name_key(f"{one.specialization} {one.department.name}") for stem in [*stems, key])
    ]


async def service_for(desk: Desk, provider: Provider, appointment_type: str, reason: str) -> Service | None:
    """Return the provider's own service for a type of appointment, the one whose name the reason is about.

    Of several procedures none is guessed; of other types the usual one is taken when the reason names none.
    """
    query = (
        select(Service)
        .join(ProviderService, ProviderService.service_id == Service.id)
        .where(ProviderService.provider_id == provider.id, Service.appointment_type == appointment_type)
        .order_by(Service.id)
    )
    offered = (await desk.session.scalars(query)).all()
    said = {name_key(word) for word in reason.split()}
    named = [one for one in offered if said & {name_key(word) for word in one.name.split()}]
    usual = offered if appointment_type != "procedure" or len(offered) == 1 else []
    return next(iter([*named, *usual]), None)

"""What anybody may ask: who works here and what we offer."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select

from huntgroup.teams import ToolContext, tool
from huntgroup.verticals.healthcare.office.desk import Answer, Desk, Refused, at_desk, done
from huntgroup.verticals.healthcare.office.directory import active_providers, find_provider, in_field
from huntgroup.verticals.healthcare.rules.names import name_key
from huntgroup.verticals.healthcare.rules.spoken import WEEKDAYS, say_days, say_list, say_price
from huntgroup.verticals.healthcare.tables import Provider, ProviderSchedule, Service


@tool(effect="read")
async def get_providers(
    ctx: ToolContext, specialization: str | None = None, accepting_new_patients: bool | None = None
) -> dict[str, Any]:
    """List the doctors of the practice, all of them or those of one field.

    Examples:
        which doctors do you have
        who works at your practice
        do you have a pediatrician
        is there a heart specialist
        which doctors are taking new patients
        who are your dentists
        I'm looking for a children's doctor
        tell me who your providers are
        what kinds of doctors are there

    Args:
        specialization: A field such as "family medicine" or "dentist", when the caller wants one.
        accepting_new_patients: True for only those who take new patients.
    """

    async def work(desk: Desk) -> Answer:
        everybody = await active_providers(desk)
        found = in_field(everybody, specialization)
        if accepting_new_patients:
            found = [one for one in found if one.accepting_new_patients]
        if not found:
            fields = sorted({one.specialization.lower() for one in everybody})
            raise Refused(
                "none_found", f"We have nobody for that. We offer {say_list(fields)}.", specializations=fields
            )
        rows = [_row(one) for one in found]
        return done(f"{_say_providers(found)}.", providers=rows)

    return await at_desk(ctx, work)


def _row(one: Provider) -> dict[str, Any]:
    return {
        "provider": one.spoken_name,
        "specialization": one.specialization,
        "accepting_new_patients": one.accepting_new_patients,
        "telehealth": one.telehealth,
    }


def _say_providers(found: list[Provider]) -> str:
    by_field: dict[str, list[str]] = defaultdict(list)
    for one in found:
        by_field[one.specialization.lower()].append(one.spoken_name)
    return "We have " + say_list([f"{say_list(names)} in {field}" for field, names in by_field.items()])


@tool(effect="read")
async def get_provider_info(ctx: ToolContext, provider: str) -> dict[str, Any]:
    """Tell about one provider: field, weekly schedule, video visits, languages, usual length of a visit.

    Examples:
        tell me about Dr. Smith
        which days does Dr. Hall work
        does Dr. Smith do video visits
        what languages does Dr. Hall speak
        is Dr. Smith taking new patients
        how long does Dr. Hall take for each patient
        what is Dr. Smith's weekly schedule
        what kind of doctor is Dr. Hall
        what is Dr. Smith's field

    Args:
        provider: The provider's name, such as "Dr. Smith".
    """

    async def work(desk: Desk) -> Answer:
        one = await find_provider(desk, provider)
        query = select(ProviderSchedule).where(ProviderSchedule.provider_id == one.id)
        blocks = sorted(await desk.session.scalars(query), key=lambda block: (block.weekday, block.starts))
        days = sorted({block.weekday for block in blocks})
        schedule = [
            {"weekday": WEEKDAYS[block.weekday], "from": f"{block.starts:%H:%M}", "to": f"{block.ends:%H:%M}"}
            for block in blocks
        ]
        more = {
            "schedule": schedule,
            "languages": one.languages,
            "default_duration": one.default_duration_min,
        }
        return done(_say_provider(one, days), **_row(one), **more)

    return await at_desk(ctx, work)


def _say_provider(one: Provider, days: list[int]) -> str:
    video = "offers video visits" if one.telehealth else "does not offer video visits"
    new = "takes new patients" if one.accepting_new_patients else "is not taking new patients"
    return (
        f"{one.spoken_name} works in {one.specialization.lower()}, on {say_days(days)}, {video}, and {new}. "
        f"A visit usually takes {one.default_duration_min} minutes."
    )


@tool(effect="read")
async def get_services(ctx: ToolContext, category: str | None = None) -> dict[str, Any]:
    """Tell which services the practice offers, with billing code, length and price.

    Examples:
        what services do you offer
        how much is a checkup
        do you give flu shots
        what does a teeth cleaning cost
        do you do blood tests
        how long does a physical take
        what's the price of a visit
        can I get an x-ray at your place
        do you have dental services

    Args:
        category: The service or category that the caller names, such as "teeth cleaning", "flu shot", "blood draw",
            "checkup", "filling", "dental", "lab" or "cardiology".
    """

    async def work(desk: Desk) -> Answer:
        query = select(Service).order_by(Service.id)
        every = [one for one in await desk.session.scalars(query) if one.category.practice_id == desk.practice.id]
        found = [one for one in every if not category or _about(one, category)]
        categories = list(dict.fromkeys(one.category.name for one in every))
        if not found:
            raise Refused("unknown_service", f"We don't offer that. We have {say_list(categories)}.",
                          categories=categories)  # fmt: skip
        return done(_say_services(found, categories, category), services=[_service_row(one) for one in found])

    return await at_desk(ctx, work)


def _about(one: Service, wanted: str) -> bool:
    """Whether a service is meant: its category, or all words of the wish in its name, singular or plural."""
    if name_key(wanted).rstrip("s") == name_key(one.category.name).rstrip("s"):
        return True
    name = name_key(one.name)
    return all(name_key(word).rstrip("s") in name for word in wanted.split())


def _say_services(found: list[Service], categories: list[str], category: str | None) -> str:
    if not category:
        return f"We offer {say_list([name.lower() for name in categories])}. Which one would you like to hear about?"
    words = [f"{one.name.lower()} for {say_price(one.price)}, {one.duration_min} minutes" for one in found]
    return f"We have {'; '.join(words[:3])}." + (f" And {len(words) - 3} more." if len(words) > 3 else "")


def _service_row(one: Service) -> dict[str, Any]:
    return {
        "service": one.name,
        "category": one.category.name,
        "code": f"{one.code_system} {one.code}",
        "duration": one.duration_min,
        "price": str(one.price),
        "appointment_type": one.appointment_type,
    }

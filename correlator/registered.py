"""What models say of calendars and places, held against the registry: the one must exist, the other should. Pure."""

from collections.abc import Iterable, Iterator

from core.errors import DefinitionError
from core.problems import LooseEnd, did_you_mean, one_of
from core.registry import Registry
from correlator.model import JourneyModel
from correlator.targets import name_and_zone

ALWAYS = "always"  # the calendar that never closes, which no registry need define


def calendar_keys(models: Iterable[JourneyModel], registry: Registry) -> tuple[str, ...]:
    """Return "<calendar>@<zone>" of every calendar that a handoff names, in each zone that a facility has and in UTC.

    A calendar that is named with its zone stands in that one. Raises DefinitionError for one that is not defined.
    """
    zones = sorted({"UTC", *(facility.time_zone for facility in registry.facilities.values())})
    found: set[str] = set()
    for model in models:
        for key, handoff in model.handoffs.items():
            if handoff.calendar:
                name, zone = name_and_zone(handoff.calendar)
                _refuse_unknown(name, registry, f"model {model.model!r}: handoffs.{key}.calendar")
                found |= {f"{name}@{each}" for each in ([zone] if zone else zones)}
    return tuple(sorted(found))


def unknown_places(models: Iterable[JourneyModel], registry: Registry) -> tuple[str, ...]:
    """Return a line for each place that a target is given for and the registry does not have."""
    return tuple(
        f"model {model.model!r}: {'.'.join(map(str, place))}: {reason}"
        for model in models
        for place, reason in places_not_registered(model, registry)
    )


def places_not_registered(model: JourneyModel, registry: Registry) -> Iterator[LooseEnd]:
    """Yield the places that a target is given for, or a handoff is limited to, and the registry does not have."""
    regions = {facility.region for facility in registry.facilities.values()}
    for key, handoff in model.handoffs.items():
        for index, name in enumerate(handoff.when.facility if registry.facilities else ()):
            if name not in registry.facilities:
                yield ("handoffs", key, "when", "facility", index), _no_facility(name, registry)
        for of, word, named, known in (
            ("facilities", "facility", handoff.target_at.facilities, registry.facilities.keys()),
            ("regions", "region", handoff.target_at.regions, regions),
        ):
            for name in sorted(named.keys() - known):
                reason = _no_facility(name, registry) if word == "facility" else f"the registry has no such {word}"
                yield ("handoffs", key, "target_at", of, name), reason


def _no_facility(name: str, registry: Registry) -> str:
    meant = next((key for key, facility in registry.facilities.items() if name in facility.aliases), "")
    hint = f"; it is an alias of {meant}: write that" if meant else did_you_mean(name, registry.facilities)
    return f"the registry has no such facility{hint}"


def calendars_not_registered(model: JourneyModel, registry: Registry) -> Iterator[LooseEnd]:
    """Yield the calendars that a handoff names and the registry does not define."""
    for key, handoff in model.handoffs.items():
        name, _ = name_and_zone(handoff.calendar or "")
        if name and name not in {ALWAYS, *registry.calendars}:
            known = one_of(name, [ALWAYS, *sorted(registry.calendars)])
            yield ("handoffs", key, "calendar"), f"the registry defines no calendar {name!r}{known}"


def _refuse_unknown(name: str, registry: Registry, where: str) -> None:
    if name != ALWAYS and name not in registry.calendars:
        known = ", ".join([ALWAYS, *sorted(registry.calendars)])
        message = f"{where}: the registry defines no calendar {name!r}; it has {known}"
        raise DefinitionError(message)

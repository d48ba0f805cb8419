"""What the towns of the demo publish for everybody: facilities, events and evacuation sites beside what their work holds anyway."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.ids import uuid7
from kakehashi.opendata.selectors import draft_of, offered
from kakehashi.opendata.selectors.registers import find_register
from kakehashi.opendata.services import add_row, publish_dataset, set_dataset
from kakehashi.site.demo import content
from kakehashi.site.demo.organisation import Body


def publish_data(body: Body) -> None:
    """Keep the lists and publish every dataset that has rows. The government's scope must be open."""
    actor, told, name = system_actor(body.government.id, "見本の準備"), content.read("open_data"), body.government.name
    for row in told["facilities"]:
        _add(actor, "facilities", _at_place(_named(row, name), name))
    for row in told["events"]:
        _add(actor, "events", _on_days(_at_place(_named(row, name), name)))
    for row in told["sites"]:
        kept = {key: value for key, value in row.items() if key != "hazards"}
        given = {"is_site": "1", **kept, **dict.fromkeys(row["hazards"], "1")}
        _add(actor, "evacuation-sites", _at_place(_named(given, name), name))
    officer = body.actor("officer")
    in_charge = next(one for one in body.departments.values() if one.id == officer.department_id)
    for source in offered():
        if draft_of(source).checked.may_publish:
            set_dataset(
                actor=actor, source=source, values={"department": in_charge, "refreshes": source.code == "procedures"}
            )
            publish_dataset(actor=actor, source=source)


def _add(actor: Actor, register: str, cells: dict[str, str]) -> None:
    add_row(actor=actor, register=find_register(register), cells=cells, row_id=uuid7())


def _named(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value.format(name=name) if isinstance(value, str) else value for key, value in row.items()}


def _at_place(row: dict[str, Any], name: str) -> dict[str, Any]:
    """With the address in one line and the town in its column."""
    address = f"{name}{row.get('town', '')}{row.get('block', '')}"
    return {"address": row.get("place_name") or address, "city": name, **row}


def _on_days(row: dict[str, Any]) -> dict[str, str]:
    """With dates in the weeks to come, so that the list is never of last year."""
    today = clock.today()
    day = (today + timedelta(days=row.pop("in_days"))).isoformat()
    row |= {"starts_on": day, "ends_on": day}
    if "apply_in" in row:
        row["apply_by"] = (today + timedelta(days=row.pop("apply_in"))).isoformat()
    return row

"""What a restart has to know of the twin, as the data of an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from chamber.profile import TwinDesign
from control.twin.look import Gathering
from control.twin.state import Twin

VERSION = 2
_TWIN: TypeAdapter[Twin] = TypeAdapter(Twin)


def twin_data(t: Twin, design: TwinDesign) -> dict[str, Any]:
    """The estimates and references; what is only of the moment is left out."""
    lasting = t._replace(
        gathering=Gathering(), walls_main=None, walls_pre=None, walls_known=0, quiet=0, cold=0, outing=None, tank=None, suspects=()
    )
    return {
        "version": VERSION,
        "design": design.model_dump(mode="json"),
        "twin": _TWIN.dump_python(lasting, mode="json"),
        "found": list(t.found),
    }


def read_twin(data: Mapping[str, Any] | None, design: TwinDesign | None) -> Twin | None:
    """The twin of the last event told. None if there is none, or it is of another design or another version: it begins anew."""
    if data is None or design is None or data.get("version") != VERSION or data.get("design") != design.model_dump(mode="json"):
        return None
    try:
        return _TWIN.validate_python(data.get("twin"))
    except ValidationError:
        return None

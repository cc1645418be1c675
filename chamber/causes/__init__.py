"""The supervisor's causes, one row each: read by the engine, the tests, the docs and the panel.

The PLC has its own table (``plc_bridge.plc_rules``); rows here are the supervisor's earlier duplicates and the causes
only the supervisor can see.
"""

from __future__ import annotations

from chamber.cause_effect import Cause
from chamber.causes import access, cold, condition, house, oxygen, people, upkeep

CAUSES: tuple[Cause, ...] = (*oxygen.ROWS, *people.ROWS, *cold.ROWS, *house.ROWS, *upkeep.ROWS, *condition.ROWS, *access.ROWS)
BY_ID: dict[str, Cause] = {c.id: c for c in CAUSES}

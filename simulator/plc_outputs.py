"""What the PLC drives: outputs that its trips switch on by themselves, and the fresh air it gives."""

from __future__ import annotations

from functools import cache

from chamber.states import SESSION, CycleState
from plc_bridge.contract import Output
from plc_bridge.plc_rules import ROW, Effect

NO_EFFECT = Effect(0)
_FRESH_AIR = SESSION | {CycleState.READY, CycleState.RECOOL}
_RECOOL = CycleState.RECOOL.value
_RECIRC_FAN = 1 << Output.RECIRC_FAN
_BY_BIT = {1 << trip: (int(row.always), int(row.if_occupied)) for trip, row in ROW.items()}
_SWITCHED_ON: tuple[tuple[Effect, int], ...] = (
    (Effect.LEAVE, (1 << Output.LIGHT_MAIN) | (1 << Output.LIGHT_PRE)),
    (Effect.DOOR_FREE, 1 << Output.DOOR_HEATER),
    (Effect.PURGE, 1 << Output.PURGE_FAN),
    (Effect.EXTRACT_BOOST, 1 << Output.EXTRACT_BOOST),
    (Effect.STANDBY_EXTRACT, 1 << Output.STANDBY_EXTRACT),
    (Effect.SOUNDER, 1 << Output.SOUNDER),
    (Effect.ROOM_EVACUATE, (1 << Output.SOUNDER) | (1 << Output.BEACON_NO_ENTRY)),
)


def effects_of(trips: int, *, occupied: bool) -> Effect:
    """What the latched trips do; ``occupied``: somebody was inside since the first of them."""
    found = 0
    while trips:
        lowest = trips & -trips
        always, if_occupied = _BY_BIT[lowest]
        found |= always
        if occupied:
            found |= if_occupied
        trips ^= lowest
    return Effect(found)


@cache
def switched_on(by: Effect) -> int:
    """Outputs that a set of effects switches on, whatever is demanded."""
    outputs = 0
    for effect, bits in _SWITCHED_ON:
        if by & effect:
            outputs |= bits
    return outputs


def fresh_air(state: int, demanded: int) -> bool:
    """A room that rests cold, its fans not asked for, gets none: it would only bring heat."""
    return state in _FRESH_AIR and (state != _RECOOL or demanded & _RECIRC_FAN != 0)

"""Where each row of the published cause-and-effect matrix lives: supervisor, PLC, wires.

Which causes and trips serve a row is read from their own tables; stated here is only what the matrix asks for (its column
"Where") and, where the answer is another one, why.
"""

from __future__ import annotations

from typing import NamedTuple

from chamber.causes import CAUSES
from plc_bridge.plc_rules import ROWS


class MatrixRow(NamedTuple):
    """``where``: places the matrix names (H hard-wired, P PLC, S supervisor). ``wired``: what the integrator wires for H.

    ``instead``: by place, how a row is served that has no line in that place's own table.
    """

    row: int
    text: str
    where: str
    wired: str = ""
    instead: dict[str, str] = {}

    @property
    def causes(self) -> tuple[str, ...]:
        return tuple(c.id for c in CAUSES if c.row == self.row)

    @property
    def trips(self) -> tuple[str, ...]:
        return tuple(r.trip.name for r in ROWS if r.matrix_row == self.row)

    def missing(self) -> str:
        """Places that the matrix names and that neither a table nor a statement serves."""
        served = {"S": self.causes, "P": self.trips, "H": self.wired}
        return "".join(place for place in self.where if not served[place] and place not in self.instead)


MATRIX: tuple[MatrixRow, ...] = (
    MatrixRow(1, "Chamber oxygen below 19.5", "P"),
    MatrixRow(2, "Chamber oxygen below 19.0", "PH", "fixed gas alarm of its own, contact into the safety relay"),
    MatrixRow(
        3,
        "Chamber oxygen pre-alarm",
        "SP",
        instead={"P": "a warning without closing or latch is the supervisor's; the PLC follows with row 1 at 19.5"},
    ),
    MatrixRow(4, "Chamber oxygen falling fast", "P"),
    MatrixRow(5, "Room oxygen below 19.5", "P"),
    MatrixRow(6, "Room oxygen below 19.0, floor below 18.0", "HP", "fixed gas alarm of the room with horn and beacon of its own"),
    MatrixRow(7, "Oxygen above 23.5", "P"),
    MatrixRow(8, "Oxygen sensor bad", "P"),
    MatrixRow(9, "Sample flow lost", "P"),
    MatrixRow(10, "Emergency stop, call inside", "H", "two-channel safety relay in the coil circuit of XV-401"),
    MatrixRow(
        11,
        "Door opened in the exposure",
        "P",
        instead={
            "P": "no trip: the PLC holds both control valves shut while a door is not proven shut; the session ends in the supervisor"
        },
    ),
    MatrixRow(12, "Door contacts disagree", "P"),
    MatrixRow(13, "Door not opened at the exit", "SP"),
    MatrixRow(14, "Exposure time, supervisor's limit", "S"),
    MatrixRow(15, "Exposure time, PLC's limit + 5 s", "P"),
    MatrixRow(16, "Too cold", "P"),
    MatrixRow(17, "Below set point", "S"),
    MatrixRow(18, "Temperature not known", "P"),
    MatrixRow(19, "Valve does not close", "P"),
    MatrixRow(20, "Liquid carried over", "HP", "low-temperature switch at the exhaust in the coil circuit of XV-401"),
    MatrixRow(21, "Room extract lost", "P"),
    MatrixRow(22, "Purge fan fails when demanded", "P"),
    MatrixRow(23, "Supervisor's heartbeat lost", "P"),
    MatrixRow(24, "PLC data stale", "S"),
    MatrixRow(25, "Mains lost", "PH", "spring closes XV-401; its coil is not on the battery supply"),
    MatrixRow(
        26,
        "Battery supply low or faulty",
        "P",
        instead={"P": "no trip: the PLC refuses START_COOLING (START_HOLDS); sessions are blocked by the supervisor"},
    ),
    MatrixRow(
        27,
        "Operator not present",
        "SP",
        instead={
            "P": "no contact of a dead-man handle or badge is fitted; the supervisor ends the session and the PLC's timer stands behind it"
        },
    ),
    MatrixRow(28, "Occupied where nobody may be", "P"),
    MatrixRow(29, "Nitrogen line pressure high", "P"),
    MatrixRow(30, "Nitrogen low", "S"),
    MatrixRow(31, "Self-test of voice and instruments", "S"),
    MatrixRow(32, "Proof test overdue, first use after maintenance", "S"),
    MatrixRow(33, "Records cannot be written", "S"),
    MatrixRow(
        34,
        "Configuration, program or version not the expected",
        "SP",
        instead={"P": "the PLC reports map version and program id in every block; the supervisor judges them and asks for no nitrogen"},
    ),
    MatrixRow(
        35, "Room emergency call, fire alarm", "H", "contact of the fire alarm and of the room's emergency call into the safety relay"
    ),
    MatrixRow(36, "Face below the rim of a head-out cabin", "SP"),
    MatrixRow(37, "Estimated skin at its limit", "S"),
    MatrixRow(38, "Nobody seen during the session", "S"),
)

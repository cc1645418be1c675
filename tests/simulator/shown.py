"""What the PLC's status block shows, in the words of its contract."""

from __future__ import annotations

from plc_bridge.codec import RawValue
from plc_bridge.contract import Output, PlcState, Trip


class Shown:
    """``status`` is the block last read, by register."""

    status: dict[str, RawValue]

    @property
    def state(self) -> PlcState:
        return PlcState(int(self.status["plc_state"]))

    @property
    def trips(self) -> set[Trip]:
        return {t for t in Trip if int(self.status["trips"]) >> t & 1}

    @property
    def causes(self) -> set[Trip]:
        return {t for t in Trip if int(self.status["causes"]) >> t & 1}

    @property
    def first_out(self) -> Trip | None:
        number = int(self.status["first_out"])
        return Trip(number - 1) if number else None

    def driven(self, output: Output) -> bool:
        return bool(int(self.status["outputs"]) >> output & 1)

    def flag(self, flag: int) -> bool:
        return bool(int(self.status["flags"]) >> flag & 1)

"""What a run of a small device warns of: oxygen below 19.5 %, skin below 5 °C and below 0 °C, each once with its time."""

from __future__ import annotations

OXYGEN_PCT = 19.5  # H-01: alarm threshold of gas detectors for oxygen deficiency
SKIN_END_C = 5.0  # H-10: a session ends at an estimated 5 °C
SKIN_FREEZE_C = 0.0  # H-10: tissue may freeze


class Warned:
    """Texts in the order in which they came up, each matter once."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, float], str] = {}

    def oxygen(self, where: str, pct: float, at_s: float, since: str) -> None:
        if pct < OXYGEN_PCT:
            self._texts.setdefault((where, OXYGEN_PCT), f"oxygen {where} below {OXYGEN_PCT} % after {at_s:.0f} s {since}")

    def skin(self, site: str, celsius: float, at_s: float) -> None:
        for limit in (SKIN_END_C, SKIN_FREEZE_C):
            if celsius < limit:
                self._texts.setdefault((site, limit), f"skin of {site} below {limit:g} °C after {at_s:.0f} s")

    def say(self, matter: str, after: str = "") -> None:
        self._texts.setdefault((matter, 0.0), matter + after)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(self._texts.values())

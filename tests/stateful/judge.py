"""What must hold whatever happens, judged from the truth: where people are, which door stands open, what the PLC drives.

Ids I1 to I16 as in docs/safety.md. Nothing here is taken from the rules: limits and times are typed again. ``look`` is
called after every scan of the PLC, ``watch`` with every snapshot that control publishes.
"""

from __future__ import annotations

from typing import Any

from chamber.alarm_list import ALARMS
from chamber.causes import BY_ID
from chamber.events import EventKind
from plc_bridge.codec import decode
from plc_bridge.contract import QualityNibble, Voice
from plc_bridge.register_map import COMMAND, STATUS
from simulator.people import Place
from tests.stateful.stack import Stack

COLD = {"precool", "ready", "boarding", "pre_chamber", "exposure", "recool"}
NOBODY = {"precool", "ready", "recool"}
LATCHED = {"fault", "evacuate", "estop"}
FIRST = {"recovery", "locked_out", *LATCHED}
LEAVING = {"exit", "evacuate", "estop"}
LEAVE = {int(Voice.LEAVE_NOW), int(Voice.EVACUATE)}
MAIN_OXYGEN = ("AT-101A", "AT-101B", "AT-101C")
SCAN_S = 0.1
REACT_S = 1.2  # read, decide, write, drive: four scans, and a slow network on top
LEASE_S = (5.0, 2.0)  # empty, occupied
STAY_S, STAY_GRACE_S, EXIT_S = 180.0, 5.0, 25.0
ANSWER_S = 4.5


class BrokenError(AssertionError):
    """An invariant did not hold."""


class Judge:
    """The observer in the room. ``stack`` is set once it exists; before that there is nothing to judge."""

    def __init__(self) -> None:
        self.stack: Stack | None = None
        self.before: dict[str, Any] | None = None  # last snapshot of this process
        self.judged = 0
        self.states: set[str] = set()
        self._since: dict[str, float] = {}
        self._answered: set[str] = set()
        self._accepted: dict[str, float] = {}
        self._exposure: tuple[float, float] | None = None
        self._events = 0
        self.failed: str | None = None

    def _lasts(self, what: str, holds: bool, now: float) -> float:
        """For how long something has been so without a break, seconds."""
        if not holds:
            self._since.pop(what, None)
            return 0.0
        return now - self._since.setdefault(what, now)

    def _must(self, claim: str, holds: bool, what: str) -> None:
        if not holds:
            state = self.before["cycle"]["state"] if self.before is not None else "no snapshot"
            self.failed = f"{claim}: {what} (state {state})"
            raise BrokenError(self.failed)

    # --- plant and PLC ---------------------------------------------------------------------------------------------------

    def look(self) -> None:
        s = self.stack
        if s is None:
            return
        self.judged += 1
        now, world, plant = s.loop.time(), s.world, s.world.plant
        drive, truth, crowd = world.actuators, world.truth(), plant.crowd
        in_main, in_pre = crowd.count(Place.MAIN), crowd.count(Place.PRE)
        inside = in_main + in_pre
        flows = drive.xv_401 and (drive.valve_main > 0.0 or drive.valve_pre > 0.0)
        lease = LEASE_S[self._lasts("inside", inside > 0, now) > 0.5]  # the PLC has to see them first
        linked = s.running and not s.loop.network.cut and world.answering
        unlinked = self._lasts("unlinked", not linked, now)
        reaction = REACT_S if self._lasts("linked", linked, now) > REACT_S else lease + REACT_S
        told = decode(COMMAND, s.memory.command)

        for place, count, oxygen in (("main room", in_main, truth.o2_main_pct), ("pre-chamber", in_pre, truth.o2_pre_pct)):
            self._must("I1", count == 0 or oxygen >= 18.0, f"{oxygen:.1f} % oxygen in the {place} with {count} inside")
        low = self._lasts("oxygen", self._oxygen_low(), now)
        self._must("I1", low <= 2.0 + reaction or not flows, f"nitrogen {low:.1f} s after the oxygen fell or was lost")
        ajar = self._lasts("door", not (plant.inner.shut and plant.outer.shut), now)
        self._must("I2", ajar <= 0.5 + reaction or not flows, f"nitrogen with a door open for {ajar:.1f} s")
        asked = told["valve_main"] > 0.0 or told["valve_pre"] > 0.0
        held = self._lasts("door seen", not (plant.inner.shut and plant.outer.shut) and linked, now)
        self._must("I2", held <= 0.5 + REACT_S or not asked, f"nitrogen asked for with a door open for {held:.1f} s")
        stay = self._lasts("stay", in_main > 0, now)
        self._must("I3", stay <= STAY_S + EXIT_S + reaction or not flows, f"nitrogen {stay:.0f} s after somebody came in")
        if stay > STAY_S + STAY_GRACE_S + EXIT_S + reaction and world.answering:
            self._must("I3", world.voice in LEAVE or not drive.xv_401, f"nobody is called out after {stay:.0f} s")
        silent = self._lasts("silent", not linked, now)
        self._must("I7", silent <= lease + 0.5 or not drive.xv_401, f"main valve open {silent:.1f} s after the last heartbeat")
        bad = self._lasts("temperatures", self._temperatures_bad(), now)
        self._must("I10", bad <= 3.5 + reaction or not flows, f"nitrogen {bad:.1f} s after the temperature was lost")
        self._must("I16", -140.0 <= told["setpoint_main"] <= 20.0 or not any(s.memory.command), f"set point {told['setpoint_main']}")
        self._must("I16", max(told["valve_main"], told["valve_pre"]) <= 100.0, "valve demand above 100 %")
        self._must("I16", told["exposure_limit"] <= STAY_S, f"exposure limit {told['exposure_limit']}")
        if unlinked == 0.0 and world.answering:
            self._exposure_clock(in_main > 0, now)
        else:
            self._exposure = None

    def _read(self) -> None:
        """Values as the PLC gives them, and which of them it does not call good."""
        if self.stack is None:
            raise RuntimeError("nothing to look at yet")
        self._now = decode(STATUS, self.stack.world.status)
        self._bad = {
            tag
            for register in STATUS
            if register.name.startswith("quality_")
            for n, tag in enumerate(register.parts)
            if int(self._now[register.name]) >> (4 * n) & 0xF != QualityNibble.GOOD
        }

    def _oxygen_low(self) -> bool:
        if self.stack is None or not self.stack.world.answering:
            return False
        self._read()
        below = sum(self._now[t] < 19.5 for t in MAIN_OXYGEN if t not in self._bad)
        lost = sum(t in self._bad for t in MAIN_OXYGEN)
        return below >= 2 or lost >= 2 or ("AT-301" not in self._bad and self._now["AT-301"] < 19.5)

    def _temperatures_bad(self) -> bool:
        if self.stack is None or not self.stack.world.answering:
            return False
        return sum(t in self._bad for t in ("TT-101", "TT-102", "TT-103")) >= 2

    def _exposure_clock(self, occupied: bool, now: float) -> None:
        """I9: while somebody stays in the main room the PLC's clock goes on, whatever becomes of control."""
        elapsed = self._now.get("exposure_elapsed", 0.0)
        if occupied and self._exposure is not None:
            was_s, was = self._exposure
            self._must(
                "I9", elapsed >= was - 0.11, f"the PLC's exposure clock went from {was:.1f} to {elapsed:.1f} s in {now - was_s:.1f} s"
            )
        self._exposure = (now, elapsed) if occupied else None

    # --- control ---------------------------------------------------------------------------------------------------------

    def restarted(self) -> None:
        """Control begins anew: what it said before does not bind it."""
        self.before = None
        self._accepted.clear()
        for what in [w for w in self._since if w.startswith(("cause ", "seen"))]:
            del self._since[what]

    def watch(self, snapshot: dict[str, Any]) -> None:
        s = self.stack
        if s is None:
            return
        now, state = s.loop.time(), snapshot["cycle"]["state"]
        was = None if self.before is None else self.before["cycle"]["state"]
        first, self.before = self.before is None, snapshot
        self.states.add(state)
        self._answers(now, state)
        crowd = s.world.plant.crowd
        in_main = sum(p.place is Place.MAIN and not p.fainted for p in crowd.people)
        visible = in_main + crowd.count(Place.PRE)
        fresh = snapshot["link"]["plc"] == "ok" and not s.loop.network.cut
        if first and not s.resumed:
            self._must("I8", state in FIRST, f"began in {state}")
        seen = self._lasts("seen", visible > 0 and fresh, now)
        self._must("I4", seen <= 0.5 + REACT_S or state not in NOBODY, f"people seen for {seen:.1f} s in {state}")
        if was is not None and was != state:
            self._moved(was, state, visible, now)
        self._session(snapshot, state)
        self._must(
            "I11", not snapshot.get("bypasses") or state not in {"boarding", "pre_chamber", "exposure"}, "a bypass with people inside"
        )
        shown = {a["id"] for a in snapshot["alarms"]}
        shown |= {a["id"] for a in snapshot["hidden_alarms"] if ALARMS[a["id"]].klass.value != "safety"}
        for cause in snapshot["causes"]:
            alarm = BY_ID[cause["id"]].alarm
            lasts = self._lasts(f"cause {cause['id']}", bool(cause["present"]), now)
            self._must(
                "I12", alarm is None or lasts < 1.0 or alarm in shown, f"{cause['id']} acts for {lasts:.1f} s and {alarm} is not shown"
            )
        for gone in [w for w in self._since if w.startswith("cause ") and w[6:] not in {c["id"] for c in snapshot["causes"]}]:
            del self._since[gone]
        for event in s.disk.said[self._events :]:
            self._must("monitor", event.kind is not EventKind.INVARIANT, f"the monitor found {event.data} broken")
        self._events = len(s.disk.said)
        self._must("scan", snapshot["scan"]["missed"] == 0, "scans missed")

    def _answers(self, now: float, state: str) -> None:
        s = self.stack
        if s is None:
            return
        for name, answer in s.answers.items():
            if name in self._answered:
                continue
            self._answered.add(name)
            _, kind = s.sent[name]
            if answer.get("outcome") == "accepted":
                self._accepted[kind] = now
            if kind in ("stop", "evacuate"):
                self._must("I14", answer["outcome"] == "accepted", f"{kind} answered with {answer}")
                self._must("I14", state not in COLD, f"{kind} taken and still in {state}")
        late = [n for n, (sent_s, _) in s.sent.items() if n not in s.answers and now - sent_s > ANSWER_S]
        self._must("I14", not late, f"no answer to {[s.sent[n] for n in late]}")

    def _moved(self, was: str, state: str, visible: int, now: float) -> None:
        def lately(*kinds: str) -> bool:
            return any(now - self._accepted.get(k, -1e9) <= SCAN_S + 0.01 for k in kinds)

        s = self.stack
        if s is None:
            return
        plant = s.world.plant
        if state == "exposure":
            shut = plant.inner.fraction < 0.5 and plant.outer.fraction < 0.5  # the reading may be two scans old
            self._must("I5", was == "pre_chamber" and shut, f"exposure from {was}, doors shut: {shut}")
        if was in LATCHED and state not in LATCHED:
            self._must("I6", state == "purge" and lately("reset"), f"{was} left for {state} without a reset")
        if state in COLD and was not in COLD:
            self._must("I8", lately("precool", "resume", "confirm_empty"), f"from {was} to {state} without a command")
        if was in LEAVING and state in COLD:
            self._must("I15", visible == 0, f"from {was} to {state} with {visible} inside")

    def _session(self, snapshot: dict[str, Any], state: str) -> None:
        s, session = self.stack, snapshot["session"]
        if s is None or session is None:
            self._session_was: tuple[int, float, float] | None = None
            return
        was = getattr(self, "_session_was", None)
        if was is not None and was[0] == session["id"]:
            self._must("I9", session["elapsed_s"] >= was[1] - 0.15, f"the clock went from {was[1]:.1f} to {session['elapsed_s']:.1f} s")
            self._must("I9", session["limit_s"] <= was[2], f"the limit grew from {was[2]:.0f} to {session['limit_s']:.0f} s")
        self._must("I9", session["limit_s"] <= STAY_S, f"limit {session['limit_s']:.0f} s")
        if state in ("pre_chamber", "exposure"):
            self._must("record", session["id"] in s.disk.sessions, f"session {session['id']} is not on disk")
        self._session_was = (session["id"], session["elapsed_s"], session["limit_s"])

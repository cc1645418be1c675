"""The automatic tuning in the scan: its commands, its events, and the regulators that come into force by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chamber.commands import Command, CommandKind, Reason
from chamber.events import EventKind
from chamber.profile import DeviceProfile, Regulator
from chamber.upkeep import Entry, Kind, differences, fingerprint, flat
from control.autotune import Ended, begin_run, changed_loop, end_run, interrupted, record, room_of, rooms_of, second, setpoint, take_fit
from control.regulate import begin
from control.scan import Scan
from control.state import Loop
from control.tuning_state import Phase, Tuning
from control.upkeep import enter

K = CommandKind


def follow_tuning(scan: Scan) -> None:
    """After the cycle has moved: what ends a run, and what the fit has found."""
    t = scan.tuning
    if t.run is None:
        return
    why = interrupted(t, scan.facts, scan.verdict, scan.cycle)
    scan.tuning = take_fit(t, scan.inputs.fitted, scan.now) if why is None else end_run(t, *why)
    _tell(scan, t)


def tune(scan: Scan, main: Loop, pre: Loop, *, second_over: bool) -> tuple[Loop, Loop]:
    """After the laws: record, move the run by its second, put an accepted regulator in force."""
    if second_over:
        plc = scan.plc
        driven = (None, None) if plc is None else (plc.valve_main_pct, plc.valve_pre_pct)
        scan.tuning = record(scan.tuning, scan.facts, scan.cycle, driven)
        run = scan.tuning.run
        if run is not None:
            before, p = scan.tuning, room_of(scan.old.profile, run.room)
            if run.room == "main":
                scan.tuning, main = second(before, scan.facts, scan.cycle, main, p)
            else:
                scan.tuning, pre = second(before, scan.facts, scan.cycle, pre, p)
            _tell(scan, before)
    if scan.profile is not scan.old.profile:
        main = _changed(scan, "main", main)
        pre = pre if scan.profile.regulator_pre is None else _changed(scan, "pre", pre)
    return main, pre


def _changed(scan: Scan, room: str, loop: Loop) -> Loop:
    old, new = room_of(scan.old.profile, room), room_of(scan.profile, room)
    if old == new:
        return loop
    wanted = None if scan.cycle.program is None or loop.mode == "off" else setpoint(scan.cycle.program, room)
    measured = (scan.facts.main if room == "main" else scan.facts.pre).value
    return changed_loop(loop, old, new, begin(new), wanted, measured)


def _tell(scan: Scan, before: Tuning) -> None:
    old, new = before.run, scan.tuning.run
    if old is None or old is new:
        return
    if new is None:
        scan.tell(EventKind.SYSTEM, tuning="ended", room=old.room, why=scan.tuning.ended, by=scan.tuning.ended_by)
    elif new.phase is not old.phase:
        scan.tell(EventKind.SYSTEM, tuning=new.phase.value, room=new.room)


# --- commands; each returns why it is refused ------------------------------------------------------------------------------


def _begin(scan: Scan, command: Command) -> tuple[Reason, ...]:
    room, run = command.args.get("room", "main"), scan.tuning.run
    if scan.profile.head_out or room not in rooms_of(scan.profile):  # the test knows rooms, not a duct
        return (Reason("unknown_room", {"room": str(room)}),)
    if run is not None and run.phase is not Phase.PROPOSED:
        return (Reason("tuning_runs", {"room": run.room}),)
    if scan.tuning.recorded is None:
        return (Reason("no_precool_recorded"),)
    scan.tuning = begin_run(scan.tuning, str(room), command.user, scan.now, scan.verdict)
    scan.tell(EventKind.SYSTEM, tuning="began", room=room, user=command.user)
    return ()


def _end(scan: Scan, command: Command) -> tuple[Reason, ...]:
    before = scan.tuning
    if before.run is None:
        return (Reason("no_tuning"),)
    scan.tuning = end_run(before, Ended.ASKED, command.user)
    _tell(scan, before)
    return ()


def _accept(scan: Scan, command: Command) -> tuple[Reason, ...]:
    """Only what was shown is accepted: the fingerprint is that of the proposal, or nothing happens."""
    run = scan.tuning.run
    if run is None or run.proposal is None:
        return (Reason("no_proposal"),)
    if command.args.get("fingerprint") != run.proposal.fingerprint:
        return (Reason("other_proposal", {"fingerprint": run.proposal.fingerprint}),)
    scan.tuning = scan.tuning._replace(run=None, undo={**scan.tuning.undo, run.room: room_of(scan.profile, run.room)})
    _put_in_force(scan, command, run.room, run.proposal.regulator, "accepted")
    return ()


def _revert(scan: Scan, command: Command) -> tuple[Reason, ...]:
    room = str(command.args.get("room", "main"))
    old = scan.tuning.undo.get(room)
    if old is None:
        return (Reason("nothing_to_revert", {"room": room}),)
    scan.tuning = scan.tuning._replace(undo={r: p for r, p in scan.tuning.undo.items() if r != room})
    _put_in_force(scan, command, room, old, "reverted")
    return ()


def _put_in_force(scan: Scan, command: Command, room: str, new: Regulator, change: str) -> None:
    """From the next scan on. It changes the configuration and counts as work on the device (H-20, H-27): the signature on the regulator is
    the one on the configuration if nothing else in it waits for one."""
    scan.profile = scan.profile.model_copy(update={f"regulator_{room}": new})
    upkeep = scan.shop.upkeep
    if upkeep.in_force:
        name = f"profile.regulator_{room}"
        others = {k: v for k, v in upkeep.in_force.items() if not k.startswith(f"{name}.")}
        in_force = {**others, **dict(flat(name, new.model_dump(mode="json")))}
        signed = upkeep.accepted is not None and not differences(upkeep.accepted.configuration, upkeep.in_force)
        scan.shop = scan.shop._replace(upkeep=upkeep._replace(in_force=in_force), fresh=False)
        if signed:
            note = f"regulator of room {room} tuned here: {change}"
            mine = fingerprint(in_force)
            enter(scan, Entry(Kind.ACCEPTED, scan.inputs.utc_s, mine, by=command.user, note=note, configuration=in_force))
    scan.tell(EventKind.TUNING, change=change, room=room, user=command.user, **tuning_data(scan.profile, scan.tuning))


TUNING: dict[CommandKind, Callable[[Scan, Command], tuple[Reason, ...]]] = {
    K.TUNE: _begin,
    K.END_TUNING: _end,
    K.ACCEPT_TUNING: _accept,
    K.REVERT_TUNING: _revert,
}


# --- what a restart has to know --------------------------------------------------------------------------------------------


def tuning_data(profile: DeviceProfile, t: Tuning) -> dict[str, Any]:
    """The regulators in force, what they replaced, and which file they were tuned on."""
    return {
        "in_force": {room: room_of(profile, room).model_dump(mode="json") for room in rooms_of(profile)},
        "undo": {room: p.model_dump(mode="json") for room, p in t.undo.items()},
        "base": dict(t.base),
    }


def tuned(profile: DeviceProfile, data: Mapping[str, Any] | None, marks: Mapping[str, str]) -> tuple[DeviceProfile, Tuning]:
    """The profile of the file with the regulators accepted last. A file whose regulator was changed since then wins.

    ``data``: of the newest TUNING event; ``marks``: fingerprints of the file's regulators. Raises pydantic.ValidationError if what was
    recorded is no regulator.
    """
    t = Tuning(base=dict(marks))
    if data is None:
        return profile, t
    for room in rooms_of(profile):
        if data["base"].get(room) != marks[room]:
            continue
        profile = profile.model_copy(update={f"regulator_{room}": Regulator.model_validate(data["in_force"][room])})
        if room in data["undo"]:
            t = t._replace(undo={**t.undo, room: Regulator.model_validate(data["undo"][room])})
    return profile, t

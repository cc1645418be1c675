"""English sentences of the codes that leave the core: reasons of refusal and guidance. The panel translates by code."""

from __future__ import annotations

from collections.abc import Mapping

REASONS: dict[str, str] = {
    "role_too_low": "Sign in as {needed} first.",
    "not_in_this_state": "Not possible in state {state}.",
    "no_link": "The PLC is not answering.",
    "no_lease": "The PLC does not accept the heartbeat.",
    "action_active": "{cause} is active.",
    "plc_tripped": "The PLC has tripped: {trip}.",
    "door_not_shut": "The {door} door is not shut.",
    "somebody_inside": "A presence sensor sees somebody inside.",
    "presence_unknown": "The presence sensors cannot be read.",
    "occupied": "The PLC holds the chamber as occupied: open the door, look, confirm that it is empty.",
    "room_evacuated": "The room is being evacuated.",
    "oxygen_unknown": "The oxygen is not being measured.",
    "oxygen_too_low": "Oxygen {lowest_pct:.1f} %: at least {needed_pct:.1f} % is needed.",
    "count_missing": "Count the people who came out and enter the number.",
    "count_mismatch": "{counted} came out, {inside} went in: look for the missing.",
    "not_counted_out": "Count {persons} out and confirm that the chamber is empty first.",
    "cool_off": "An exposure was broken off: no boarding for another {left_s} s.",
    "nothing_to_resume": "Nothing was cooling: shut down and start up.",
    "oxygen_not_good_long_enough": "Oxygen has been good for entry for {held_s} s; {needed_s:.0f} s are needed.",
    "not_at_temperature": "Not yet at temperature.",
    "records_not_ok": "Records cannot be written.",
    "record_not_durable": "The session record is not on disk yet.",
    "checks_missing": "Not confirmed: {items}.",
    "persons_range": "The number of people must be {low} to {high}.",
    "unknown_program": "There is no program {program!r}.",
    "other_temperature": "The chamber holds {ready_c:.0f} °C, the program needs {wanted_c:.0f} °C: precool for it first.",
    "colder_than_program": "The room is at {measured_c:.0f} °C, colder than the program's {wanted_c:.0f} °C: let it warm first.",
    "nobody_in_pre_chamber": "Nobody is seen in the pre-chamber yet.",
    "door_not_opened": "Open the door and look inside first.",
    "cause_present": "{cause} is still present.",
    "clear_too_short": "{cause} has been clear for less than 10 s.",
    "plc_rejected": "The PLC refused: {reason}.",
    "plc_no_answer": "The PLC did not confirm in time; look at the plant before trying again.",
    "command_busy": "Another command is still waiting for the PLC.",
    "duplicate_id": "This id was used for another command.",
    "unknown_command": "There is no command {kind!r}.",
    "unknown_alarm": "There is no active alarm {alarm!r}.",
    "no_such_alarm": "There is no alarm {alarm!r}.",
    "not_shelvable": "{alarm} is of safety class or high priority: it is never shelved.",
    "shelf_time": "{alarm} can be shelved for 1 to {most:.0f} minutes.",
    "reason_missing": "Say why, in 3 to 200 characters.",
    "alarm_state": "{alarm} is {state}: this is not possible now.",
    "second_person_needed": "{alarm} is of safety class: a second person has to sign, too.",
    "somebody_may_be_inside": "Somebody may be inside.",
    "nothing_sounds": "No alarm sounds.",
    "already_paused": "The sound is paused already.",
    "expired": "The command waited too long and was dropped; look at the plant, then give it again.",
    "control_silent": "The control process is not answering.",
    "locked_out": "Three starts within 10 minutes: service must look first.",
}

GUIDANCE: dict[str, str] = {
    "plc_silent": "The PLC is silent. Look at the lamps on the cabinet.",
    "look_inside_confirm_empty": "Open the door, look inside, then confirm that the chamber is empty.",
    "press_start_up": "Start up: the self-test takes a few seconds.",
    "self_test": "Self-test: {done} of {total} checks passed.",
    "choose_precool": "Choose a program and precool.",
    "cooling_down": "Cooling down.",
    "start_a_session": "Ready. Start a session when the guests are.",
    "writing_record": "Writing the session record.",
    "let_guests_in": "Let {persons} into the pre-chamber through the outer door.",
    "wait_door_shut": "Shut the {door} door.",
    "start_when_inside": "Count {persons} in the pre-chamber, then start.",
    "pre_chamber": "In the pre-chamber.",
    "guests_go_to_main": "The guests go on into the main room.",
    "exposure": "In the main room.",
    "confirm_presence": "Confirm that you are here: {left_s} s left.",
    "cooling_off": "No boarding for another {left_s} s: an exposure was broken off.",
    "shut_down": "Shut down, then start up again.",
    "guests_leave": "Everybody out: see the guests through both doors.",
    "open_the_door": "Open the {door} door from outside.",
    "confirm_everybody_out": "Count the guests, then confirm that everybody is out.",
    "recooling": "Cooling back to temperature.",
    "held": "Held: {cause}.",
    "resume_possible": "The cause is gone. Resume when it is understood.",
    "evacuating": "Everybody out. Then open the door, look, and confirm that the chamber is empty.",
    "reset_blocked": "Reset waits for {cause}.",
    "open_door_before_reset": "Open the door and look inside before the reset.",
    "reset_possible": "The cause is gone. Reset when it is understood.",
    "release_estop": "Release the emergency stop at the chamber.",
    "purging": "Ventilating.",
    "locked_out": "Locked out after repeated restarts. Call service.",
}


def say(table: Mapping[str, str], code: str, params: Mapping[str, float | int | str]) -> str:
    """The English sentence of a code.

    Raises KeyError for a code without text: a code must not leave the core without one.
    """
    return table[code].format(**params)

"""docs/devices.md: what the small devices are, by which equations and values, and how they stand beside reported figures."""

from __future__ import annotations

from simulator.cabin import equations as cabin
from simulator.datasheet import Entry, entries
from simulator.device_figures import Effect, Figure, sensitivity
from simulator.local import equations as local

HEAD = """# Simulated devices

<!-- made by `cryochamber device figures`; change the modules, not this page -->

| device | profile | plant | in virtual time | at the panel | random days |
|---|---|---|---|---|---|
| two-room walk-in, nitrogen in coils | `walk-in-two-room` | `walk-in-two-room.toml` | `cryochamber simulate scenarios/day-of-sessions.toml` | `cryochamber demo` | `cryochamber campaign` |
| the same, liquid air (79/21) blown in | `walk-in-synthetic-air` | `walk-in-synthetic-air.toml` | `simulate scenarios/synthetic-air.toml` | `demo --profile walk-in-synthetic-air` | `campaign --profile walk-in-synthetic-air` |
| the same, liquid nitrogen blown in | none, on purpose | `walk-in-direct-nitrogen.toml` | `simulate scenarios/direct-nitrogen.toml` | - | - |
| single-person cabin, head out | `cabin` | `cabin.toml`, `cabin-supervised.toml` | `simulate scenarios/cabin-session.toml`, `cabin-cold.toml` | `demo --profile cabin` | `campaign --profile cabin` |
| hand-held device: jet, distance, skin | none: nothing supervises it yet | `local.toml` | `simulate scenarios/hand-held.toml` | - | - |

Profiles are in `chamber/profiles/`, plant parameters in `simulator/plants/`, each with its source or "assumed". A profile that does not exist is
refused with the list of those that do. What the walk-ins compute stands in [plant.md](plant.md).

- **Liquid nitrogen blown in** cannot keep 19.5 vol%: mixing liquid nitrogen into 20 °C air gives 14.2 % at -110 °C, 19.5 % is left at -7 °C at the coldest
  (adiabatic). The scenario runs the profile for synthetic air on a tank of nitrogen: the lowest in the chamber is 19.0 vol%, the nitrogen is shut during the
  cool-down, and no session ever begins. There is no profile for it, so nobody can run one by mistake.
- **The cabin's set point** goes from -60 to -160 °C. A limit holds it there, not the plant: the guardrail of any device (H-09; `chamber/limits.py`), with the
  exposure capped at 150 s from -140 °C and at 120 s from -160 °C. Published studies used -160 °C. Cabins are sold down to -180 °C; that takes a written protocol
  of its own and another guardrail. Simulated at -160 °C under the supervisor: -159.4 °C held, 19.9 vol% at the face, 19.6 at the floor of the room, coldest skin 11 °C.

- **Random days of the cabin** (`cryochamber campaign --profile cabin`, seeds 1 and 2, 180 sessions, 90 of them with something broken): no claim violated.
  A guest who faints breathes 14 vol% for seconds and is above 18 again within 6 s; a short guest (1.54 m), whose mouth passes below the rim while stepping in,
  18.4 for about a second, because the purge begins with the door.

Below, cabin and hand-held device run on their own; as a [supervised device](decisions/0014-cabin-is-one-room.md) the cabin has a stronger hood.

```
cryochamber device cabin --set -160 --sessions 3
cryochamber device local --distance-cm 15 --minutes 3
cryochamber device figures            # prints every figure beside the reported one, writes this page
```

Every figure here is simulated. Nothing is fitted to the reported figures, with one exception that is marked: the film coefficient
of the hand-held jet was inferred from the phantom that it is held against. Values marked "assumed" have no source; the table at the
end shows what they do. Nobody may dose a person by these models.
"""

MISSES = """
What misses, and why nothing was changed for it:

- **Gas of the cabin** (two rows). The sources contradict each other. One vendor has the cabin "slightly", 15 to 20 %, warmer than the display, far colder
  than ours; a measurement quoted by another has -50 °C in the middle of an empty cabin of unknown set point, far warmer than ours. A fan three times as
  strong, with an evaporator to match, meets the first (-131 °C), but takes 12 to 13 K from the skin of the first two guests where two papers measured 8.3, and
  8.4 kg of nitrogen per guest; with `recirculation_kg_s` at the low end of its range the middle is at -42 °C with a guest inside, and the skin loses 6.0 K.
  The skin is the best measured of them.
- **Eight layers instead of two zones** were tried, since cold gas lies still under warm: gas that rises without mixing is colder about the legs than where it
  leaves them. Against the vendor that gives -117 °C, but the empty middle goes to -95 °C, the skin loses 10.9 K, and the chest falls behind a chamber
  by 31 % where 53 were measured. Four layers lie between. The other way, an exchange of the zones of 37 g/s instead of 3 (a turbulence of 0.5 m/s across such
  layers: a fifth of what it dissipates lifts cold gas) gives -85 and -66 °C, legs that lag by 34 %. Neither brings a miss inside, and both lose measured skin.
- **Gas of a walk-in by height** (one row). Two chambers of other makes were measured 39 and 58 K colder at 0.6 m than at 1.8 m. Our two-room chamber
  has fans that stir it, to an assumed 3.5 K at rest (`spread_k`). Whether those had fans could not be seen; without them ours would be at four times as much.

What sources leave open, and how it is read:

- **Legs and chest against a chamber** (Polidori 2018; a camera, so after the exit, taken as 30 s). The chamber is the mean of the two measured by height; what
  they were set to could not be seen. Beside the first of them alone legs and chest lag by 14 and 47 %, beside the second by 26 and 57; were both at
  -120 °C, and the paper's as much colder as its -140 asks, by 33 and 60. Until those measurements were found the chamber was a uniform -131 °C, which
  no chamber has been seen to have: 30 and 68 %.
- **Beside the guest** (Bouzigon 2017, quoted). With somebody in the middle a thermometer hangs in the gas that his skin warms; that paper, from memory,
  measured next to the skin. Half way between skin and gas is assumed. The free gas half way up is at -62 °C.
- **Nitrogen per guest of the two-room chamber.** 6.2 kg "as soon as" the second hour is where the chamber breaks even with a cabin that "tends to" 6: both
  words are of the average since the start, and of the best case. The number of guests is not told. Full service is taken as three guests, 3 min after the last
  three, 26 an hour. Both figures fit from 25 to 43 guests an hour, which is as many as get through the doors; with the 7 min and 16 guests of the reference
  protocol the averages are 8.1 and 6.0 kg, which do not. Of each hour alone ours take 4.6, 4.1, 4.0 and 3.9 kg at that pace. The nitrogen of the cool-down is held
  against a report of its own: that inferred from the fall of these averages depended on the same unknown number.
- **Three guests against none.** A computed flow has 6.7 K: between one guest and three says its abstract, between an empty chamber and three its conclusion. Its
  skin, 0.4 K warmer with three than alone, agrees with the second: for 0.6 K of skin ours needs 4.2 K of gas.

The guest's visit is that of the reference model throughout, here and where the gas of published cases is taken from the cabin: 45 s of precooling,
3 min, 7 min between. Earlier figures precooled only until the display was there (27 s), which left the mean of four visits 0.1 kg short.
"""

CABIN = """## Single-person cabin

Head out, nitrogen vapour blown in, display = temperature of the supply gas. `simulator/cabin/equations.py`, {states} states,
Runge-Kutta of fourth order at {step} s.

- **Gas**: three zones of constant volume at constant pressure (lower, upper, collar), flows in mol/s. The enthalpy of such a zone
  is constant, so its outflow follows from `sum(N_in T_in) + Q/c_p = N_out T` and its temperature from the balance of moles.
- **Oxygen** by zone: lower, upper, collar, floor layer and breathing layer of the room; `n dx/dt = sum(N_in (x_in - x))`.
- **Nitrogen**: supply line that cools down (flash, boil-off on warm metal), valve with lag, evaporator with liquid inventory that
  boils and overflows, duct with metal and heat leak. Recirculated gas and vapour mix and give their heat to the evaporator.
- **Walls**: liner and {foam} nodes of foam for either zone. Room air that falls in brings water, which freezes.
- **Leaks and doors**: seam of the door by the weight of the cold gas, open door after Gosney and Olama.
- **Rim**: the hood takes its share of all that leaves the collar; the rest spills to the floor of the room. Lack of oxygen above the rim dies
  away with height; the lift sets the height of the mouth.
- **Guest**: a whole body of nine sites (`simulator/body.py`); feet, legs and hips in the lower zone, trunk and arms in the upper, head outside.
- **Control**: PI on the valve holding the supply gas; nitrogen and fan rest while the door is open.

Left out: fog in the collar, cold of the spilled gas in the (heated) room, liquid drops on the skin, the guest's breath.

Tests (`tests/simulator/test_cabin.py`): energy and oxygen close within 0.1 % through a visit with doors, a failing extract and a guest; halving the step
and LSODA agree within 5 mK; plain Python gives the same as compiled code; the room follows the hand formula for oxygen deficiency (case A).
"""

LOCAL = """## Hand-held device

Vapour from a small dewar through a hose onto the skin. `simulator/local/equations.py`, {states} states, Runge-Kutta at {step} s.

- **Dewar**: liquid and vapour in equilibrium at one pressure; heater, heat leak and vapour drawn off move it. Orifice after Saint-Venant and Wantzel.
- **Hose and nozzle**: one lump between gas and room; the gas warms by it.
- **Jet**: `theta = min(1, K d sqrt(rho_0/rho_a) / x)` on the axis; film coefficient at the skin from measurements, with the square root of the flow.
- **Operator**: distance, and the share of time on the site when sweeping.
- **Target**: one site of a body (`simulator/body.py`), or a gel phantom of 60 mm.
- **Room**: oxygen in one well-mixed volume.

The film is several times below what correlations for impinging round jets give at this nozzle and flow (extrapolated to this distance): real
nozzles diffuse the jet. With another nozzle it has to be measured anew. Left out: liquid carried over when the dewar is tilted, ice on the nozzle, crosswind, freezing of tissue.

Tests (`tests/simulator/test_local.py`): energy and mass close within 0.1 %; step halving and LSODA within 5 mK; boiling temperature within 0.1 K
of the reference equation (CoolProp); phantom against the closed form of a half space; oxygen of the room against case A.
"""


def text(rows: list[Figure]) -> str:
    """The whole page."""
    inside = sum(f.inside for f in rows)
    parts = [
        HEAD,
        f"## Against reported figures\n\n{inside} of {len(rows)} inside; one reported value counts with ± 25 % or its own spread. The table is on [the validation page](validation.md).",
        MISSES,
        CABIN.format(states=cabin.STATES, step=cabin.STEP_S, foam=cabin.FOAM_NODES),
        f"### What the unpublished values do\n\n{_effects(sensitivity())}",
        f"### Values\n\n{_values(entries('cabin'))}",
        LOCAL.format(states=local.STATES, step=local.STEP_S),
        f"### Values\n\n{_values(entries('local'))}",
    ]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _values(found: tuple[Entry, ...]) -> str:
    lines = ["| name | value | range | unit | source |", "|---|---|---|---|---|"]
    lines += [f"| `{e.name}` | {e.value:g} | {e.low:g} to {e.high:g} | {e.unit} | {e.source} |" for e in found]
    return "\n".join(lines)


def _effects(effects: list[Effect]) -> str:
    lines = [
        "Second session at -160 °C with each value at the low and the high end of its range, all others as they are.",
        "",
        "| value | nitrogen kg | lower °C | upper °C | collar O2 % | room O2 % | legs °C | trunk °C |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for e in effects:
        pairs = [
            (e.low.nitrogen_kg, e.high.nitrogen_kg, 1),
            (e.low.lower_mean_c, e.high.lower_mean_c, 0),
            (e.low.upper_mean_c, e.high.upper_mean_c, 0),
            (e.low.oxygen_collar_min_pct, e.high.oxygen_collar_min_pct, 1),
            (e.low.oxygen_room_min_pct, e.high.oxygen_room_min_pct, 1),
        ]
        if e.low.skin is not None and e.high.skin is not None:
            pairs += [(e.low.skin.legs_c, e.high.skin.legs_c, 1), (e.low.skin.trunk_c, e.high.skin.trunk_c, 1)]
        lines.append(f"| `{e.name}` | " + " | ".join(f"{a:.{d}f} / {b:.{d}f}" for a, b, d in pairs) + " |")
    return "\n".join(lines)

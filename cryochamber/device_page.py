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

- **Gas of the cabin** (three rows). The sources contradict each other. One vendor has the cabin 15 to 20 % warmer than the display, far colder than
  ours; one measured cabin, of unknown set point, was at -25 °C half way up, far warmer than ours. The one value that moves it (`recirculation_kg_s`)
  at the high end of its range gives -119 °C of the -128 asked for, and takes 10.6 K from the skin of the first two guests where two papers measured
  8.3; at its low end the middle is still at -42 °C, and the skin loses 6.0 K. The drop of the skin is the best measured of them, and with the
  value as it is it agrees (8.2).
- **Legs and chest against a chamber** (two rows; Polidori 2018). Both cool too little beside a chamber, which again asks for colder gas. The abstract
  does not say of what the 15 and 53 % are: taken of the temperature instead of its fall ours are 42 and 59 %, read half a minute after the exit.
- **Nitrogen per guest of the two-room chamber** (two rows). 6.2 kg in the second and 4 kg from the fourth hour are either of each hour or the average
  since the start; the source does not say, nor how many guests came. Either reading fits ours in one of the two hours and not in the other. Of each
  hour, the fall asks for a heat leak that shrinks by more than a whole chamber's; on the average, each guest after the cool-down would take 1.8 kg for
  skin, doors and the chamber's own heat leak together, where the heat of the skin alone boils 1.4. Something between is true, and no value of ours decides it.
- **Three guests against one** (one row). A computed flow has 6.7 K, ours 4.2 K, in another room and with a regulator that answers.

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

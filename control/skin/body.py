"""Sites of the body and what is not known of a person, as data.

No person is measured and none is known by name: figures are those of an unclothed adult at rest, and every spread is two standard
deviations of what people, films and places differ by (proposed, from the ranges of the physics reference; not fitted to the simulator).
"""

from __future__ import annotations

from typing import NamedTuple


class Site(NamedTuple):
    """Bare skin of a part of the body. Lengths m; ``rest_c`` of its surface in a warm room; ``film``: convection against the mean of
    the body; ``share`` of its area; ``low``: it stands in the lowest gas."""

    name: str
    rest_c: float
    fat_m: float
    film: float
    share: float
    low: bool = False


TRUNK, ARM, LEG, FACE, SPOT = "trunk", "arm", "leg", "face", "spot"
SITES = (
    Site(TRUNK, 33.0, 0.009, 0.90, 0.42),
    Site(ARM, 32.0, 0.005, 1.05, 0.17),
    Site(LEG, 31.3, 0.008, 1.15, 0.36, low=True),
    Site(FACE, 33.5, 0.003, 1.10, 0.05),
    # the spot that cools most: bone under thin skin, in a draught. 1.6 puts a slab onto the frostnip times of faces in wind
    # (Ducharme and Brajkovic 2005), range 1.25 to 2.0
    Site(SPOT, 32.0, 0.003, 1.60, 0.0, low=True),
)
SKIN_M = 0.0019
CORE_C = 36.8
REST_W_M2 = 60.0  # heat leaving bare skin at rest
FLOW_WARM, FLOW_COLD = 6.3, 0.6  # blood of the skin in L/h m² at a surface of 34 °C, and of 20 °C
FLOW_WARM_C, FLOW_COLD_C, FLOW_LAG_S = 34.0, 20.0, 30.0
BLOOD_W_H_LK = 3.85e6 / 3.6e6  # W/K by a flow of 1 L/h
SPEED_M_S = 0.2  # gas past a person in a closed chamber


class Spread(NamedTuple):
    """What a person, their place and the air may be instead, towards colder skin; one row of the estimate each."""

    name: str
    rest_k: float = 0.0
    film: float = 1.0
    speed_m_s: float = SPEED_M_S
    gas_k: float = 0.0
    skin: float = 1.0  # of the thickness
    fat: float = 1.0
    flow: float = 1.0
    first: bool = False  # in as early as the first of the group


NOMINAL = Spread("nominal")
SPREADS = (
    Spread("rest", rest_k=-2.0),
    Spread("film", film=1.25),
    Spread("speed", speed_m_s=0.45),
    Spread("gas", gas_k=-6.0),  # the place one stands at against the middle of the room: height, draught, thermometers
    Spread("tissue", skin=0.8, fat=1.7),
    Spread("flow", flow=0.6),
    Spread("entry", first=True),
)
UNREAD = Spread("unread")  # as nominal, in gas as warm as it may have become while nobody measured it
ROWS = (NOMINAL, *SPREADS, UNREAD)

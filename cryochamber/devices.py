"""`cryochamber device`: the small devices of the simulator run by hand, and the page of their figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

device_app = typer.Typer(
    help="The simulated cabin and hand-held device: run them, and hold their figures against reported ones.", no_args_is_help=True
)


def _refuse(text: str) -> typer.Exit:
    typer.echo(f"cryochamber: {text}", err=True)
    return typer.Exit(2)


@device_app.command()
def cabin(
    set_c: Annotated[
        float, typer.Option("--set", help="Set point of the supply gas, what the device displays, °C.", min=-185, max=-60)
    ] = -160.0,
    sessions: Annotated[int, typer.Option(help="Guests, one after the other.", min=1, max=200)] = 3,
    seconds: Annotated[float, typer.Option(help="Length of a session.", min=10, max=300)] = 180.0,
    gap_min: Annotated[float, typer.Option(help="Minutes between guests.", min=0, max=240)] = 7.0,
    mouth_cm: Annotated[float, typer.Option(help="Height of the mouth above the rim: what the lift is set to.", min=-30, max=60)] = 15.0,
    extract: Annotated[float, typer.Option(help="Extract at the rim, share of nominal: 0 is failed.", min=0, max=2)] = 1.0,
    fresh: Annotated[float, typer.Option(help="Ventilation of the room, share of nominal.", min=0, max=2)] = 1.0,
    valve_stuck: Annotated[
        float | None, typer.Option(help="Fault: the nitrogen valve stands at this opening, 0 to 1.", min=0, max=1)
    ] = None,
    display_error_k: Annotated[
        float, typer.Option("--display-error", help="Fault: the sensor reads so many K too warm.", min=-60, max=60)
    ] = 0.0,
    empty: Annotated[bool, typer.Option("--empty", help="Nobody inside.")] = False,
    seed: Annotated[int | None, typer.Option(help="Draw the guests from the population. Default: the reference man.", min=0)] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for a CSV and a plot of the run, second by second.")] = None,
) -> None:
    """Sessions in the single-person cabin, head out, nitrogen vapour blown in. Begins warm."""
    from cryochamber.device_record import Recorder, write_cabin
    from simulator.cabin.device import Cabin
    from simulator.cabin.visits import Plan, run

    device = Cabin()
    device.extract, device.fresh, device.mouth_above_rim_m = extract, fresh, mouth_cm / 100.0
    device.valve_stuck, device.display_error_k = valve_stuck, display_error_k
    recorder = Recorder()
    visits = run(device, Plan(set_c, sessions, seconds, 60.0 * gap_min, not empty, seed), recorder if out is not None else None)
    header = ["session", *(str(v.number) for v in visits[:12])]
    table: list[list[str]] = [
        ["precooling, s", *(f"{v.precool_s:.0f}{'' if v.display_reached else '!'}" for v in visits)],
        ["nitrogen, kg", *(f"{v.nitrogen_kg:.2f}" for v in visits)],
        ["  of it precooling, kg", *(f"{v.nitrogen_precool_kg:.2f}" for v in visits)],
        ["display at the end, °C", *(f"{v.display_end_c:.1f}" for v in visits)],
        ["lower zone mean / end, °C", *(f"{v.lower_mean_c:.0f}/{v.lower_end_c:.0f}" for v in visits)],
        ["upper zone mean / end, °C", *(f"{v.upper_mean_c:.0f}/{v.upper_end_c:.0f}" for v in visits)],
        ["collar at the end, °C", *(f"{v.collar_end_c:.0f}" for v in visits)],
        ["oxygen upper zone, %", *(f"{v.oxygen_upper_end_pct:.1f}" for v in visits)],
        ["oxygen collar, lowest, %", *(f"{v.oxygen_collar_min_pct:.1f}" for v in visits)],
        ["oxygen at the face, lowest, %", *(f"{v.oxygen_face_min_pct:.1f}" for v in visits)],
        ["oxygen in the room, lowest, %", *(f"{v.oxygen_room_min_pct:.1f}" for v in visits)],
        ["oxygen at the floor, lowest, %", *(f"{v.oxygen_floor_min_pct:.1f}" for v in visits)],
    ]
    if not empty:
        skins = [v.skin for v in visits if v.skin is not None]
        table += [
            ["skin of the legs, °C", *(f"{s.legs_c:.1f}" for s in skins)],
            ["skin of the trunk, °C", *(f"{s.trunk_c:.1f}" for s in skins)],
            ["coldest site, °C", *(f"{s.coldest_c:.1f}" for s in skins)],
            ["mean drop 30 s after, K", *(f"{s.outside.drop_k:.1f}" for s in skins)],
            ["heat from the guest, most, W", *(f"{v.heat_max_w:.0f}" for v in visits)],
        ]
    _print_columns([header, *table])
    if len(visits) > 12:
        typer.echo(f"({len(visits)} sessions; the first 12 shown)")
    if not all(v.display_reached for v in visits):
        typer.echo("! the display was not within 5 K of the set point when the guest went in")
    for v in visits:
        for text in v.warnings:
            typer.echo(f"WARNING session {v.number}: {text}")
    if out is not None:
        _written(out, lambda: write_cabin(recorder.rows, out))


def _written(out: Path, write: Callable[[], list[Path]]) -> None:
    try:
        typer.echo(f"written: {', '.join(str(path) for path in write())}")
    except OSError as error:
        raise _refuse(f"{out}: cannot write results: {error.strerror or error}. Name another folder with --out.") from None


def _print_columns(rows: list[list[str]]) -> None:
    shown = [row[:13] for row in rows]
    widths = [max(len(row[i]) for row in shown) for i in range(len(shown[0]))]
    for row in shown:
        typer.echo(row[0].ljust(widths[0]) + "".join("  " + cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True)))


@device_app.command()
def local(
    distance_cm: Annotated[float, typer.Option(help="Nozzle to skin.", min=1, max=100)] = 15.0,
    minutes: Annotated[float, typer.Option(help="Length of the treatment.", min=0.1, max=30)] = 3.0,
    duty: Annotated[float, typer.Option(help="Share of the time on the site; less than 1 is sweeping.", min=0.01, max=1)] = 1.0,
    phantom_c: Annotated[
        float | None, typer.Option("--phantom", help="Treat a gel phantom of this temperature instead of skin.", min=10, max=45)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for a CSV and a plot of the run, second by second.")] = None,
) -> None:
    """A treatment with the hand-held device. Begins with a full dewar and a warm hose, which is cooled first."""
    from cryochamber.device_record import write_local
    from simulator.local.device import LocalDevice, SkinTarget, Target, treat
    from simulator.local.phantom import Phantom

    device = LocalDevice()
    target: Target = SkinTarget() if phantom_c is None else Phantom(phantom_c)
    try:
        treatment = treat(device, target, distance_m=distance_cm / 100.0, seconds=60.0 * minutes, duty=duty, row_s=1.0)
    except ValueError as error:
        raise _refuse(str(error)) from None
    typer.echo(f"hose cold after {treatment.cold_hose_s:.0f} s; {treatment.nitrogen_kg:.2f} kg of nitrogen in all")
    shown_s = max(5.0, 5.0 * round(minutes))
    header = ["s", "surface °C", "8 mm deep °C", "jet °C", "nozzle °C", "flow g/min", "dewar kg", "dewar bar(a)", "oxygen in the room %"]
    lines = [
        [
            f"{r.at_s:.0f}",
            f"{r.surface_c:.1f}",
            f"{r.deep_c:.1f}",
            f"{r.jet_c:.0f}",
            f"{r.nozzle_c:.0f}",
            f"{r.flow_g_min:.0f}",
            f"{r.dewar_kg:.2f}",
            f"{r.pressure_bar:.2f}",
            f"{r.oxygen_pct:.2f}",
        ]
        for r in treatment.rows
        if r.at_s % shown_s == 0.0 or r is treatment.rows[-1]
    ]
    _print_columns([header, *lines])
    for text in treatment.warnings:
        typer.echo(f"WARNING {text}")
    if out is not None:
        _written(out, lambda: write_local(treatment, out))


@device_app.command()
def figures(
    page: Annotated[Path, typer.Option(help="The page to write.")] = Path("docs/devices.md"),
    check: Annotated[bool, typer.Option("--check", help="Only compare; exit 1 if the page is out of date.")] = False,
) -> None:
    """Predict every reported figure of cabin and hand-held device, print them, and write the page with parameters and ranges."""
    from cryochamber.device_page import text
    from simulator.device_figures import rows

    found = rows()
    for f in found:
        mark = " " if f.inside else "!"
        typer.echo(f"{mark} {f.device:9} {f.name:62} {f.ours:8.2f} {f.unit:5} reported {f.low:.2f} to {f.high:.2f} ({f.source})")
    written = text(found)
    if check:
        if not page.exists() or page.read_text(encoding="utf-8") != written:
            typer.echo(f"cryochamber: {page} is out of date; run: cryochamber device figures", err=True)
            raise typer.Exit(1)
        return
    page.write_text(written, encoding="utf-8")
    typer.echo(f"wrote {page}")

"""`cryochamber`: every way to start a part of the house, to check it and to ask it."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cryochamber import __version__
from cryochamber.devices import device_app
from cryochamber.fault_commands import fault_app
from cryochamber.options import Config, fail, load_config
from cryochamber.tuning import tune_app
from cryochamber.user_commands import user_app

app = typer.Typer(
    help="Supervisory control for cryotherapy chambers cooled by liquid nitrogen.\n\nNot a certified medical device; see the safety notice in the README.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(fault_app, name="fault")
app.add_typer(user_app, name="user")
app.add_typer(device_app, name="device")
app.add_typer(tune_app, name="tune")


class Begin(StrEnum):
    PRECOOLED = "precooled"
    WARM = "warm"


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"


From = Annotated[Begin, typer.Option("--from", help="Where the simulated plant begins: close to the set point, or at room temperature.")]
Seed = Annotated[int, typer.Option(help="Seed of everything random in the simulation.", min=0)]


Device = Annotated[
    str | None,
    typer.Option("--profile", help="Device profile instead of the configuration's: walk-in-two-room, walk-in-synthetic-air, cabin."),
]


WALK_IN = "walk-in-two-room"
Drawn = Annotated[str, typer.Option("--profile", help="Device whose days are drawn: walk-in-two-room, walk-in-synthetic-air, cabin.")]


@app.command()
def demo(config: Config = None, device: Device = None, start: From = Begin.PRECOOLED, seed: Seed = 1) -> None:
    """Everything on this machine with a simulated chamber: PLC, control, API, panel, MQTT broker. Ctrl-C ends it."""
    from cryochamber import demo as house
    from cryochamber.running import StartError

    loaded = load_config(config, device)
    try:
        raise typer.Exit(house.run(loaded, start.value, seed))
    except StartError as error:
        raise fail(str(error)) from None


@app.command("plc-sim")
def plc_sim(
    config: Config = None,
    device: Device = None,
    start: From = Begin.PRECOOLED,
    seed: Seed = 1,
    speed: Annotated[float, typer.Option(help="Times real time.", min=0.1, max=20.0)] = 1.0,
    bind: Annotated[str | None, typer.Option(help="Address to listen on instead of plc.host.")] = None,
    plant: Annotated[str | None, typer.Option(help="Plant to simulate. Default: that of the device profile's name.")] = None,
    port: Annotated[int | None, typer.Option(help="Modbus port instead of plc.port.", min=1, max=65535)] = None,
    chambers: Annotated[int, typer.Option(help="So many chambers, on this port and the following ones.", min=1, max=8)] = 1,
) -> None:
    """The simulated PLC with its plant: Modbus TCP on plc.host:plc.port, side channel for hands and faults."""
    from cryochamber.running import make_folders, run_until_signal, set_up_log
    from simulator.parameters import ParameterError, plant_for
    from simulator.server import endpoint_of, serve_many

    settings = load_config(config, device).settings
    set_up_log()
    make_folders(settings)
    host, first, endpoint = bind or settings.plc.host, port or settings.plc.port, settings.place(settings.simulator.endpoint)
    for k in range(chambers if chambers > 1 else 0):
        typer.echo(f"chamber {k + 1}: Modbus TCP {host}:{first + k}, seed {seed + k}, side channel {endpoint_of(endpoint, k)}")
    try:
        made = plant or plant_for(settings.site.profile)
        run_until_signal(serve_many(chambers, host, first, endpoint, seed, start.value, speed, plant=made))
    except (OSError, ParameterError) as error:
        raise fail(str(error)) from None


@app.command()
def control(config: Config = None) -> None:
    """The control process: scan, interlocks, regulators, journal. No HTTP in it."""
    import zmq

    from cryochamber.running import StartError, run_control, run_until_signal, set_up_log

    loaded = load_config(config)
    set_up_log()
    try:
        run_until_signal(run_control(loaded))
    except StartError as error:
        raise fail(str(error)) from None
    except zmq.ZMQError as error:
        raise fail(
            f"local socket: {error}. Is another control process running with the same run_dir ({loaded.settings.run_dir})?"
        ) from None


@app.command()
def api(config: Config = None) -> None:
    """The API with the panel, the stream, MQTT and metrics."""
    from api.serve import run
    from cryochamber.running import StartError, make_folders, port_free, set_up_log

    settings = load_config(config).settings
    set_up_log()
    try:
        make_folders(settings)
    except StartError as error:
        raise fail(str(error)) from None
    if not port_free(settings.api.host, settings.api.port):
        raise fail(f"port {settings.api.port} on {settings.api.host} is taken. Stop what uses it, or set api.port (CRYOCHAMBER_API__PORT).")
    run(settings)


@app.command()
def broker(port: Annotated[int, typer.Option(min=1, max=65535)] = 1883, host: str = "127.0.0.1") -> None:
    """The small MQTT broker of the demo (loopback, nothing kept). A site uses Mosquitto."""
    from cryochamber.broker import serve
    from cryochamber.running import StartError, run_until_signal, set_up_log

    set_up_log()
    try:
        run_until_signal(serve(host, port))
    except StartError as error:
        raise fail(str(error)) from None


@app.command()
def simulate(
    scenario: Annotated[Path, typer.Argument(help="Scenario file, for example scenarios/day-of-sessions.toml.")],
    out: Annotated[Path, typer.Option(help="Folder for plot, CSV and figures.")] = Path("out"),
    seed: Annotated[int | None, typer.Option(help="Seed instead of the scenario's.", min=0)] = None,
    plot: Annotated[bool, typer.Option(help="Draw the plot (PNG).")] = True,
) -> None:
    """Run a scenario in virtual time: same scan, same PLC rules, same plant, no sockets, no waiting.

    Prints the key figures, writes plot and CSV, exits 1 if an invariant or an expectation is violated.
    """
    from cryochamber.simulate import ScenarioError, run_scenario

    try:
        ok = run_scenario(scenario, out, seed, plot=plot)
    except ScenarioError as error:
        raise fail(str(error), 2) from None
    raise typer.Exit(0 if ok else 1)


@app.command()
def faults(
    only: Annotated[list[str] | None, typer.Argument(help="Ids of the cases to run, for example FI-01. Default: all.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Folder of the cases. Default: scenarios/faults of the source tree.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for faults.json.")] = Path("out"),
    tests: Annotated[bool, typer.Option(help="Also the tests that cases name: real sockets, processes, disks.")] = True,
    long: Annotated[bool, typer.Option(help="Of these also the long ones.")] = False,
) -> None:
    """Run the fault campaign: what breaks, what is seen of it and when, who gets out, the true oxygen.

    Exits 1 if a case fails. GAP is a known shortcoming that is still there; once it is mended, the case fails until its note goes.
    """
    from cryochamber.campaign import run_campaign
    from cryochamber.scenario import ScenarioError

    try:
        ok = run_campaign(folder, out, only or [], tests=tests, long=long)
    except ScenarioError as error:
        raise fail(str(error), 2) from None
    raise typer.Exit(0 if ok else 1)


@app.command()
def campaign(
    sessions: Annotated[int, typer.Option(help="Play days until so many sessions have begun.", min=1, max=10_000_000)] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the campaign; the days follow from it.", min=0)] = 1,
    workers: Annotated[int | None, typer.Option(help="Processes. Default: one for each core.", min=1, max=256)] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the run. Default: out/campaign-SEED. A stopped run goes on from it.")] = None,
    device: Drawn = WALK_IN,
) -> None:
    """Random people, programs and faults in virtual time, judged by the true oxygen, skin, doors and flows.

    Deterministic by seed, whatever the number of workers. Exits 1 if a claim was violated or the run was stopped; failing days
    are kept for: cryochamber replay.
    """
    from cryochamber.scenario import ScenarioError
    from cryochamber.sweep import run

    try:
        ok = run(
            sessions, seed, workers, out or Path("out") / (f"campaign-{seed}" if device == WALK_IN else f"campaign-{device}-{seed}"), device
        )
    except ScenarioError as error:
        raise fail(str(error), 2) from None
    raise typer.Exit(0 if ok else 1)


@app.command()
def replay(
    what: Annotated[str, typer.Argument(help="failures.jsonl of a campaign, or a single day as SEED:DAY, e.g. 1:42.")],
    out: Annotated[Path, typer.Option(help="Folder for trace, journal and plot.")] = Path("out"),
    plot: Annotated[bool, typer.Option(help="Draw the plot (PNG).")] = True,
    device: Drawn = WALK_IN,
) -> None:
    """Play days of a campaign again, exactly, and write down every scan, the journal and a plot. Exits 1 if a claim is violated."""
    from cryochamber.replay import run
    from cryochamber.scenario import ScenarioError

    try:
        ok = run(what, out, device, plot=plot)
    except ScenarioError as error:
        raise fail(str(error), 2) from None
    raise typer.Exit(0 if ok else 1)


@app.command()
def validate(
    case: Annotated[list[Path] | None, typer.Option(help="A case of your own (TOML); nothing is written then.")] = None,
    out: Annotated[Path, typer.Option(help="The page to write; plots go beside it into validation/.")] = Path("docs/validation.md"),
    check: Annotated[bool, typer.Option("--check", help="Only compare; exit 1 if the page is out of date.")] = False,
) -> None:
    """Hold the simulator against published measurements: people, devices, numerics. Writes docs/validation.md with plots."""
    from cryochamber import validate as validation
    from simulator.validation.cases import CaseError, read_case

    try:
        if case:
            validation.show_case([read_case(path) for path in case])
        elif not check:
            typer.echo(validation.write(out))
        elif not validation.up_to_date(out):
            raise fail(f"{out} is out of date; run: cryochamber validate")
    except CaseError as error:
        raise fail(str(error), 2) from None


@app.command()
def fleet(
    chambers: Annotated[int, typer.Option(help="How many chambers of one make.", min=1, max=10_000)] = 1000,
    hours: Annotated[float, typer.Option(help="Simulated hours.", min=0.1, max=168.0)] = 1.0,
    seed: Seed = 1,
    plant: Annotated[str, typer.Option(help="Plant they are scattered about.")] = "walk-in-two-room",
    start: From = Begin.PRECOOLED,
) -> None:
    """Step many simulated chambers at once, each with its own scatter and guests: spread of temperature, nitrogen and oxygen.

    Physics only: no PLC, no supervisor, a plain PI. Fast with the extra `speed` (numba), some fifty times slower without.
    """
    from cryochamber.fleet import run
    from simulator.parameters import ParameterError

    try:
        typer.echo(run(chambers, hours, seed, plant, warm=start is Begin.WARM))
    except ParameterError as error:
        raise fail(str(error), 2) from None


@app.command("check-config")
def check_config(config: Config = None, device: Device = None) -> None:
    """Check the configuration and print what would be in force, defaults included."""
    loaded = load_config(config, device)
    where = "defaults" if loaded.file is None else str(loaded.file)
    typer.echo(f"configuration is good ({where}); profile {loaded.profile.id}: {loaded.profile.name}")
    for section, values in loaded.settings.model_dump(mode="json").items():
        if isinstance(values, dict):
            for key, value in values.items():
                typer.echo(f"  {section}.{key} = {value!r}")
        else:
            typer.echo(f"  {section} = {values!r}")
    typer.echo("limits in force (profile, narrowed by the site):")
    for key, value in loaded.profile.limits.model_dump().items():
        typer.echo(f"  {key} = {value:g}")


@app.command()
def commission(
    by: Annotated[str, typer.Option(help="Name of the person who answers for it.")],
    passed: Annotated[
        list[str] | None, typer.Option(help="Id of a proof test that was passed; may be repeated. Without any, each test is asked for.")
    ] = None,
    note: Annotated[str, typer.Option(help="What the record says beside the name.")] = "commissioning",
    config: Config = None,
) -> None:
    """Accept the configuration in force and record the proof tests that were passed, in a person's name.

    Goes to the records; the control process reads them at its next start. Until then, and without it, no session is possible.
    """
    from chamber.upkeep import fingerprint
    from cryochamber.commission import BY_HAND
    from cryochamber.commission import commission as write
    from cryochamber.configuration import in_force
    from cryochamber.running import StartError, make_folders
    from records.errors import StorageError

    loaded = load_config(config)
    name = by.strip()
    if not 2 <= len(name) <= 32:
        raise fail(f"--by {by!r}: name the person, 2 to 32 characters", 2)
    wanted = passed if passed is not None else _asked_for()
    unknown = [t for t in wanted if t not in BY_HAND]
    if unknown:
        raise fail(f"--passed {unknown[0]}: no such test; known: {', '.join(BY_HAND)}", 2)
    try:
        make_folders(loaded.settings)
        write(loaded, name, wanted, note)
    except (StorageError, StartError) as error:
        raise fail(str(error)) from None
    missing = [t for t in BY_HAND if t not in wanted]
    typer.echo(f"accepted by {name}: configuration {fingerprint(in_force(loaded.profile))}; passed: {', '.join(wanted) or 'none'}")
    typer.echo("still to be given: " + (", ".join(missing) if missing else "none but those of the self-test at start-up"))
    typer.echo("Counts from the next start of the control process on.")


def _asked_for() -> list[str]:
    from chamber.proof_tests import BY_ID
    from cryochamber.commission import BY_HAND

    typer.echo("For each test: was it done on this chamber, for every instrument, and passed?")
    return [t for t in BY_HAND if typer.confirm(f"{t}: {BY_ID[t].text}. {BY_ID[t].how}\n  passed?", default=False)]


@app.command("proof-tests")
def proof_tests(config: Config = None) -> None:
    """Proof tests of this chamber as recorded: when, by whom, with what result, and due when. Exits 1 if one blocks sessions."""
    from cryochamber.commission import lines
    from records.errors import StorageError

    try:
        blocked, text = lines(load_config(config))
    except StorageError as error:
        raise fail(str(error)) from None
    typer.echo("\n".join(text))
    raise typer.Exit(1 if blocked else 0)


@app.command("register-map")
def register_map(form: Annotated[Format, typer.Option("--format", help="Table for people, CSV for tools.")] = Format.TABLE) -> None:
    """Print the Modbus register map."""
    from cryochamber.docs_pages import register_csv, register_rows

    if form is Format.CSV:
        sys.stdout.write(register_csv())
        return
    rows = register_rows()
    shown = [0, 1, 3, 4, 5, 6, 7, 8]
    widths = [max(len(r[i]) for r in rows) for i in shown]
    for row in rows:
        typer.echo("  ".join(row[i].ljust(w) for i, w in zip(shown, widths, strict=True)).rstrip())


@app.command()
def docs(
    folder: Annotated[Path, typer.Argument(help="Where the pages go.")] = Path("docs"),
    check: Annotated[bool, typer.Option(help="Only compare; exit 1 if a page is out of date.")] = False,
) -> None:
    """Write the pages that are made from the project's own tables: register map, causes, alarms, limits."""
    from cryochamber.docs_pages import PAGES
    from cryochamber.scenario import ScenarioError

    stale = []
    for name, page in PAGES.items():
        try:
            path, text = folder / name, page()
        except ScenarioError as error:
            raise fail(f"{name}: {error}", 2) from None
        if check:
            if not path.exists() or path.read_text() != text:
                stale.append(str(path))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            typer.echo(f"wrote {path}")
    if stale:
        raise fail(f"out of date: {', '.join(stale)}; run: cryochamber docs")


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    app()


if __name__ == "__main__":
    main()

"""Plots of docs/validation.md, SVG. Matplotlib is loaded by whoever draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simulator.body import Body
from simulator.gas import KELVIN
from simulator.population import REFERENCE, template
from simulator.validation.cases import CORES
from simulator.validation.predict import Prediction
from simulator.validation.walk_in import Morning

STEPS = (0.4, 0.4, 0.4, 0.4, 0.4, 0.8, 0.8, 1.2, 1.2, 1.6)  # a person's steps after a change of place, then 2 s
_ROOM_K = 22.0 + KELVIN


def halving(parts: int, gas_c: float = -110.0) -> tuple[list[float], list[float]]:
    """(s, mean bare skin °C) of a visit -60 °C, ``gas_c``, room, each step cut in ``parts``."""
    body, at, seen, clock = Body(template(REFERENCE)), list[float](), list[float](), 0.0
    for gas_k, more in ((-60.0 + KELVIN, 12), (gas_c + KELVIN, 87), (_ROOM_K, 60)):
        for step in (*STEPS, *[2.0] * more):
            for _ in range(parts):
                body.stand(gas_k, gas_k, 0.2, step / parts)
            clock += step
            at.append(clock)
            seen.append(body.surface_k - KELVIN)
    return at, seen


def closure() -> tuple[list[float], list[float], list[float]]:
    """(s, heat given kJ, what the body lost and made less what it gave J) of a visit."""
    body, at, given, rest = Body(template(REFERENCE)), list[float](), list[float](), list[float]()
    held, clock, heat, made = body.stored_j, 0.0, 0.0, 0.0
    for gas_k, steps in ((-60.0 + KELVIN, 15), (-110.0 + KELVIN, 90), (_ROOM_K, 150)):
        for _ in range(steps):
            body.stand(gas_k, gas_k, 0.2, 2.0)
            clock += 2.0
            heat += 2.0 * (body.convection_w + body.radiation_w)
            made += 2.0 * body.made_w
            at.append(clock)
            given.append(heat / 1e3)
            rest.append(held - body.stored_j + made - heat)
    return at, given, rest


def checks() -> dict[str, float]:
    """Figures of the page about numerics."""
    (_, coarse), (_, fine) = halving(1), halving(2)
    _, given, rest = closure()
    return {
        "halving_mk": 1e3 * max(abs(a - b) for a, b in zip(coarse, fine, strict=True)),
        "closure_pct": 100.0 * max(abs(r) for r in rest) / (1e3 * max(given)),
    }


def draw(folder: Path, predictions: list[Prediction], morning: Morning) -> None:
    """All plots into ``folder``."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "cryochamber"
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder / "predicted-measured.svg", lambda ax: _predicted(ax, predictions), (6.0, 6.0))
    _save(folder / "skin-cooling.svg", _skin)
    _save(folder / "core.svg", lambda ax: _core(ax, predictions))
    _save(folder / "cool-down.svg", lambda ax: _cool_down(ax, morning))
    _save(folder / "step-halving.svg", _halving)
    _save(folder / "closure.svg", _closure)


def _save(path: Path, fill: Any, size: tuple[float, float] = (8.0, 4.5)) -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=size, layout="constrained")
    fill(axes)
    axes.grid(alpha=0.3)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _predicted(ax: Any, predictions: list[Prediction]) -> None:
    scored = [p for p in predictions if p.measurement.use == "scored" and p.measurement.value is not None]
    for kind, mark, colour in (("drop", "o", "tab:blue"), ("post", "s", "tab:orange"), ("during", "^", "tab:green")):
        rows = [p for p in scored if p.measurement.kind == kind]
        x = [p.measurement.value for p in rows]
        y = [p.value for p in rows]
        dx = [p.measurement.sd or 0.0 for p in rows]
        dy = [p.spread for p in rows]
        name = {"drop": "drop of the skin, K", "post": "skin after, °C", "during": "skin at the end, °C"}[kind]
        ax.errorbar(x, y, xerr=dx, yerr=dy, fmt=mark, color=colour, label=name, capsize=2, linewidth=0.8)
        ax.scatter(x, [p.nominal for p in rows], marker=mark, facecolors="none", edgecolors=colour, alpha=0.6)
    ax.plot([5, 25], [5, 25], color="black", linewidth=0.8)
    ax.fill_between([5, 25], [3, 23], [7, 27], color="grey", alpha=0.15, label="± 2 K")
    ax.set_xlabel("measured (bars: standard deviation of the group)")
    ax.set_ylabel("predicted (bars: what the paper leaves open; hollow: display taken at its word)")
    ax.legend(loc="upper left", fontsize="small")


def _skin(ax: Any) -> None:
    body = Body(template(REFERENCE))
    traces: dict[str, list[float]] = {name: [] for name in body.names}
    at: list[float] = []
    for gas_k, steps in ((-60.0 + KELVIN, 15), (-110.0 + KELVIN, 90), (_ROOM_K, 90)):
        for _ in range(steps):
            body.stand(gas_k, gas_k, 0.2, 2.0)
            at.append(2.0 * (len(at) + 1) - 30.0)
            for name in body.names:
                traces[name].append(body.surface_of(name) - KELVIN)
    for name, seen in traces.items():
        ax.plot(at, seen, label=name, linewidth=1.2, linestyle="--" if name in ("hand", "foot", "pelvis") else "-")
    ax.axvspan(0, 180, color="tab:blue", alpha=0.08)
    ax.set_xlabel("s in gas of -110 °C (30 s at -60 °C before; then a room of 22 °C); dashed: under cloth")
    ax.set_ylabel("skin, °C")
    ax.legend(ncols=3, fontsize="small")


def _core(ax: Any, predictions: list[Prediction]) -> None:
    """A man's core after three minutes at -110 °C, below the same man's who stayed in the room; with what papers measured."""
    cold, warm = Body(template(REFERENCE)), Body(template(REFERENCE))
    for gas_k, steps in ((-60.0 + KELVIN, 15), (-110.0 + KELVIN, 90)):
        for _ in range(steps):
            cold.stand(gas_k, gas_k, 0.2, 2.0)
    minutes, fall = [0.0], [warm.core_k - cold.core_k]
    for _ in range(1440):
        for body in (cold, warm):
            body.stand(_ROOM_K, _ROOM_K, 0.1, 5.0)
        minutes.append(minutes[-1] + 5.0 / 60.0)
        fall.append(warm.core_k - cold.core_k)
    ax.plot(minutes, [-k for k in fall], label="simulated, 3 min at -110 °C")
    for p in predictions:
        m = p.measurement
        if m.site not in CORES:
            continue
        if m.kind == "lowest" and m.low is not None and m.high is not None:
            ax.axvspan(m.low / 60.0, m.high / 60.0, color="grey", alpha=0.15, label=f"lowest: {p.case.study}")
        elif m.value is not None:
            ax.errorbar([m.delay_s / 60.0], [-m.value], yerr=[m.sd or 0.0], fmt="o", capsize=2, label=f"{m.site}: {p.case.study}")
    ax.set_xlabel("min after the exit, in a room of 22 °C")
    ax.set_ylabel("core, K against staying in the room")
    ax.legend(fontsize="small")


def _cool_down(ax: Any, morning: Morning) -> None:
    minutes = [t for t, _, _ in morning.trace]
    ax.plot(minutes, [c for _, c, _ in morning.trace], label="main room")
    ax.plot(minutes, [c for _, _, c in morning.trace], label="pre-chamber")
    ax.axvline(morning.cool_down_min, color="grey", linestyle=":", label=f"-108 °C after {morning.cool_down_min:.1f} min")
    ax.set_xlabel("min from a warm start")
    ax.set_ylabel("gas, °C")
    ax.legend()


def _halving(ax: Any) -> None:
    for gas_c in (-110.0, -140.0, -180.0):
        (at, coarse), (_, fine) = halving(1, gas_c), halving(2, gas_c)
        ax.plot(at, [1e3 * abs(a - b) for a, b in zip(coarse, fine, strict=True)], label=f"{gas_c:g} °C", linewidth=1.0)
    ax.axhline(5.0, color="tab:red", linewidth=0.8)
    ax.set_xlabel("s of a visit: 30 s at -60 °C, 3 min in the cold, room")
    ax.set_ylabel("mean bare skin, change by halving every step, mK")
    ax.legend()


def _closure(ax: Any) -> None:
    at, given, rest = closure()
    ax.plot(at, [100.0 * r / (1e3 * max(given)) for r in rest])
    ax.set_xlabel("s of a visit")
    ax.set_ylabel("lost + made - given, % of the heat given")

"""The fit behind a tuning: from a recording to a proposal. Seconds of computing, so it runs in a process of its own.

``python -m control.fit`` reads one job from standard input and writes what it found to standard output, both JSON.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import orjson
from pydantic import ValidationError

from chamber.profile import IdentifiedRoom, Regulator
from chamber.upkeep import fingerprint, flat
from control import gate
from control.identify import RESIDUAL_MAX_K, Identified, identify
from control.room_model import RoomModel
from control.tuning import MS_MAX, Gains, amigo, gentle, process_at, sensitivity_peak
from control.tuning_state import Candidate, Fitted, Job, Proposal, Sample

NICE = 10  # the scan goes first
ANSWER_S = 300.0


def propose(job: Job) -> Fitted:
    """Identify the room from the recording and propose gains with an Ms of at most MS_MAX, and the model if it is good enough."""
    p = job.regulator
    known = p.model
    try:
        found = identify(job.samples, p.full_flow_kg_h / 3600.0) if known is None else _identify_like(job, known)
    except ValueError as error:
        return Fitted(job.number, None, str(error))
    if found.residual_k > RESIDUAL_MAX_K:
        return Fitted(job.number, None, found.refused or "")
    # gains have to bear the dead time as long as it may be; how well it is known decides on the model alone
    at_c = job.setpoint_c
    m = found.model._replace(dead_s=found.model.dead_s + found.dead_std_s)
    gains, ms = gentle(m, at_c, p.derivative_filter)
    if ms > MS_MAX:
        return Fitted(job.number, None, f"no gains leave enough margin: Ms {ms:.2f}")
    refused = found.refused or gate.judge(found.model, found.dead_std_s, at_c).refused
    try:
        model = known if refused is not None else _identified(found.model, found, job)  # without a better one the old one stays
        new = Regulator.model_validate(
            p.model_dump()
            | {
                "gain_pct_per_k": round(gains.gain_pct_per_k, 3),
                "integral_s": round(gains.integral_s, 1),
                "derivative_s": round(gains.derivative_s, 2),
                "tracking_s": round(max(1.0, (gains.integral_s * gains.derivative_s) ** 0.5), 1),
                "schedule_reference_c": at_c,
                "model": None if model is None else model.model_dump(),
            }
        )
    except ValidationError as error:
        return Fitted(job.number, None, f"outside what a regulator may be: {error.errors()[0]['loc']}")
    process = process_at(m, at_c)

    def candidate(g: Gains) -> Candidate:
        return Candidate(*g, sensitivity_peak(m, g, p.derivative_filter, at_c))

    return Fitted(
        job.number,
        Proposal(
            regulator=new,
            before=candidate(Gains(p.gain_pct_per_k, p.integral_s, p.derivative_s)),
            after=candidate(Gains(new.gain_pct_per_k, new.integral_s, new.derivative_s)),
            amigo=candidate(amigo(process)),
            slope_k_s_pct=process.slope_k_s_pct,
            dead_s=found.pure_dead_s,
            dead_std_s=found.pure_dead_std_s,
            residual_k=found.residual_k,
            model_refused=refused,
            fingerprint=mark(new),
        ),
    )


def mark(p: Regulator) -> str:
    """Fingerprint of a regulator's values."""
    return fingerprint(dict(flat("regulator", p.model_dump(mode="json"))))


def _identify_like(job: Job, known: IdentifiedRoom) -> Identified:
    """What the recording cannot teach (nobody was inside, no door opened) is taken from the model before."""
    found = identify(job.samples, job.regulator.full_flow_kg_h / 3600.0, person_w=known.person_w, loss_w_k=known.loss_w_k)
    return found._replace(model=found.model._replace(door_w_k=known.door_w_k))


def _identified(m: RoomModel, found: Identified, job: Job) -> IdentifiedRoom:
    fields = {name: float(f"{value:.5g}") for name, value in m._asdict().items() if name != "feed_kg_s"}
    note = f"precool and relay test of {len(job.samples)} s, residual {found.residual_k:.2f} K"
    return IdentifiedRoom.model_validate(fields | {"dead_std_s": round(found.dead_std_s, 2), "identified": note})


# --- in a process of its own -----------------------------------------------------------------------------------------------


async def fit_apart(job: Job) -> Fitted:
    """Fit in another process, so that the scan is not held up. What goes wrong there is said in ``refused``."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "control.fit", stdin=pipe, stdout=pipe)
    try:
        async with asyncio.timeout(ANSWER_S):
            answer, _ = await process.communicate(orjson.dumps(_job_data(job)))
    except TimeoutError:
        return Fitted(job.number, None, f"no answer within {ANSWER_S:.0f} s")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        return Fitted(job.number, None, f"the fit ended with {process.returncode}")
    fitted = fitted_of(orjson.loads(answer))
    if fitted.proposal is not None and fitted.proposal.regulator.model is not None:
        await asyncio.to_thread(warm, fitted.proposal.regulator)
    return fitted


def warm(p: Regulator) -> None:
    """Compute what the law needs of the new model before a scan asks for it."""
    from control.regulate import begin

    begin(p)


def _job_data(job: Job) -> dict[str, Any]:
    return {
        "number": job.number,
        "regulator": job.regulator.model_dump(mode="json"),
        "samples": [list(s) for s in job.samples],
        "setpoint_c": job.setpoint_c,
    }


def fitted_data(f: Fitted) -> dict[str, Any]:
    p = f.proposal
    if p is None:
        return {"number": f.number, "refused": f.refused}
    candidates = {name: list(getattr(p, name)) for name in ("before", "after", "amigo")}
    return {"number": f.number, "refused": "", "proposal": p._asdict() | candidates | {"regulator": p.regulator.model_dump(mode="json")}}


def fitted_of(data: dict[str, Any]) -> Fitted:
    p = data.get("proposal")
    if p is None:
        return Fitted(data["number"], None, data["refused"])
    candidates = {name: Candidate(*p[name]) for name in ("before", "after", "amigo")}
    return Fitted(data["number"], Proposal(**(p | candidates | {"regulator": Regulator.model_validate(p["regulator"])})))


def main() -> None:
    os.nice(NICE)
    data = orjson.loads(sys.stdin.buffer.read())
    samples = tuple(Sample(*s) for s in data["samples"])
    job = Job(data["number"], Regulator.model_validate(data["regulator"]), samples, data["setpoint_c"])
    sys.stdout.buffer.write(orjson.dumps(fitted_data(propose(job))))


if __name__ == "__main__":
    main()

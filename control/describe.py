"""The description of this chamber: everything that does not change while the process runs."""

from __future__ import annotations

from chamber.alarm_list import ALARMS
from chamber.alarm_signals import AUDIO_PAUSE_MAX_S, HARMONICS, MELODIES, SIGNALS
from chamber.cause_effect import Cause
from chamber.causes import CAUSES
from chamber.commands import CHECKLIST
from chamber.forcing import OUTPUTS, PRE_CHAMBER_OUTPUTS, VALVES
from chamber.limits import GUARDRAILS
from chamber.profile import DeviceProfile
from chamber.states import FACTS
from chamber.tags import ANALOG_TAGS, BIT_TAGS
from control.description import AlarmInfo, CauseInfo, Description, LimitInfo, ProgramInfo, SignalsInfo, TagInfo
from control.snapshot import SiteView
from control.twin.findings import NAMES


def describe(profile: DeviceProfile, site: SiteView) -> Description:
    return Description(
        site=site,
        tags=_tags(profile),
        programs=[ProgramInfo.model_validate(p.model_dump()) for p in profile.programs],
        checklist=list(CHECKLIST),
        persons_max=profile.limits.persons,
        limits=_limits(profile),
        alarms=[
            AlarmInfo.model_validate(
                {
                    "id": a.id,
                    "priority": a.priority.name.lower(),
                    "priority_occupied": a.priority_occupied.name.lower(),
                    "klass": a.klass.value,
                    "melody": a.melody.value,
                    "title": a.title,
                    "cause": a.cause,
                    "consequence": a.consequence,
                    "action": a.action,
                    "time_to_respond_s": a.time_to_respond_s,
                    "latching": a.latching,
                    "off_delay_s": a.off_delay_s,
                    "re_alarm_s": a.re_alarm_s,
                    "shelf_max_s": a.shelf_max_s,
                    "alone": a.alone,
                    "hazards": list(a.hazards),
                }
            )
            for a in ALARMS.values()
        ],
        signals=signals_info(),
        causes=[
            CauseInfo(
                id=c.id,
                row=c.row,
                text=c.text,
                where="supervisor",
                delay_s=c.delay_s,
                action_empty=c.empty.name.lower(),
                action_occupied=c.occupied.name.lower(),
                clear=c.clear.value,
                hazards=list(c.hazards),
                alarm=c.alarm,
                off=_off(c, profile),
            )
            for c in CAUSES
        ],
        states={s.name.lower(): f.packml for s, f in FACTS.items()},
        forcible=[o for o in (*OUTPUTS, *VALVES) if profile.pre is not None or o not in PRE_CHAMBER_OUTPUTS],
    )


def _tags(profile: DeviceProfile) -> list[TagInfo]:
    missing, hidden, called = profile.absent.why, profile.absent.by_kind, profile.labels
    usual: dict[str, tuple[float | None, float | None]] = {**profile.usual}
    analog = [
        TagInfo(
            tag=t.tag,
            text=called.get(t.tag, t.text),
            unit=t.unit.value,
            kind="analog",
            low=t.low,
            high=t.high,
            true=None,
            not_fitted=missing.get(t.tag),
            usual_low=usual.get(t.tag, (None, None))[0],
            usual_high=usual.get(t.tag, (None, None))[1],
        )
        for t in ANALOG_TAGS
        if t.tag not in hidden
    ]
    twin = [] if profile.twin is None else [_estimate(name, *words) for name, words in NAMES.items()]
    return (
        analog
        + twin
        + [
            TagInfo(
                tag=t.tag,
                text=called.get(t.tag, t.text),
                unit="",
                kind="bit",
                low=None,
                high=None,
                true=t.true,
                not_fitted=missing.get(t.tag),
            )
            for t in BIT_TAGS
            if t.tag not in hidden
        ]
    )


def _estimate(name: str, text: str, unit: str) -> TagInfo:
    """An estimate of the digital twin: it has trends, and no instrument."""
    return TagInfo(tag=name, text=text, unit=unit, kind="estimate", low=None, high=None, true=None, not_fitted=None)


def _off(cause: Cause, profile: DeviceProfile) -> str | None:
    why = profile.absent.why
    return "; ".join(f"{tag}: {why[tag]}" for tag in cause.needs if tag in why) or None


def signals_info() -> SignalsInfo:
    """Light and sound of the alarms, for every panel and sounder."""
    return SignalsInfo.model_validate(
        {
            "audio_pause_max_s": AUDIO_PAUSE_MAX_S,
            "priorities": {
                p.name.lower(): {
                    "colour": s.colour,
                    "flash_hz": s.flash_hz,
                    "duty_pct": s.duty_pct,
                    "pulses": [{"start_s": at, "duration_s": s.pulse_s, "note": n} for at, n in zip(s.starts_s, s.notes, strict=True)],
                    "burst_s": s.burst_s,
                    "inter_burst_s": s.inter_burst_s,
                    "edge_s": s.edge_s,
                }
                for p, s in SIGNALS.items()
            },
            "melodies": {m.value: list(notes) for m, notes in MELODIES.items()},
            "harmonics": [h._asdict() for h in HARMONICS],
        }
    )


def _limits(profile: DeviceProfile) -> list[LimitInfo]:
    views: list[LimitInfo] = []
    for name, value in profile.limits.model_dump().items():
        if name == "pre_chamber_s" and profile.pre is None:
            continue
        rail = GUARDRAILS["setpoint_main_c" if name == "setpoint_main_min_c" else name]
        views.append(
            LimitInfo(
                name=name,
                unit=rail.unit,
                value=float(value),
                low=rail.low,
                high=rail.high,
                recommended_low=rail.recommended_low,
                recommended_high=rail.recommended_high,
                basis=rail.basis,
                hazards=list(rail.hazards),
            )
        )
    return views

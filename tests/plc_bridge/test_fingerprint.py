"""The fingerprint of the PLC's program: stable by itself, another with every change that matters."""

from __future__ import annotations

import pytest

from plc_bridge import contract, fingerprint, plc_rules
from plc_bridge.program.generate import parts_digest


def test_it_names_the_hand_written_parts() -> None:
    assert parts_digest() == fingerprint.PARTS_DIGEST, "set PARTS_DIGEST and run python -m plc_bridge.program.generate"


def test_it_is_the_same_each_time_and_never_zero() -> None:
    assert fingerprint._fingerprint(fingerprint._tables()) == fingerprint.PROGRAM_ID
    assert 0 < fingerprint.PROGRAM_ID < 1 << 32


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (contract, "LEASE_OCCUPIED_S", 2.5),
        (contract, "EXPOSURE_GRACE_S", 6.0),
        (plc_rules, "RESET_CLEAR_S", 5.0),
        (plc_rules, "ROWS", (plc_rules.ROWS[0]._replace(latch=False), *plc_rules.ROWS[1:])),
        (plc_rules, "FORBIDDEN_PRESENCE", frozenset[object]()),
        (fingerprint, "PARTS_DIGEST", "0"),
    ],
)
def test_every_change_of_a_rule_changes_it(monkeypatch: pytest.MonkeyPatch, module: object, name: str, value: object) -> None:
    monkeypatch.setattr(module, name, value)
    assert fingerprint._fingerprint(fingerprint._tables()) != fingerprint.PROGRAM_ID

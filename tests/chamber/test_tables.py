"""No number, word or order of a table in ``chamber/`` changes unseen."""

from __future__ import annotations

import json

import pytest

from tests.chamber.tables import FILE, tables

WRITTEN = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", sorted(WRITTEN))
def test_the_tables_are_those_written_out(module: str) -> None:
    told = json.loads(json.dumps(tables().get(module)))
    assert told == WRITTEN[module], f"{module}: if the change is meant, run `python -m tests.chamber.tables` and commit {FILE.name} with it"


def test_no_module_is_left_out() -> None:
    assert sorted(tables()) == sorted(WRITTEN)

"""Configuration: every complaint names file or variable, key, value and range; a site can only narrow."""

from __future__ import annotations

from pathlib import Path

import pytest

from chamber.profile import NARROWING, Limits
from cryochamber.config import ConfigError, load, load_profile

PROFILE_LIMITS = load_profile().limits


def complaints(tmp_path: Path, text: str, env: dict[str, str] | None = None) -> list[str]:
    file = tmp_path / "site.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(file, env or {})
    assert str(caught.value) == "\n".join(caught.value.complaints)
    return caught.value.complaints


def loads(tmp_path: Path, text: str, env: dict[str, str] | None = None):
    file = tmp_path / "site.toml"
    file.write_text(text)
    return load(file, env or {})


def test_defaults_without_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = load(None, {})
    assert loaded.file is None
    assert loaded.profile.id == "walk-in-two-room"
    assert loaded.profile.limits == PROFILE_LIMITS
    assert loaded.settings.plc.host == "127.0.0.1"  # nothing leaves the machine unasked


def test_the_file_in_the_working_directory_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cryochamber.toml").write_text("[plc]\nhost = '10.0.0.5'\n")
    assert load(None, {}).settings.plc.host == "10.0.0.5"


def test_the_file_named_by_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text("[site]\nname = 'Other'\n")
    loaded = load(None, {"CRYOCHAMBER_CONFIG": str(file)})
    assert (loaded.settings.site.name, loaded.file) == ("Other", file)


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    env = {"CRYOCHAMBER_PLC__PORT": "1502", "CRYOCHAMBER_PLC__HOST": "10.0.0.6", "HOME": "/root", "CRYOCHAMBER_MQTT__TLS": "true"}
    loaded = loads(tmp_path, "[plc]\nhost = '10.0.0.5'\ntimeout_s = 0.3\n", env)
    plc = loaded.settings.plc
    assert (plc.host, plc.port, plc.timeout_s) == ("10.0.0.6", 1502, 0.3)
    assert loaded.settings.mqtt.tls is True


def test_missing_file_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere.toml: no such file.*--config"):
        load(tmp_path / "nowhere.toml", {})


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read: .*Check its permissions"):
        load(tmp_path, {})


def test_bad_toml_names_the_line(tmp_path: Path) -> None:
    (line,) = complaints(tmp_path, "[plc]\nhost = \n")
    assert "site.toml: not valid TOML" in line
    assert "line 2" in line


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[plc]\ntimeout_s = 0.6\n", ["site.toml", "plc.timeout_s", "0.6", "0.05 to 0.5"]),
        ("[plc]\nport = 70000\n", ["site.toml", "plc.port", "70000", "1 to 65535"]),
        ("[plc]\nreconnect_max_s = 5\n", ["plc.reconnect_max_s", "5", "0.1 to 1.0"]),
        ("[api]\nstream_hz = 50.0\n", ["api.stream_hz", "50.0", "5 to 10"]),
        ("[plc]\nhots = 'x'\n", ["site.toml", "plc.hots", "unknown key", "host", "timeout_s"]),
        ("typo = 1\n", ["site.toml", "typo", "unknown key", "plc", "limits"]),
        ("[plc]\nport = 'many'\n", ["plc.port", "'many'", "integer"]),
        ("[plc]\ntimeout_s = nan\n", ["plc.timeout_s", "nan"]),
        ("[site]\nprofile = 'no-such'\n", ["site.profile", "'no-such'", "walk-in-two-room"]),
        ("[site]\nid = 'with space'\n", ["site.id", "'with space'", "pattern"]),
        ("[records]\nurl = 'records.sqlite'\n", ["records.sqlite", "sqlite:///"]),
        ("[limits]\nexposure = 100\n", ["limits", "unknown limit 'exposure'", "exposure_s"]),
    ],
)
def test_each_complaint_names_place_key_value_and_range(tmp_path: Path, text: str, parts: list[str]) -> None:
    (line,) = complaints(tmp_path, text)
    for part in parts:
        assert part in line, f"{part!r} not in {line!r}"


def test_the_option_for_the_device_wins_and_is_named(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("[site]\nprofile = 'walk-in-synthetic-air'\n")
    environment = {"CRYOCHAMBER_SITE__PROFILE": "walk-in-two-room"}
    assert load(file, environment).profile.id == "walk-in-two-room"
    assert load(file, environment, device="cabin").profile.id == "cabin"
    with pytest.raises(ConfigError, match="option --profile: no such device profile 'cabim'; known: cabin, walk-in-synthetic-air"):
        load(file, environment, device="cabim")


def test_all_complaints_at_once(tmp_path: Path) -> None:
    lines = complaints(tmp_path, "[plc]\nport = 0\ntimeout_s = 9\n[api]\nmax_panels = 0\n")
    assert [line.split(": ")[1].split(" ")[0] for line in lines] == ["plc.port", "plc.timeout_s", "api.max_panels"]


def test_a_complaint_about_the_environment_names_the_variable(tmp_path: Path) -> None:
    (line,) = complaints(tmp_path, "", {"CRYOCHAMBER_PLC__TIMEOUT_S": "2"})
    assert "environment variable CRYOCHAMBER_PLC__TIMEOUT_S" in line
    assert "0.05 to 0.5" in line
    (line,) = complaints(tmp_path, "", {"CRYOCHAMBER_PCL__HOST": "x"})
    assert "CRYOCHAMBER_PCL__HOST" in line
    (line,) = complaints(tmp_path, "data_dir = 'x'\n", {"CRYOCHAMBER_DATA_DIR__X": "1"})
    assert "data_dir is not a section" in line


@pytest.mark.parametrize("name", ["CRYOCHAMBER_COMPILED", "CRYOCHAMBER_PIN"])
def test_variables_of_other_parts_are_no_settings(name: str) -> None:
    """`cryochamber tune` takes the PIN from the environment and then reads the configuration."""
    assert load(None, {name: "1234"}).settings == load(None, {}).settings


@pytest.mark.parametrize("key", NARROWING)
def test_a_site_limit_cannot_widen(tmp_path: Path, key: str) -> None:
    current = float(getattr(PROFILE_LIMITS, key))
    step = 1.0 if key == "persons" else 0.1
    value = current + step if NARROWING[key] == "down" else current - step
    for text, env in ((f"[limits]\n{key} = {value}\n", {}), ("", {f"CRYOCHAMBER_LIMITS__{key.upper()}": str(value)})):
        (line,) = complaints(tmp_path, text, env)
        assert f"limits.{key}" in line
        assert f"{value:g}" in line
        assert "may only narrow" in line
        assert "allowed:" in line
        assert ("CRYOCHAMBER_LIMITS__" in line) is bool(env)


def test_a_site_limit_narrows_and_cuts_the_programs(tmp_path: Path) -> None:
    loaded = loads(tmp_path, "[limits]\nexposure_s = 100\npersons = 2\no2_chamber_trip_pct = 19.8\n")
    assert (loaded.profile.limits.exposure_s, loaded.profile.limits.persons, loaded.profile.limits.o2_chamber_trip_pct) == (100, 2, 19.8)
    assert max(p.exposure_s for p in loaded.profile.programs) == 100.0
    assert Limits().exposure_s == 180.0

"""Speak the announcements of /inside into small audio files: hmi/voice/texts.json -> hmi/public/voice.

Needs espeak-ng and opusenc (Debian: espeak-ng, opus-tools). The files are shipped with the panel, so that neither tool is
needed to build or run it. ``--check`` compares what is there with the texts and needs neither tool.

A site may put recordings of a human voice in place of the files: same names, then ``--index`` renews the index.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ROOT / "hmi" / "voice" / "texts.json"
OUT = ROOT / "hmi" / "public" / "voice"
INDEX = OUT / "index.json"
WORDS_PER_MINUTE = "150"
PITCH = "45"
BITRATE_KBIT = "16"
OPUS_RATE = 48_000
MOST_BYTES = 400_000
SHORTEST_S, LONGEST_S = 0.2, 6.0


class VoiceError(ValueError):
    """The files and the texts do not fit together; the message says which file and what to do."""


def speak(text: str, voice: str, file: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "speech.wav"
        said = ["espeak-ng", "-v", voice, "-s", WORDS_PER_MINUTE, "-p", PITCH, "-w", str(wav), text]
        subprocess.run(said, check=True)
        command = ["opusenc", "--quiet", "--speech", "--bitrate", BITRATE_KBIT, "--discard-comments", "--serial", "1", str(wav), str(file)]
        subprocess.run(command, check=True)


def seconds(file: Path) -> float:
    """Length of an Ogg Opus file, s, from the position of its last page (RFC 7845). Raises VoiceError if it is none."""
    data = file.read_bytes()
    head = data.find(b"OpusHead")
    if not data.startswith(b"OggS") or head < 0:
        raise VoiceError(f"{file} is not an Ogg Opus file: make it again with {Path(__file__).name}")
    skipped = struct.unpack_from("<H", data, head + 10)[0]
    last = data.rfind(b"OggS")
    end = struct.unpack_from("<q", data, last + 6)[0]
    return (end - skipped) / OPUS_RATE


def index() -> dict[str, dict[str, dict[str, str | float]]]:
    """What is there: per language and announcement the text, the length and the fingerprint of the file."""
    source = json.loads(TEXTS.read_text("utf-8"))
    found: dict[str, dict[str, dict[str, str | float]]] = {}
    for language in source["voices"]:
        found[language] = {}
        for name, texts in source["texts"].items():
            file = OUT / language / f"{name}.opus"
            if not file.is_file():
                raise VoiceError(f"{file} is missing: run {Path(__file__).name}")
            length = round(seconds(file), 2)
            if not SHORTEST_S <= length <= LONGEST_S:
                raise VoiceError(f"{file} lasts {length} s; announcements last {SHORTEST_S} to {LONGEST_S} s")
            digest = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
            found[language][name] = {"text": texts[language], "seconds": length, "sha256": digest}
    whole = sum(f.stat().st_size for f in OUT.glob("*/*.opus"))
    if whole > MOST_BYTES:
        raise VoiceError(f"{OUT} holds {whole} bytes, more than {MOST_BYTES}: shorten texts or lower the bit rate")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare; fails when a text and its file differ")
    parser.add_argument("--index", action="store_true", help="only renew the index, for recordings put in by hand")
    arguments = parser.parse_args()
    if arguments.check:
        if json.loads(INDEX.read_text("utf-8")) != index():
            raise VoiceError(f"{INDEX} does not fit texts and files: run {Path(__file__).name}")
        return 0
    if not arguments.index:
        source = json.loads(TEXTS.read_text("utf-8"))
        for language, voice in source["voices"].items():
            (OUT / language).mkdir(parents=True, exist_ok=True)
            for name, texts in source["texts"].items():
                speak(texts[language], voice, OUT / language / f"{name}.opus")
    INDEX.write_text(json.dumps(index(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except VoiceError as error:
        sys.exit(str(error))

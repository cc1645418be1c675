"""The command line: the only place that puts the rooms of the house together."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("cryochamber")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0+unknown"

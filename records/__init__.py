"""What must not be lost: journal, sessions, telemetry, users.

The control process writes through ``records.writer`` and ``records.telemetry``; both hand over to a thread of their own
and never block the scan. Safety needs nothing of this: without a database the chamber is supervised, only new sessions
are refused.
"""

from records.errors import StorageError
from records.store import Store, open_store

__all__ = ["StorageError", "Store", "open_store"]

"""Who is at the panel: sign-in by PIN, sessions by cookie, waiting times after wrong PINs.

Sessions live in memory: a restart signs everybody out, which is the safe side. Stop and evacuate never come through here.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from api.problems import ProblemError
from chamber.commands import ROLE_RANK, Role
from records.errors import StorageError

log = logging.getLogger(__name__)

FREE_TRIES = 5
FIRST_WAIT_S = 30.0  # safety reference, 7: 5 tries, then 30 s x 2^n, never a lockout
LONGEST_WAIT_S = 3600.0
ABSOLUTE_S = 24 * 3600.0  # a session ends after this, however busy
RECHECK_S = 10.0  # a disabled user is out after this at the latest
REMEMBERED = 10_000
ABUSE_TRIES, ABUSE_S = 5, 600.0  # H-21: so many wrong PINs within this raise the alarm SEC-AUTH
PARALLEL_CHECKS = 2  # a PIN check costs about 50 ms of CPU and 64 MiB on purpose


class Identity(NamedTuple):
    name: str | None
    role: Role

    @property
    def signed_in(self) -> bool:
        return self.name is not None


ANONYMOUS = Identity(None, Role.ANONYMOUS)


def require(who: Identity, role: Role, what: str) -> None:
    """Raises ProblemError 401 (not signed in) or 403 (role too low)."""
    if ROLE_RANK[who.role] >= ROLE_RANK[role]:
        return
    if not who.signed_in:
        raise ProblemError(401, "not_signed_in", f"{what} needs a signed-in {role.value}.", f"Sign in as {role.value}.")
    raise ProblemError(
        403, "role_too_low", f"{what} needs role {role.value}; {who.name} has {who.role.value}.", f"Sign in as {role.value}."
    )


class Users(Protocol):
    """Where users are kept and their sign-ins are recorded."""

    async def verify(self, name: str, pin: str) -> Role | None: ...
    async def role_of(self, name: str) -> Role | None: ...
    async def record_sign_in(self, name: str | None, outcome: str, address: str) -> None: ...


class Grant(NamedTuple):
    token: str
    name: str
    role: Role
    expires: datetime
    lifetime_s: float


@dataclass
class _Session:
    name: str
    role: Role
    opened_s: float
    seen_s: float


@dataclass
class _Tries:
    wrong: int = 0
    blocked_until_s: float = 0.0


@dataclass
class Throttle:
    """Wrong tries per (name, address). Each pair waits for itself: nobody can lock a colleague out from elsewhere."""

    clock: Callable[[], float] = time.monotonic
    _tries: OrderedDict[tuple[str, str], _Tries] = field(default_factory=OrderedDict[tuple[str, str], _Tries])
    _wrong_s: deque[float] = field(default_factory=lambda: deque[float](maxlen=ABUSE_TRIES))

    def abused(self) -> bool:
        """Whether there were ABUSE_TRIES wrong tries, for whatever names and from wherever, within the last ABUSE_S."""
        return len(self._wrong_s) == ABUSE_TRIES and self.clock() - self._wrong_s[0] <= ABUSE_S

    def wait_s(self, name: str, address: str) -> float:
        """Seconds until the next try is looked at."""
        tries = self._tries.get((name, address))
        return 0.0 if tries is None else max(0.0, tries.blocked_until_s - self.clock())

    def wrong(self, name: str, address: str) -> float:
        """Count a wrong try; returns the seconds to wait before the next one."""
        self._wrong_s.append(self.clock())
        tries = self._tries.setdefault((name, address), _Tries())
        self._tries.move_to_end((name, address))
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)
        tries.wrong += 1
        if tries.wrong < FREE_TRIES:
            return 0.0
        wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(tries.wrong - FREE_TRIES, 20))
        tries.blocked_until_s = self.clock() + wait_s
        return wait_s

    def right(self, name: str, address: str) -> None:
        self._tries.pop((name, address), None)


class Auth:
    def __init__(self, users: Users, idle_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._users = users
        self._idle_s = idle_s
        self._clock = clock
        self._sessions: dict[str, _Session] = {}
        self._checks = asyncio.Semaphore(PARALLEL_CHECKS)
        self.throttle = Throttle(clock)
        self.anonymous = ANONYMOUS

    async def sign_in(self, name: str, pin: str, address: str) -> Grant:
        """Raises ProblemError 401 (name or PIN wrong: not said which) or 429 (wait)."""
        role = await self.check(name, pin, address)
        await self._users.record_sign_in(name, "signed_in", address)
        token = secrets.token_urlsafe(32)
        now = self._clock()
        self._forget_old(now)
        self._sessions[_digest(token)] = _Session(name, role, now, now)
        lifetime_s = min(ABSOLUTE_S, self._idle_s)
        return Grant(token, name, role, datetime.now(UTC) + timedelta(seconds=lifetime_s), lifetime_s)

    async def check(self, name: str, pin: str, address: str) -> Role:
        """The role of whoever knows this PIN, without signing in. Raises as ``sign_in``."""
        self._not_too_often(name, address)
        async with self._checks:
            self._not_too_often(name, address)  # tries that queued up behind the fifth wrong one
            role = await self._users.verify(name, pin)
            if role is None:
                wait_s = self.throttle.wrong(name, address)
                await self._users.record_sign_in(None, "wrong", address)
                remedy = "Try again." if wait_s == 0.0 else f"Wait {wait_s:.0f} s."
                raise ProblemError(401, "wrong_pin", "Name or PIN is wrong.", remedy, wait_s or None)
        self.throttle.right(name, address)
        return role

    def _not_too_often(self, name: str, address: str) -> None:
        wait_s = self.throttle.wait_s(name, address)
        if wait_s > 0:
            remedy = f"Wait {wait_s:.0f} s. Stop and evacuate need no sign-in."
            raise ProblemError(429, "too_many_tries", "Too many wrong PINs.", remedy, wait_s)

    async def sign_out(self, token: str | None) -> None:
        session = None if token is None else self._sessions.pop(_digest(token), None)
        if session is not None:
            await self._users.record_sign_in(session.name, "signed_out", "")

    def identify(self, token: str | None) -> Identity:
        """Who holds this token; ANONYMOUS when it is unknown or expired. Memory only: a stop never waits for a database."""
        session = None if token is None else self._sessions.get(_digest(token))
        if token is None or session is None:
            return ANONYMOUS
        now = self._clock()
        if self._ended(session, now):
            del self._sessions[_digest(token)]
            return ANONYMOUS
        session.seen_s = now
        return Identity(session.name, session.role)

    async def recheck(self) -> None:
        """End the sessions of users who were disabled, take over changed roles.

        While the users cannot be read everybody keeps what they have: an operator with guests inside must not be signed
        out by a full disk.
        """
        for name in {session.name for session in self._sessions.values()}:
            try:
                role = await self._users.role_of(name)
            except StorageError as error:
                log.warning("users cannot be checked: %s", error)
                return
            for key, session in [(k, s) for k, s in self._sessions.items() if s.name == name]:
                if role is None:
                    del self._sessions[key]
                else:
                    session.role = role

    async def keep_checking(self) -> None:
        """Recheck every RECHECK_S until cancelled."""
        while True:
            await asyncio.sleep(RECHECK_S)
            await self.recheck()

    def _ended(self, session: _Session, now: float) -> bool:
        return now - session.seen_s > self._idle_s or now - session.opened_s > ABSOLUTE_S

    def _forget_old(self, now: float) -> None:
        for key in [key for key, session in self._sessions.items() if self._ended(session, now)]:
            del self._sessions[key]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

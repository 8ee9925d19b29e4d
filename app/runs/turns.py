"""Scripts in turns: one of all sessions at a time, in order of arrival.

All threads share Python's lock, so scripts that run at once hand it to each other and all end late; in turns most end
early. A script that takes longer than a turn, as for a large upload, goes on beside those that follow.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, get_ident

TURN_SECONDS = 0.2


class Turns:
    """What threads of Streamlit's scripts wait for."""

    def __init__(self, seconds: float = TURN_SECONDS) -> None:
        self.seconds = seconds
        self._lock = Lock()
        self._waiting: deque[tuple[int, Event]] = deque()
        self._ends: dict[int, float] = {}
        """By thread, when its turn is over, though it may go on."""

    @property
    def taken(self) -> bool:
        """Whether a script runs."""
        return bool(self._ends)

    @property
    def waiting(self) -> int:
        """Scripts that wait."""
        return len(self._waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the thread's turn, unless it has one already, as a fragment has within its page."""
        thread, called = get_ident(), Event()
        if thread in self._ends:
            yield
            return
        with self._lock:
            self._waiting.append((thread, called))
        self._call()
        while not called.wait(self.seconds):
            self._call()
        try:
            yield
        finally:
            del self._ends[thread]
            self._call()

    def _call(self) -> None:
        """Let the next in line begin, once all turns are over."""
        with self._lock:
            now = time.monotonic()
            if self._waiting and all(end <= now for end in self._ends.values()):
                thread, called = self._waiting.popleft()
                self._ends[thread] = now + self.seconds
                called.set()


turns = Turns()
"""Those of the server."""

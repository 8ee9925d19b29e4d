"""Long work in turns: as many threads as cores, one queue, and after each turn back to its end.

The page comes first. All threads share Python's one lock, and descents on small problems let go of it and take it
back thousands of times a second: two of them hand it to each other, and a script that waits for it may wait for
seconds. So a thread that has taken a turn rests while a script runs, though not for ever.
"""

import atexit
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from threading import Condition, Lock, Thread
from threading import enumerate as threads_alive
from typing import Any
from weakref import WeakSet, ref

RECENT = 32
"""Turns over which the pace of a job is measured."""

ROOM = 0.1
"""Seconds that a thread rests after a turn while somebody is busy, for every thread of the pool."""


class Job:
    """Work in turns of at most 0.1 s, each of which yields what there is by then, and `far` says how far that is.

    `newest` is what its last turn yielded and `reached` how far it had come by then, so what it wrote until then
    may be read from any thread. `owner` is whoever waits for it; see `Pool.attend`.
    """

    def __init__(self, turns: Iterator[Any], owner: str = "", far: Callable[[Any], int] = int) -> None:
        self.owner = owner
        self.newest: Any = None
        self.reached = 0
        self._far = far
        self.over = False
        self._turns = turns
        self._in_turn = Lock()
        self._error: Exception | None = None
        self._recent: tuple[tuple[float, int], ...] = ()
        self.going = self.queued = False  # the pool's notes

    def work(self, seconds: float) -> None:
        """Take turns in the caller's own thread, for a while."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until and self.turn():
            pass

    def turn(self) -> bool:
        """Take one turn; whether there are more."""
        with self._in_turn:
            if not self.over:
                try:
                    self.newest = next(self._turns)
                    self.reached = self._far(self.newest)
                    self._recent = (*self._recent[1 - RECENT :], (time.perf_counter(), self.reached))
                except StopIteration:
                    self.over = True
                except Exception as error:
                    self._error, self.over = error, True
        return not self.over

    def check(self) -> None:
        """Raise here what was raised in a turn, whichever thread took it."""
        if self._error:
            raise self._error

    def wait(self, seconds: float) -> None:
        """Wait for the end of a turn that is being taken, so long at most."""
        if self._in_turn.acquire(timeout=seconds):
            self._in_turn.release()

    def end(self) -> None:
        """No further turn is taken, ever."""
        self.over = True
        self.going = False

    @property
    def pace(self) -> float:
        """How far it comes in a second, going by its last turns; 0 while that cannot be known."""
        if len(recent := self._recent) < 2:
            return 0.0
        (began, first), (ended, last) = recent[0], recent[-1]
        return (last - first) / (ended - began)

    def forget_pace(self) -> None:
        """Measure anew, as after a pause."""
        self._recent = ()


class Pool:
    """Takes the turns of all jobs in a fixed number of threads, a turn of each after the other.

    A job that nobody else holds is forgotten. While `busy` says so there is a rest between two turns.
    """

    def __init__(self, threads: int, busy: Callable[[], bool] = lambda: False) -> None:
        self.threads: list[Thread] = []
        self._busy = busy
        self._most_threads = threads
        self._changed = Condition()
        self._closed = False
        self._line: deque[ref[Job]] = deque()
        self._jobs: WeakSet[Job] = WeakSet()

    def resume(self, job: Job) -> None:
        """Take the job's turns until it is over or paused; nothing new for one whose turns are being taken."""
        with self._changed:
            if job.going or job.over:
                return
            job.going = True
            job.forget_pace()
            self._jobs.add(job)
            if not job.queued:
                self._queue(job)
            if len(self.threads) < self._most_threads:
                self.threads.append(Thread(target=self._serve, name=f"pool {len(self.threads)}", daemon=True))
                self.threads[-1].start()

    def pause(self, job: Job) -> None:
        """Take no further turn of the job until it is trained again; one that is being taken is finished."""
        with self._changed:
            job.going = False

    def attend(self, present: Callable[[str], bool]) -> None:
        """Pause the jobs whose owners are gone."""
        with self._changed:
            waited_for = [job for job in self._jobs if job.going and job.owner]
        for job in waited_for:
            if not present(job.owner):
                self.pause(job)

    def close(self) -> None:
        """Take no further turn, of any job: a thread that is inside torch when Python ends would bring it down."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self.threads:
            thread.join(1)

    @property
    def load(self) -> int:
        """How many jobs wait for a turn."""
        return len(self._line)

    def _queue(self, job: Job) -> None:
        job.queued = True
        self._line.append(ref(job))
        self._changed.notify()

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._line or self._closed)
                if self._closed:
                    return
                job = self._line.popleft()()
            if job:
                self._take(job)
            job = None  # A thread that waits holds no job.
            self._rest()

    def _take(self, job: Job) -> None:
        more = job.going and job.turn()
        with self._changed:
            job.queued = False
            if more and job.going:
                self._queue(job)

    def _rest(self) -> None:
        until = time.perf_counter() + ROOM * self._most_threads
        time.sleep(0.001)  # Messages pass even when no script runs.
        while self._busy() and time.perf_counter() < until and not self._closed:
            time.sleep(0.005)


def _answering() -> bool:
    """Whether a script of Streamlit's runs, for any session."""
    return any(thread.name == "ScriptRunner.scriptThread" for thread in threads_alive())


pool = Pool(os.cpu_count() or 1, _answering)
"""Where all sessions train."""

atexit.register(pool.close)

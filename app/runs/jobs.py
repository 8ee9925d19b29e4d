"""Long work in turns: a thread less than cores, and one queue, to whose end a job returns after each turn.

The page comes first. All threads share Python's lock, which descents on small problems release and take again
thousands of times a second: two of them keep handing it to each other, and a script may wait for it for seconds. So
after a turn a thread rests while a script runs, though not forever.
"""

import atexit
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from threading import Condition, Lock, Thread
from typing import Any
from weakref import WeakSet, ref

from app.runs.turns import turns

PACE_TURNS = 32
"""Turns over which the pace of a job is measured."""

REST_SECONDS = 0.5
"""Longest rest after a turn while a script runs, for each thread of the pool."""


class Job:
    """Work in turns of at most 0.1 s, each of which yields what there is so far; `far` measures that as a number.

    `newest` is what the last turn yielded and `reached` how far that is: up to there any thread may read.
    `owner` is who waits for it; see `Pool.attend`.
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
        """Take turns in the caller's thread for this long, or until a script waits for that thread."""
        until = time.perf_counter() + seconds
        while self.turn() and time.perf_counter() < until and not turns.waiting:
            pass

    def turn(self) -> bool:
        """Take one turn; whether there are more."""
        with self._in_turn:
            if not self.over:
                try:
                    self.newest = next(self._turns)
                    self.reached = self._far(self.newest)
                    self._recent = (*self._recent[1 - PACE_TURNS :], (time.perf_counter(), self.reached))
                except StopIteration:
                    self.over = True
                except Exception as error:
                    self._error, self.over = error, True
        return not self.over

    def check(self) -> None:
        """Raise what was raised in a turn, in whichever thread."""
        if self._error:
            raise self._error

    def wait(self, seconds: float) -> None:
        """Wait for the turn that is being taken, at most this long."""
        if self._in_turn.acquire(timeout=seconds):
            self._in_turn.release()

    def end(self) -> None:
        """No further turn is taken, ever."""
        self.over = True
        self.going = False

    @property
    def pace(self) -> float:
        """How far it comes in a second, by its last turns; 0 while that is unknown."""
        if len(recent := self._recent) < 2:
            return 0.0
        (began, first), (ended, last) = recent[0], recent[-1]
        return (last - first) / (ended - began)

    def forget_pace(self) -> None:
        """Measure afresh, as after a pause."""
        self._recent = ()


class Pool:
    """Takes the turns of all jobs, one of each after the other, in at most `threads` threads.

    A job that nobody else refers to is forgotten. While `busy()`, threads rest between turns.
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
        """Take the job's turns until it is over or paused."""
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
        """Take no further turn of the job until it is resumed; one that is being taken is finished."""
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
        """Take no further turn of any job: a thread that is inside torch when Python exits would crash it."""
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
        until = time.perf_counter() + REST_SECONDS * self._most_threads
        time.sleep(0.001)  # Messages pass even when no script runs.
        while self._busy() and time.perf_counter() < until and not self._closed:
            time.sleep(0.005)


pool = Pool(max(1, (os.cpu_count() or 1) - 1), lambda: turns.taken)
"""Where all sessions train; a core is left to the scripts."""

atexit.register(pool.close)

"""A descent on its way to the screen."""

import math
from collections.abc import Iterator
from dataclasses import InitVar, dataclass
from operator import attrgetter

from app.dataset import Selection
from app.engine import History, Objective, Problem, Settings
from app.runs.jobs import Job, pool
from app.runs.segments import Segment

PATIENCE = 0.1
"""Seconds of training that a user waits for before the first picture, and between pictures."""

GLANCE = 0.03
"""The same while the picture follows a hand."""


@dataclass(eq=False)
class Run:
    """One descent: `id` differs for every run, `group` for every landscape that runs share.

    `settings` are those of its last segment, `segments` the ones before. `epochs`, `outcome` and `optimum`, the
    objective's, are those that the page has been given so far, `paused_by` the word for why the training
    rests: "paused", "stopped", or none. While it `searches`, the optimum is a sample's. `ask` changes when the
    page is to say which epoch it shows. `owner` is who watches.
    """

    id: str
    group: str
    selection: Selection
    objective: Objective
    settings: Settings
    history: History
    rest: InitVar[Iterator[History]]
    epochs: int = 0
    paused_by: str = ""
    segments: tuple[Segment, ...] = ()
    ask: str = ""
    owner: str = ""

    def __post_init__(self, rest: Iterator[History]) -> None:
        self.outcome: str = self.history.outcome
        self.job = Job(rest, self.owner, attrgetter("epochs"))
        self.searches, self.optimum = not self.objective.optimum_is_known, self.objective.optimum_so_far
        self.search = Job((objective.optimum for objective in [self.objective]), self.owner, lambda found: 1)

    @property
    def problem(self) -> Problem:
        """The rows that the descent sees, with those held out beside them."""
        return self.objective.problem

    def settings_after(self, epoch: int) -> Settings:
        """The settings of the step that follows an epoch."""
        segment = next((segment for segment in self.segments if segment.until > epoch), None)
        return segment.settings if segment else self.settings

    @property
    def hopeless(self) -> bool:
        """Whether there is no loss to show, not even the first."""
        return not math.isfinite(self.history.losses[0])

    def advance(self, seconds: float = PATIENCE) -> None:
        """Train on here for a while, and hand out what came of it."""
        if self.history.outcome == "running":
            self.job.work(seconds)
        self._publish()

    def follow(self) -> bool:
        """Have the pool train on, unless that is held; whether there is more to show than before."""
        before = self.epochs, self.outcome, self.searches
        self._publish()
        if self.outcome == "running" and not self.paused_by:
            pool.resume(self.job)
        if self.searches:
            pool.resume(self.search)
        return (self.epochs, self.outcome, self.searches) != before

    def pause(self, word: str) -> None:
        """Let the training rest where it is."""
        pool.pause(self.job)
        self.job.wait(PATIENCE)
        self.paused_by = word

    def resume(self) -> None:
        """Train on from where it rests."""
        self.paused_by = ""

    def _publish(self) -> None:
        """More only when that at least doubles what is shown, or ends it, or the training rests."""
        self.job.check()
        self.search.check()
        self.searches, self.optimum = not self.objective.optimum_is_known, self.objective.optimum_so_far
        reached = self.job.reached  # A thread of the pool may be writing; what is newer holds at least so much.
        self.history = self.job.newest or self.history
        outcome = self.history.outcome
        if outcome != "running":
            self.epochs, self.outcome = self.history.epochs, outcome
            return
        if self.paused_by or reached >= 2 * self.epochs:
            self.epochs = max(self.epochs, reached)
        self.outcome = "stopped" if self.paused_by == "stopped" else "running"

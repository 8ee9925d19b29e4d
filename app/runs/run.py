"""A descent on its way to the screen."""

import math
import time
from dataclasses import dataclass, field
from operator import itemgetter

from app.dataset import Selection
from app.engine import History, Objective, Problem, Settings
from app.engine.problem import Optimum
from app.engine.rates import is_predictable
from app.engine.trials import Trial
from app.runs.jobs import Job, pool
from app.runs.segments import Segment
from app.runs.training import Training

TRAINING_SECONDS = 0.1
"""Seconds of training that a user waits for before the first picture, and between pictures."""

DRAG_TRAINING_SECONDS = 0.03
"""The same while the picture follows a hand."""


@dataclass(eq=False, kw_only=True)
class Recording:
    """What a descent has recorded, as far as the page has been given it."""

    selection: Selection
    objective: Objective

    settings: Settings
    """Those of the last segment."""

    segments: tuple[Segment, ...] = ()
    """Those before the last."""

    history: History
    epochs: int = 0
    outcome: str = field(init=False)

    optimum: Optimum = field(init=False)
    """The objective's; that of a random sample while the exact one is being searched for."""

    def __post_init__(self) -> None:
        self.outcome, self.optimum = self.history.outcome, self.objective.optimum_so_far

    @property
    def problem(self) -> Problem:
        """The rows that the descent sees, with those held out beside them."""
        return self.objective.problem

    def settings_after(self, epoch: int) -> Settings:
        """The settings of the step that follows an epoch."""
        segment = next((segment for segment in self.segments if segment.until > epoch), None)
        return segment.settings if segment else self.settings

    @property
    def is_hopeless(self) -> bool:
        """Whether there is no loss to show, not even the first."""
        return not math.isfinite(self.history.losses[0])


@dataclass(eq=False, kw_only=True)
class Run(Recording):
    """A recording that goes on, in jobs of its own; it may follow a training with others."""

    id: str
    """Another for every run."""

    group: str
    """Shared by the runs on the same loss surface."""

    training: Training
    history: History = field(init=False)

    paused_by: str = ""
    """Why the training rests: "paused", "stopped", or not at all."""

    stop: int = 0
    """The epoch at which it was stopped, on this page or on one before a reload; 0 if not."""

    ask: str = ""
    """Changes when the page is to say which epoch it shows."""

    owner: str = ""
    """The browser tab that watches."""

    began: float = field(default_factory=time.monotonic, init=False)

    def __post_init__(self) -> None:
        self._begun = self.training.newest
        self.history = self._begun[0]
        super().__post_init__()
        self.job = Job(self.training.follow(), self.owner, itemgetter(1))
        self.searches = not self.objective.optimum_is_known
        self.search = Job((objective.optimum for objective in [self.objective]), self.owner, lambda found: 1)
        self.trial: Trial | None = None
        self.trying: Job | None = None

    def advance(self, seconds: float = TRAINING_SECONDS) -> None:
        """Train on in the caller's thread for a while, and publish what came of it."""
        self.job.work(seconds)
        self._publish()

    def follow(self) -> bool:
        """Have the pool train on, unless that is paused; whether there is more to show than before."""
        before = self.epochs, self.outcome, self.searches, self.is_trying
        self._publish()
        if self.outcome == "running" and not self.paused_by:
            pool.resume(self.job)
        if self.searches:
            pool.resume(self.search)
        if self.outcome not in ("running", "stopped") and not self.searches:
            self._try()
        return (self.epochs, self.outcome, self.searches, self.is_trying) != before

    @property
    def reached(self) -> int:
        """How far the training is, or where it rests."""
        return self.epochs if self.paused_by else self.job.reached

    @property
    def is_trying(self) -> bool:
        """Whether other learning rates are being tried."""
        return self.trying is not None and not self.trying.over

    def _try(self) -> None:
        """Once the run is over, see what other rates would have done, unless theory knows or it would take long."""
        unknown = not is_predictable(self.objective, self.settings) and not self.settings.accumulates
        if self.trial is None and not self.segments and unknown:
            self.trial = Trial(self.objective, self.settings)
            if self.trial.is_possible:
                self.trying = Job(self.trial.turns(), self.owner, lambda done: round(100 * done))
        if self.trying:
            self.trying.check()
            pool.resume(self.trying)

    def pause(self, word: str) -> None:
        """Let the training rest where it is, "paused" or "stopped"."""
        pool.pause(self.job)
        self.job.wait(TRAINING_SECONDS)
        self.paused_by = word
        if word == "stopped":
            self.stop = max(self.epochs, self.job.reached)

    def resume(self) -> None:
        """Train on from where it rests."""
        self.paused_by, self.stop = "", 0

    def _publish(self) -> None:
        """Show more only if that at least doubles what is shown, or ends it, or the training rests."""
        self.job.check()
        self.search.check()
        self.searches, self.optimum = not self.objective.optimum_is_known, self.objective.optimum_so_far
        self.history, reached = self.job.newest or self._begun
        if 0 < self.stop < reached:
            self.paused_by, reached = "stopped", self.stop
        elif self.history.outcome != "running" and self.history.epochs == reached:  # Others may be further.
            self.epochs, self.outcome, self.stop = reached, self.history.outcome, 0
            return
        if self.paused_by or reached >= 2 * self.epochs:
            self.epochs = max(self.epochs, reached)
        self.outcome = "stopped" if self.paused_by == "stopped" else "running"

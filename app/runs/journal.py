"""What becomes of runs, for whoever operates the server: counts, and a line in the log for each.

No line holds a name or a value of the data.
"""

import logging
import time
from collections import Counter
from dataclasses import dataclass
from threading import RLock
from weakref import WeakKeyDictionary, WeakValueDictionary, finalize

from app.engine import Settings
from app.runs.run import Run

LOG = logging.getLogger("playground.runs")

NOT_OVER = ("running", "stopped")
"""Outcomes of runs that may go on."""

DEFAULT = Settings()


@dataclass(eq=False)
class _Entry:
    about: str
    began: float
    epochs: int = 0
    is_closed: bool = False


class Journal:
    """Counts since the server started: `changes` that began a run, `epochs` that runs have reached, `ended` by outcome.

    An outcome is that of the history, or "replaced" by another run on the same page, or "left" with the page.
    """

    def __init__(self) -> None:
        self.changes = self.epochs = 0
        self.ended: Counter[str] = Counter()
        self._entries: WeakKeyDictionary[Run, _Entry] = WeakKeyDictionary()
        self._shown: WeakValueDictionary[str, Run] = WeakValueDictionary()
        """By owner."""

        self._lock = RLock()  # A garbage collection may end a run while its thread notes another.

    def note(self, run: Run) -> None:
        """Count what is new about the run that a page shows."""
        with self._lock:
            entry = self._entries.get(run) or self._begin(run)
            self.epochs += run.epochs - entry.epochs
            entry.epochs = run.epochs
            if run.outcome not in NOT_OVER:
                self._end(entry, run.outcome)

    def _begin(self, run: Run) -> _Entry:
        before = self._shown.get(run.owner)
        if before:
            self._end(self._entries[before], "replaced")
        entry = _Entry(_about(run), run.began)
        self._shown[run.owner], self._entries[run] = run, entry
        self.changes += 1
        finalize(run, self._end, entry, "left").atexit = False
        return entry

    def _end(self, entry: _Entry, outcome: str) -> None:
        with self._lock:
            if entry.is_closed:
                return
            entry.is_closed = True
            self.ended[outcome] += 1
        seconds = time.monotonic() - entry.began
        LOG.info("run: %s; %s at epoch %d after %.2f s", entry.about, outcome, entry.epochs, seconds)


def _about(run: Run) -> str:
    """The shape of the data and those settings that differ from the usual ones."""
    settings = run.settings
    rare = sorted(settings.in_use - {"learning_rate", "epochs", "start"})
    told = [f"{name}={value}" for name in rare if (value := getattr(settings, name)) != getattr(DEFAULT, name)]
    told += ["start=given"] * bool(settings.start) + [f"segments={len(run.segments) + 1}"] * bool(run.segments)
    usual = f"learning_rate={settings.learning_rate:g} epochs={settings.epochs}"
    return " ".join([f"{run.problem.n_rows}x{run.problem.n_features}", usual, *told])


def log_runs() -> None:
    """Write those lines to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False


journal = Journal()
"""Of all sessions."""

"""How a run went, in one sentence, and what one click would change."""

from dataclasses import dataclass, field
from typing import Any

from app.engine.limits import epochs_taken, good_learning_rate, growth, is_foreseen, max_learning_rate
from app.engine.modes import LINEAR
from app.engine.objective import NEAR
from app.engine.optimizers import OPTIMIZERS
from app.run import Run

MOST_WORK = 20_000_000
"""Multiplications after which the epoch of arrival is not looked for, for the slider's sake; 0.03 s."""


@dataclass(frozen=True)
class Verdict:
    """`mended` are the settings that the button called `label` sets, and `why` those; without a label there is none."""

    sentence: str
    label: str = ""
    mended: dict[str, Any] = field(default_factory=dict)
    alarming: bool = False
    why: str | None = None


def verdict(run: Run) -> Verdict:
    rate, history = run.settings.learning_rate, run.history
    if run.hopeless:
        sentence = f":red[**Stopped:**] The loss at the starting point is too large for {run.settings.precision}."
        return Verdict(sentence, "Start elsewhere", {"start": "", "precision": "float64"}, alarming=True)
    limit = max_learning_rate(run.objective, run.settings)
    known, offer = _limit(run, limit), _offer(run, limit)
    beyond = limit is not None and rate > limit
    grown = growth(run.objective, run.settings) if beyond else None
    if beyond and (history.outcome == "diverged" or grown):
        lands = f" and lands {farther(grown)} on the other side" if grown else ""
        word = "Diverged" if history.outcome == "diverged" else "Diverging"
        sentence = f":red[**{word}:**] {known} you chose **{rate:g}**, so each step overshoots{lands}."
        return Verdict(sentence, alarming=True, **offer)
    if history.outcome == "diverged":
        advice = "" if run.settings.precision == "float64" else " Choose float64 under “More settings”."
        if history.updates_per_epoch > 1:
            advice = " A smaller rate or larger batches calm it."
        return Verdict(f":red[**Stopped:**] {history.reason}{advice}", **offer)
    done = f"**Converged** at epoch {history.epochs:,}. " if history.outcome == "converged" else ""
    if history.outcome == "finished" and run.settings.tolerance:
        left = run.objective.way_left(history.parameters[-1], history.parameters[0]).item()
        done = f"**Not converged**: {left:.0%} of the way to the lowest point is left. " if left > NEAR else ""
    sentence = f"{done}{known[0].upper()}{known[1:]} you chose **{rate:g}**.{_arrival(run)}"
    return Verdict(sentence, **offer)


def _offer(run: Run, limit: float | None) -> dict[str, Any]:
    """The button that sets a good rate, where one is known."""
    good = good_learning_rate(run.objective, run.settings)
    if good is None:
        return {}
    why = "Half the limit: quick, and far from the edge." if limit else None
    return {"label": f"Set rate {good:g}", "mended": {"learning_rate": good}, "why": why}


def _arrival(run: Run) -> str:
    """When this run arrives, for the runs of which the learning rate's control cannot know it."""
    parameters, running = run.history.parameters, run.outcome in ("running", "stopped")
    if run.searches or (is_foreseen(run.objective, run.settings) and not run.stretches):
        return ""
    if parameters.numel() * (10 + parameters.shape[1]) > MOST_WORK:
        return ""
    epoch = epochs_taken(run.objective, parameters)
    if epoch is None:
        return "" if running else f" In these {run.history.epochs:,} epochs it does not come within 1 % of the optimum."
    return f" It first comes within 1 % of the optimum at epoch {epoch:,}."


def _limit(run: Run, limit: float | None) -> str:
    """What is known of the largest stable rate, up to the rate that was chosen."""
    if limit is not None:
        scaling = "standardized" if run.problem.scaling == "standardize" else "unscaled"
        return f"the limit of the learning rate for this data, {scaling}, is **{limit:.3g}**;"
    if not run.objective.loss.smooth:
        return "a loss with a kink has no limit of the learning rate: the larger, the wider the last steps circle;"
    if run.settings.optimizer not in LINEAR:
        title = OPTIMIZERS[run.settings.optimizer].title
        return f"{title} has no fixed limit of the learning rate, it scales its own steps;"
    return "the limit of the learning rate is known only with all rows in each batch;"


def farther(grown: float) -> str:
    """Such as "1.7 times as far away"."""
    if not grown < 1e6:  # or beyond all numbers
        return "more than a million times as far away"
    times = f"{grown:,.0f}" if grown >= 100 else f"{grown:.2g}"
    return f"{times} times as far away" if grown >= 1.05 else "a little farther away"

"""How a run went, in one sentence, and what one click would change."""

import math
from dataclasses import dataclass, field
from typing import Any

from app.engine.modes import LINEAR_OPTIMIZERS
from app.engine.optimizers import OPTIMIZERS
from app.engine.rates import (
    ARRIVED_SHARE,
    better_learning_rate,
    epochs_taken,
    fastest_learning_rate,
    growth,
    is_predictable,
    max_learning_rate,
)
from app.runs.run import Run
from app.wording import Markdown, farther, readable

MAX_MULTIPLICATIONS = 20_000_000
"""For finding the epoch of arrival, so that the slider stays quick; 0.03 s."""


@dataclass(frozen=True)
class Verdict:
    sentence: str
    label: str = ""
    """Of the button; "" for none."""

    fix: dict[str, Any] = field(default_factory=dict)
    """The settings that the button sets."""

    alarming: bool = False
    why: str | None = None
    """Why those settings."""


def verdict(run: Run) -> Verdict:
    """What the limit of the learning rate, the rate that was chosen and the outcome say together."""
    rate, history = run.settings.learning_rate, run.history
    if run.is_hopeless:
        words = Markdown(":red[**Stopped:**] The loss at the starting point is too large for {}.")
        sentence, fix = words.format(run.settings.precision), {"start": "", "precision": "float64"}
        return Verdict(sentence, "Start elsewhere", fix, alarming=True)
    limit = max_learning_rate(run.objective, run.settings)
    known, offer = _limit(run, limit), _offer(run)
    beyond = limit is not None and rate > limit
    grown = growth(run.objective, run.settings) if beyond else None
    if beyond and (history.outcome == "diverged" or grown):
        lands = Markdown(" and lands {} on the other side").format(farther(grown)) if grown else ""
        word = "Diverged" if history.outcome == "diverged" else "Diverging"
        words = Markdown(":red[**{}:**] {} you chose **{:g}**, so each step overshoots{}.")
        return Verdict(words.format(word, known, rate, lands), alarming=True, **offer)
    if history.outcome == "diverged":
        advice = Markdown("" if run.settings.precision == "float64" else " Choose float64 under “More settings”.")
        if history.updates_per_epoch > 1:
            advice = Markdown(" A smaller rate or larger batches calm it.")
        return Verdict(Markdown(":red[**Stopped:**] {}{}").format(history.reason, advice), **offer)
    words = Markdown("{}{} you chose **{:g}**.{}")
    return Verdict(words.format(_done(run), known.capitalized(), rate, _arrival(run)), **offer)


def _offer(run: Run) -> dict[str, Any]:
    """The button that sets a rate that was found to be better, by theory or by trial; nothing if none was."""
    if run.segments:
        return {}
    rate = better_learning_rate(run.objective, run.settings)
    why = "Half the limit: quick, and far from the edge."
    if rate is not None and rate == fastest_learning_rate(run.objective, run.settings):
        why = "The fastest: with no other rate it arrives sooner."
    if rate is None and run.trial and run.trial.better:
        rate, (own, other) = run.trial.better, run.trial.losses
        tried = f"Of {len(run.trial.rates)} rates tried with these settings it ends lowest"
        why = f"{tried}: at a loss of {readable(other)}" + (f", not {readable(own)}." if math.isfinite(own) else ".")
    if rate is None:
        return {}
    return {"label": Markdown("Set rate {:g}").format(rate), "fix": {"learning_rate": rate}, "why": why}


def _done(run: Run) -> Markdown:
    """Whether it has arrived, if a tolerance asks for that."""
    history = run.history
    if history.outcome == "converged":
        return Markdown("**Converged** at epoch {:,}. ").format(history.epochs)
    if history.outcome == "finished" and run.settings.tolerance:
        left = run.objective.distance_left(history.parameters[-1], history.parameters[0]).item()
        if left > ARRIVED_SHARE:
            return Markdown("**Not converged**: {:.0%} of the way to the lowest point is left. ").format(left)
    return Markdown("")


def _arrival(run: Run) -> Markdown:
    """When this run arrives, if the learning rate's slider cannot predict it."""
    parameters, running = run.history.parameters, run.outcome in ("running", "stopped")
    if run.searches or (is_predictable(run.objective, run.settings) and not run.segments):
        return Markdown("")
    if parameters.numel() * (10 + parameters.shape[1]) > MAX_MULTIPLICATIONS:
        return Markdown("")
    epoch = epochs_taken(run.objective, parameters)
    if epoch is not None:
        return Markdown(" It comes within 1 % of the optimum at epoch {:,}.").format(epoch)
    words = Markdown("" if running else " In these {:,} epochs it does not come within 1 % of the optimum.")
    return words.format(run.history.epochs)


def _limit(run: Run, limit: float | None) -> Markdown:
    """What is known of the largest stable rate: the beginning of a sentence, or its middle."""
    if limit is not None:
        scaling = "standardized" if run.problem.scaling == "standardize" else "unscaled"
        return Markdown("the limit of the learning rate for this data, {}, is **{:.3g}**;").format(scaling, limit)
    if not run.objective.loss.smooth:
        return Markdown(
            "a loss with a kink has no limit of the learning rate: the larger, the wider the last steps circle;"
        )
    if run.settings.optimizer not in LINEAR_OPTIMIZERS:
        words = Markdown("{} has no fixed limit of the learning rate, it scales its own steps;")
        return words.format(OPTIMIZERS[run.settings.optimizer].title)
    return Markdown("the limit of the learning rate is known only with all rows in each batch;")

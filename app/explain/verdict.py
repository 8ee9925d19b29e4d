"""How a run went, in one sentence, and what one click would change."""

import math
from dataclasses import dataclass, field
from typing import Any

from app.engine.rates import (
    ARRIVED_SHARE,
    better_learning_rate,
    epochs_needed,
    epochs_taken,
    fastest_learning_rate,
    growth,
    max_learning_rate,
)
from app.runs.run import Run
from app.wording import Markdown, epochs, farther, readable

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
    """What came of the run so far, in plain words."""
    if run.is_hopeless:
        words = Markdown(":red[**Stopped:**] The loss at the starting point is too large for {}.")
        sentence, fix = words.format(run.settings.precision), {"start": "", "precision": "float64"}
        return Verdict(sentence, "Start elsewhere", fix, alarming=True)
    offer = _offer(run)
    if thrown_out := _thrown_out(run):
        return Verdict(thrown_out, alarming=True, **offer)
    if run.history.outcome == "diverged":
        advice = Markdown("" if run.settings.precision == "float64" else " Choose float64 under “More settings”.")
        if run.history.updates_per_epoch > 1:
            advice = Markdown(" A smaller rate, a schedule or larger batches calm it.")
        return Verdict(Markdown(":red[**Stopped:**] {}{}").format(run.history.reason, advice), **offer)
    return Verdict(_arrival(run, offer.get("fix", {}).get("learning_rate")), **offer)


def _thrown_out(run: Run) -> Markdown | None:
    """If each step lands farther away: how far, and the limit that the rate is beyond."""
    limit = max_learning_rate(run.objective, run.settings)
    if limit is None or run.settings.learning_rate <= limit:
        return None
    grown = growth(run.objective, run.settings)
    if run.history.outcome != "diverged" and not grown:
        return None
    scaling = "standardized" if run.problem.scaling == "standardize" else "unscaled"
    step = f"each step {f'lands {farther(grown)} on the other side' if grown else 'overshoots'}"
    words = Markdown(
        ":red[**Thrown out:**] it diverges, {}; the limit for this data, {}, is **{:.3g}**, you chose **{:g}**."
    )
    return words.format(step, scaling, limit, run.settings.learning_rate)


def _arrival(run: Run, better: float | None) -> Markdown:
    """Whether it has arrived, its loss beside the lowest, and if not how far it is and what may help."""
    parameters, optimum = run.history.parameters[: run.epochs + 1], run.objective.optimum_so_far
    left = run.problem.distance_left(parameters[-1].double(), parameters[0].double(), optimum.parameters)
    loss, lowest = readable(run.history.losses[run.epochs].item()), readable(optimum.loss)
    compared = f"loss {loss}, " + (
        "the lowest there is" if loss == lowest else f"where {lowest} is the lowest there is"
    )
    stopped = f" It stopped at epoch {run.epochs:,}, as the loss hardly changed." if run.outcome == "converged" else ""
    if not left <= ARRIVED_SHARE:
        heading = "On its way" if run.outcome == "running" else "Not there yet"
        words = Markdown("**{}:** {}{}.{}{}")
        return words.format(heading, compared, _still_needed(run), stopped, _advice(run, better))
    when = ""
    if parameters.numel() * (10 + parameters.shape[1]) <= MAX_MULTIPLICATIONS:
        when = f" at epoch {epochs_taken(run.objective, parameters) or 0:,}"
    return Markdown("**Arrived**{}: {}.{}").format(when, compared, stopped)


def _still_needed(run: Run) -> str:
    """Such as "; about 159,000 more epochs at this rate", if that can be predicted."""
    needed = None if run.segments else epochs_needed(run.objective, run.settings)
    if needed is None or needed <= run.epochs:
        return ""
    return f"; {epochs(needed - run.epochs).replace(' epoch', ' more epoch')} at this rate"


def _advice(run: Run, better: float | None) -> str:
    if run.outcome in ("running", "stopped"):
        return ""
    if better is not None:
        return " A larger rate?" if better > run.settings.learning_rate else " A smaller rate?"
    if run.history.updates_per_epoch > 1:
        return " A smaller rate, a schedule or larger batches calm it."
    return "" if run.objective.loss.smooth else " A smaller rate or a schedule calms the last steps."


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

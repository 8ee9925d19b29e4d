"""How a run goes, in one sentence for each epoch, and what one click would change."""

import math
from dataclasses import dataclass, field
from typing import Any

from app.charts.scene import Scene
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
from app.wording import Markdown, farther, readable
from components.player import Countdown, Likeness, Moving, Part, Saying

MAX_MULTIPLICATIONS = 20_000_000
"""For finding the epoch of arrival, so that the slider stays quick; 0.03 s."""

CLEAR = " Each step adds its gradient to all before it: clear them with zero_()."


@dataclass(frozen=True)
class Verdict:
    sayings: tuple[Saying, ...]
    """The sentence that holds from each epoch on."""

    label: str = ""
    """Of the button; "" for none."""

    fix: dict[str, Any] = field(default_factory=dict)
    """The settings that the button sets."""

    why: str | None = None
    """Why those settings."""

    @property
    def alarming(self) -> bool:
        return self.sayings[-1].alarming


def verdict(scene: Scene, *, in_lesson: bool = False) -> Verdict:
    """What came of the run so far, in plain words, at each epoch.

    in_lesson: a lesson asks when a run arrives and which rate is good, so nothing is said but the loss.
    """
    run = scene.run
    if run.is_hopeless:
        words = f"The loss at the starting point is too large for {run.settings.precision}."
        return Verdict(_alarm("Stopped:", words), "Start elsewhere", {"start": "", "precision": "float64"})
    if in_lesson:
        return Verdict((Saying(0.0, "Now:", [*_loss(scene), "."]),))
    offer = _offer(run)
    if thrown_out := _thrown_out(run):
        return Verdict(_alarm("Thrown out:", thrown_out), **offer)
    if run.outcome == "diverged":
        advice = "" if run.settings.precision == "float64" else " Choose float64 under “More settings”."
        if run.settings.accumulates:
            advice = CLEAR
        elif run.history.updates_per_epoch > 1:
            advice = " A smaller rate, a schedule or larger batches calm it."
        return Verdict(_alarm("Stopped:", run.history.reason + advice), **offer)
    return Verdict(_arrival(scene, offer.get("fix", {}).get("learning_rate")), **offer)


def _alarm(heading: str, words: str) -> tuple[Saying, ...]:
    return (Saying(0.0, heading, [words], alarming=True),)


def _thrown_out(run: Run) -> str:
    """If each step lands farther away: how far, and the limit that the rate is beyond."""
    limit = max_learning_rate(run.objective, run.settings)
    if limit is None or run.settings.learning_rate <= limit:
        return ""
    grown = growth(run.objective, run.settings)
    if run.outcome != "diverged" and not grown:
        return ""
    scaling = "standardized" if run.problem.scaling == "standardize" else "unscaled"
    step = f"each step {f'lands {farther(grown)} on the other side' if grown else 'overshoots'}"
    chosen = f"you chose {run.settings.learning_rate:g}"
    return f"it diverges, {step}; the limit for this data, {scaling}, is {limit:.3g}, {chosen}."


def _arrival(scene: Scene, better: float | None) -> tuple[Saying, ...]:
    """Its loss beside the lowest: not there yet, and how far it is and what may help; then when it arrived."""
    run = scene.run
    parameters, optimum, loss = run.history.parameters[: run.epochs + 1], run.objective.optimum_so_far, _loss(scene)
    stopped = f" It stopped at epoch {run.epochs:,}, as the loss hardly changed." if run.outcome == "converged" else ""
    under_way = "On its way:" if run.outcome == "running" else "Not there yet:"
    left = run.problem.distance_left(parameters[-1].double(), parameters[0].double(), optimum.parameters)
    if not left <= ARRIVED_SHARE:
        needed = None if run.segments else epochs_needed(run.objective, run.settings)
        left_over = _more(needed if needed and needed > run.epochs else None)
        return (Saying(0.0, under_way, [*loss, *left_over, f".{stopped}{_advice(run, better)}"]),)
    if parameters.numel() * (10 + parameters.shape[1]) > MAX_MULTIPLICATIONS:
        arrived = Saying(float(scene.last_epoch), "Arrived:", [*loss, f".{stopped}"])
        return Saying(0.0, "On its way:", [*loss, "."]), arrived
    epoch = epochs_taken(run.objective, parameters) or 0
    arrived = Saying(float(epoch), f"Arrived at epoch {epoch:,}:", [*loss, f".{stopped}"])
    return (Saying(0.0, under_way, [*loss, *_more(epoch), "."]), arrived) if epoch else (arrived,)


def _loss(scene: Scene) -> list[Part]:
    """Such as "loss 377.00, where 2.24 is the lowest there is"."""
    row, lowest = scene.loss_row, scene.run.objective.optimum_so_far.loss
    return [
        "loss ",
        Moving(row),
        Likeness(row, lowest, ", the lowest there is", ", where {} is the lowest there is"),
    ]


def _more(until: float | None) -> list[Part]:
    """Such as "; about 159,000 more epochs at this rate", if that is known."""
    if until is None:
        return []
    return ["; ", Countdown(until) if math.isfinite(until) else "more than a billion more epochs", " at this rate"]


def _advice(run: Run, better: float | None) -> str:
    if run.outcome in ("running", "stopped"):
        return ""
    if run.settings.accumulates:
        return CLEAR
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

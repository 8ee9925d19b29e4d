"""How a run went, in one sentence, and what one click would change."""

from dataclasses import dataclass
from typing import Any

from app.engine.training import NEAR
from app.session import Run


@dataclass(frozen=True)
class Verdict:
    """`mended` are the settings that the button called `label` sets."""

    sentence: str
    label: str
    mended: dict[str, Any]
    alarming: bool = False


def verdict(run: Run) -> Verdict:
    problem, rate, history = run.problem, run.settings.learning_rate, run.history
    if run.hopeless:
        sentence = (
            f":red[**Stopped:**] The loss at the starting point is too large for {run.settings.precision}."
        )
        return Verdict(sentence, "Start elsewhere", {"start": "", "precision": "float64"}, alarming=True)
    scaling = "standardized" if problem.scaling == "standardize" else "unscaled"
    limit = f"limit of the learning rate for this data, {scaling}, is **{problem.max_learning_rate:.3g}**"
    good = problem.safe_learning_rate
    label, mended = f"Set rate {good:g}", {"learning_rate": good}
    if history.outcome == "diverged" and rate > problem.max_learning_rate:
        sentence = f":red[**Diverged:**] the {limit}; you chose **{rate:g}**, so every step overshoots."
        return Verdict(sentence, label, mended, alarming=True)
    if history.outcome == "diverged":
        return Verdict(f":red[**Stopped:**] {history.reason} Choose float64 under “More settings”.", label, mended)
    done = f"**Converged** at epoch {history.epochs:,}. " if history.outcome == "converged" else ""
    if history.outcome == "finished" and run.settings.tolerance:
        left = problem.way_left(history.parameters[-1], history.parameters[0]).item()
        done = f"**Not converged**: {left:.0%} of the way to the least squares is left. " if left > NEAR else ""
    return Verdict(f"{done}The {limit}; you chose **{rate:g}**.", label, mended)

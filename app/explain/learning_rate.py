"""What the slider of the learning rate says about it: the fastest rate, the limit, and how many epochs it takes."""

from typing import Any

from app.engine import Objective, Settings
from app.engine.modes import LINEAR_OPTIMIZERS
from app.engine.optimizers import OPTIMIZERS
from app.engine.rates import edge_learning_rate, epochs_needed, fastest_learning_rate, growth, max_learning_rate
from app.engine.settings import BOUNDS
from app.wording import epochs, farther


def rate_zones(objective: Objective, settings: Settings) -> dict[str, Any]:
    """Marks, jumps and note of the slider: green up to the fastest rate, red beyond the limit."""
    limit, fastest = max_learning_rate(objective, settings), fastest_learning_rate(objective, settings)
    least, most = BOUNDS["learning_rate"]
    marks, jumps = (
        {"fastest": fastest, "limit": limit},
        {"fastest": fastest, "edge": edge_learning_rate(objective, settings)},
    )
    return {
        "marks": {name: value for name, value in marks.items() if value},
        "jumps": {name: value for name, value in jumps.items() if value and least <= value <= most},
        "note": _note(objective, settings, limit),
    }


def _note(objective: Objective, settings: Settings, limit: float | None) -> str:
    """What this rate does, in a sentence."""
    if settings.accumulates:
        return "Gradients add up, and no limit of the rate is known."
    if limit is None:
        if not objective.loss.smooth:
            return "A loss with a kink has no limit of the rate."
        if settings.optimizer not in LINEAR_OPTIMIZERS:
            return f"{OPTIMIZERS[settings.optimizer].title} has no fixed limit."
        return "The limit is known only with all rows in each batch."
    if settings.learning_rate >= limit:
        grown = growth(objective, settings)
        return f"Beyond the limit: each step {f'lands {farther(grown)}' if grown else 'overshoots'}."
    if (needed := epochs_needed(objective, settings)) is None:
        return ""
    fastest = fastest_learning_rate(objective, settings)
    past = "Past the fastest: " if fastest and settings.learning_rate > fastest else ""
    words = f"{past}{epochs(needed)} to within 1 % of the optimum."
    return words[0].upper() + words[1:]

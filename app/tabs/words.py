"""The settings of a run in words."""

from collections.abc import Iterator

from app.controls import TITLES
from app.controls.optimizer import WIDGETS
from app.engine import HYPERPARAMETERS, Settings
from app.runs.run import Recording
from app.wording import count, listed


def settings_in_words(run: Recording) -> str:
    """Such as "Gradient descent, learning rate 0.01, 2,000 epochs, all rows at once, … Predicted: …"."""
    parts = [f"Up to epoch {part.until:,}: {_words(part.settings)}." for part in run.segments]
    whole = _words(run.settings)
    return " ".join([*parts, f"Then: {whole}." if parts else f"{whole}.", f"Predicted: {predicted(run)}."])


def _words(settings: Settings) -> str:
    return ", ".join(_each(settings))


def _each(settings: Settings) -> Iterator[str]:
    yield TITLES["optimizer"][settings.optimizer] + _values(settings, settings.optimizer)
    yield f"learning rate {settings.learning_rate:g}"
    if settings.schedule != "constant":
        yield f"schedule “{TITLES['schedule'][settings.schedule]}”{_values(settings, settings.schedule)}"
    yield count(settings.epochs, "epoch")
    yield f"batches of {settings.batch_size:,}" if settings.batch_size else "all rows at once"
    yield f"loss “{TITLES['loss'][settings.loss]}”{_values(settings, settings.loss)}"
    for name, title in (("l2", "L2 penalty"), ("l1", "L1 penalty"), ("tolerance", "tolerance")):
        if value := getattr(settings, name):
            yield f"{title} {value:g}"
    if settings.held_out:
        yield f"{settings.held_out:.0%} of the rows held out"
    by = "by hand" if settings.gradient == "by_hand" else "by autograd"
    yield f"gradients {by}" + (", never cleared" if settings.accumulates else "")
    yield settings.precision
    yield (
        f"start at {', '.join(f'{number:g}' for number in settings.start)}"
        if settings.start
        else f"seed {settings.seed}"
    )


def _values(settings: Settings, chosen: str) -> str:
    """What this choice alone reads, such as " (δ 1)"."""
    values = {name: getattr(settings, name) for name in HYPERPARAMETERS.get(chosen, ())}
    words = [f"{WIDGETS[name][0]} {value:g}" for name, value in values.items() if value is not None]
    return f" ({', '.join(words)})" if words else ""


def predicted(run: Recording) -> str:
    """What is predicted from what: "test score from hours studied, standardized"."""
    columns = run.selection.columns
    words = f"{columns.target} from {listed(columns.features)}"
    if run.problem.scaling == "standardize":
        words += ", standardized"
    if columns.degrees:
        powers = [f"{name} to {degree}" for name, degree in columns.degrees]
        words += f", with powers: {listed(powers)}"
    return words + (", with interactions" if columns.interactions else "")

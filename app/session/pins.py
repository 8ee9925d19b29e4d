"""The pinned runs of a session, and those of its link."""

from collections.abc import Sequence

from app.engine import Settings
from app.engine.optimizers import OPTIMIZERS
from app.engine.settings import BOUNDS
from app.runs.pins import Pin, PinRestore, free_number, pin
from app.runs.run import Run
from app.session import link
from app.session.state import state


def pinned() -> Sequence[Pin]:
    """By number."""
    return state().pins or ()


def set_pins(pins: Sequence[Pin]) -> None:
    state().pins = tuple(sorted(pins, key=lambda one: one.number))


def pin_run(name: str = "") -> None:
    """Pin the run on the screen, unless it is; only in a callback or before it is drawn."""
    run, number = state().run, next_number()
    if run and number and not run.is_hopeless and not any(one.is_of(run) for one in pinned()):
        set_pins([*pinned(), pin(run, number, name or usual_name(run), run_id=run.id)])


def next_number() -> int | None:
    """The lowest number without a pin, on the page or on its way back from the link; None if there is none."""
    coming = restoring()
    return free_number([one.number for one in pinned()] + list(range(1, len(coming.plans) + 1) if coming else ()))


def usual_name(run: Run) -> str:
    rate = f"rate {run.settings.learning_rate:g}"
    plain = run.settings.optimizer == "gradient_descent"
    return rate if plain else f"{OPTIMIZERS[run.settings.optimizer].title}, {rate}"


def follow_run(run: Run) -> None:
    """Let the pin of a run that goes on go on with it."""
    for one in pinned():
        goes_on = one.run == run.id and one.outcome in ("running", "stopped")
        if goes_on and (one.last, one.outcome) != (run.epochs, run.outcome):
            longer = pin(run, one.number, one.plan.name, run_id=run.id, hidden=one.hidden)
            set_pins([longer if other is one else other for other in pinned()])


def restoring() -> PinRestore | None:
    """The pins of a visitor's link that are still being trained again."""
    return state().restore


def restore_pins(run: Run) -> None:
    """Have the pins of a visitor's link trained again, once there is a picture, and take them when they are."""
    now = state()
    if now.pins is None:
        now.pins = ()
        if plans := [plan for plan in link.plans() if all(_fits_the_page(part.settings) for part in plan.segments)]:
            now.restore = PinRestore(plans, run.selection, run.owner)
    if now.restore and now.restore.job.over:
        now.restore.job.check()
        set_pins([*pinned(), *now.restore.pins])
        now.restore = None


def _fits_the_page(settings: Settings) -> bool:
    """Whether the widgets could hold these settings, so that they can be restored."""
    values = {name: getattr(settings, name) for name in BOUNDS}
    return all(value is None or BOUNDS[name][0] <= value <= BOUNDS[name][1] for name, value in values.items())

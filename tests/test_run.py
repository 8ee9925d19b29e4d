"""A run hands out its epochs in a few growing parts."""

import itertools
import time
from collections.abc import Iterator

from app.dataset import ColumnChoice, load_sample, select
from app.engine import Objective, Problem, Settings, train
from app.engine.objective import MAX_ROWS_WITH_EXACT_OPTIMUM
from app.runs.run import Run
from app.runs.training import Training
from tests.problems import table
from tests.scenes import begun


def of_students(epochs: int = 20_000, learning_rate: float = 0.01) -> Run:
    selection = select(load_sample("students"), ColumnChoice("test score", ("hours studied",)))
    return begun(selection, Settings(epochs=epochs, learning_rate=learning_rate))


def parts(run: Run, seconds: float) -> Iterator[int]:
    """The epochs handed out after each advance, until the run is done."""
    while run.history.outcome == "running":
        run.advance(seconds)
        yield run.epochs


def test_a_short_run_hands_out_all_its_epochs_at_once() -> None:
    run = of_students(epochs=200)
    run.advance(60)
    assert (run.epochs, run.history.outcome) == (200, "finished")


def test_the_epochs_handed_out_at_least_double_until_the_run_ends() -> None:
    seen = [epochs for epochs, _ in itertools.groupby(parts(of_students(), seconds=0.001))]
    assert seen[-1] == 20_000
    assert all(later >= 2 * earlier for earlier, later in itertools.pairwise(seen[:-1]))
    assert seen == sorted(seen)


def test_no_epoch_is_handed_out_before_it_is_trained() -> None:
    run = of_students()
    for epochs in parts(run, seconds=0.001):
        assert epochs <= run.history.epochs


def test_a_run_that_diverged_hands_out_all_it_has() -> None:
    run = of_students(learning_rate=0.06)
    run.advance(60)
    assert run.history.outcome == "diverged"
    assert run.epochs == run.history.epochs > 0


def test_advancing_a_run_that_is_done_changes_nothing() -> None:
    run = of_students(epochs=50)
    run.advance(60)
    run.advance(60)
    assert run.epochs == run.history.epochs == 50


def test_a_run_shows_a_samples_lowest_point_until_that_of_many_rows_is_found() -> None:
    selection = select(load_sample("students"), ColumnChoice("test score", ("hours studied",)))
    x, y = table(MAX_ROWS_WITH_EXACT_OPTIMUM + 1, 2)
    problem, settings = Problem(x, y), Settings(epochs=3, loss="mae")
    *_, history = train(problem, settings)
    run = Run(
        id="1",
        group="1",
        selection=selection,
        objective=Objective(problem, settings),
        settings=settings,
        training=Training(iter([history])),
    )
    run.advance(0)
    about = run.optimum
    assert run.searches
    while not run.follow():
        time.sleep(0.01)
    assert run.optimum is run.objective.optimum
    assert run.optimum.loss < about.loss
    assert not run.searches
    assert not run.follow(), "there is nothing more to come"

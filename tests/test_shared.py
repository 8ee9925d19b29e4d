"""What is the same for many sessions is made once, and forgotten with the last of them."""

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace

from app.dataset import ColumnChoice, load_sample, select
from app.engine import History, Problem, Settings, train
from app.runs.training import Training
from app.session.shared import once
from tests.page import choose, visit
from tests.scenes import begun


class Thing:
    pass


def test_sessions_with_the_same_sample_and_settings_share_surface_and_run() -> None:
    one, other = (visit(epochs="123").session_state["_state"] for _ in range(2))
    assert one is not other
    assert one.selection is other.selection
    assert one.objective is other.objective
    assert one.run is not other.run
    assert one.run.history.outcome == "finished"
    assert one.run.history is other.run.history


def test_a_run_that_goes_on_is_one_for_all_until_each_has_all_of_it() -> None:
    problem, settings = Problem([[0.0], [1.0], [2.0]], [0.0, 1.0, 3.0]), Settings(epochs=5000, gradient="autograd")
    steps: list[int] = []

    def counted() -> Iterator[History]:
        for history in train(problem, settings):
            steps.append(history.epochs)
            yield history

    training = Training(counted())
    class_of_thirty = [training.follow() for _ in range(30)]
    while training.newest[0].outcome == "running":
        for one in class_of_thirty[1:]:
            next(one)
    late = [*class_of_thirty[0]]
    assert late == [training.newest] == [(training.newest[0], 5000)]
    assert all([*one][-1:] in ([], late) for one in class_of_thirty)
    assert steps == sorted({*steps})


def test_a_run_that_is_stopped_stays_so_while_another_goes_on_with_the_same_training() -> None:
    selection = select(load_sample("students"), ColumnChoice("test score", ("hours studied",)))
    one = begun(selection, Settings(epochs=3000, gradient="autograd"))
    other = replace(one, id="2")
    assert one.training is other.training
    one.advance(0)
    one.pause("stopped")
    one.follow()
    stopped = one.epochs
    assert 0 < stopped < 3000
    while other.outcome == "running":
        other.advance(1)
    one.follow()
    assert (one.outcome, one.epochs) == ("stopped", stopped)
    one.resume()
    one.advance(1)
    assert (one.outcome, one.epochs) == ("finished", 3000)


def test_another_setting_makes_another_run() -> None:
    page, other = visit(epochs="124"), visit(epochs="124")
    choose(other, learning_rate=0.0123)
    one, two = page.session_state["_state"].run, other.session_state["_state"].run
    assert one.objective is two.objective
    assert one.history is not two.history
    assert one.settings.learning_rate == 0.01
    assert two.settings.learning_rate == 0.0123


def test_a_run_that_is_asked_where_to_branch_is_not_shared_as_the_one_to_come() -> None:
    page, other = visit(epochs="125", changes="from here"), visit(epochs="125")
    choose(page, learning_rate=0.0123)
    choose(other, learning_rate=0.0123)
    one, two = page.session_state["_state"].run, other.session_state["_state"].run
    assert one.settings.learning_rate == 0.01
    assert one.ask
    assert two.settings.learning_rate == 0.0123
    assert two.history is not one.history


def test_what_nobody_holds_is_made_again() -> None:
    of, made = Thing(), []

    def make() -> Thing:
        made.append(1)
        return Thing()

    held = once(of, "key", make)
    assert once(of, "key", make) is held
    del held
    gc.collect()
    once(of, "key", make)
    assert len(made) == 2


def test_a_thing_is_not_kept_for_what_was_made_of_it() -> None:
    of, made = Thing(), Thing()
    assert once(of, "key", lambda: made) is made
    gone = weakref.ref(of)
    del of
    gc.collect()
    assert gone() is None

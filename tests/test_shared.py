"""What is the same for many sessions is made once, and forgotten with the last of them."""

import gc
import weakref

from app.session.shared import known, once, share
from tests.page import choose, visit


class Thing:
    pass


def test_sessions_with_the_same_sample_and_settings_share_surface_and_finished_run() -> None:
    one, other = (visit(epochs="123").session_state["_state"] for _ in range(2))
    assert one is not other
    assert one.selection is other.selection
    assert one.objective is other.objective
    assert one.run is not other.run
    assert one.run.history.outcome == "finished"
    assert one.run.history is other.run.history


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
    share(of, "key", made)
    assert known(of, "key") is made
    gone = weakref.ref(of)
    del of
    gc.collect()
    assert gone() is None

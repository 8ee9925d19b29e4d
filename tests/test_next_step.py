"""Whether the run on the screen stays, is asked which epoch it shows, or gives way; decided without a page."""

import pytest

from app.dataset import ColumnChoice, load_sample, select
from app.engine import Settings
from app.runs.run import Run
from app.runs.segments import Segment
from app.session import FROM_HERE, FROM_START
from app.session.descents import next_step
from tests.scenes import begun

SELECTION = select(load_sample("students"), ColumnChoice("test score", ("hours studied",)))
SETTINGS, OTHER = Settings(epochs=5), Settings(epochs=5, learning_rate=0.02)


def on_the_screen(*segments: Segment) -> Run:
    return begun(SELECTION, SETTINGS, segments=segments)


def decided(run: Run | None, settings: Settings, changes: str | None, *, branched: bool = False) -> str:
    return next_step(run, SELECTION.problem, settings, changes=changes, branched=branched)


def test_the_first_run_is_new() -> None:
    assert decided(None, SETTINGS, FROM_START) == "new"


@pytest.mark.parametrize("changes", [None, FROM_START, FROM_HERE])
def test_a_run_stays_while_nothing_changes(changes: str | None) -> None:
    assert decided(on_the_screen(), SETTINGS, changes) == "same"


@pytest.mark.parametrize(("changes", "step"), [(None, "new"), (FROM_START, "new"), (FROM_HERE, "ask")])
def test_other_settings_begin_a_run_or_ask_where_it_branches(changes: str | None, step: str) -> None:
    assert decided(on_the_screen(), OTHER, changes) == step


@pytest.mark.parametrize("settings", [SETTINGS, OTHER])
def test_the_answer_to_that_question_begins_the_branch(settings: Settings) -> None:
    assert decided(on_the_screen(), settings, FROM_HERE, branched=True) == "new"


def test_other_rows_begin_a_run_though_changes_apply_from_here() -> None:
    other = select(load_sample("students_sleep"), ColumnChoice("test score", ("hours studied",))).problem
    assert next_step(on_the_screen(), other, SETTINGS, changes=FROM_HERE, branched=False) == "new"


@pytest.mark.parametrize(("changes", "step"), [(FROM_START, "new"), (FROM_HERE, "same")])
def test_a_branched_run_begins_again_once_changes_apply_from_the_start(changes: str, step: str) -> None:
    assert decided(on_the_screen(Segment(2, OTHER)), SETTINGS, changes) == step

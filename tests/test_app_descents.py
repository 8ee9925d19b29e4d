"""For every optimizer, loss and schedule the page shows what the engine computes."""

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.engine import Problem, Settings, hold_out, run, scores
from app.runs.link import text_of_segments
from app.runs.run import Run
from app.runs.segments import Segment
from tests.page import arrive, checked, done, frames, held, message, printout, sentence, visit, widget
from tests.problems import students


def losses(problem: Problem, **chosen: Any) -> list[float]:
    return run(problem, Settings(**{"precision": "float32", **chosen})).losses.tolist()


@pytest.mark.parametrize(
    ("address", "chosen"),
    [
        ({"optimizer": "Adam", "learning_rate": "0.5"}, {"optimizer": "adam", "learning_rate": 0.5}),
        ({"optimizer": "adamw", "weight_decay": "0.1"}, {"optimizer": "adamw", "weight_decay": 0.1}),
        ({"optimizer": "nesterov", "momentum": "0.5"}, {"optimizer": "nesterov", "momentum": 0.5}),
        ({"optimizer": "rmsprop", "smoothing": "0.9"}, {"optimizer": "rmsprop", "smoothing": 0.9}),
        ({"schedule": "step", "period": "50", "drop": "0.9"}, {"schedule": "step", "period": 50, "drop": 0.9}),
        ({"loss": "huber", "delta": "3"}, {"loss": "huber", "delta": 3.0}),
        ({"loss": "Quantile", "quantile": "0.9"}, {"loss": "quantile", "quantile": 0.9}),
        ({"l1": "0.5", "l2": "0.25"}, {"l1": 0.5, "l2": 0.25}),
    ],
    ids=str,
)
def test_a_link_says_how_to_descend_by_name_or_by_title(address: dict[str, str], chosen: dict[str, Any]) -> None:
    page = visit(epochs="300", **address)
    assert frames(page)["loss"].tolist() == pytest.approx(losses(students(), epochs=300, **chosen), rel=1e-6)
    assert not page.warning


def test_only_the_settings_of_the_choice_have_widgets() -> None:
    page = visit(optimizer="adam")
    assert (held(page, "beta1"), held(page, "beta2"), held(page, "epsilon")) == (0.9, 0.999, None)
    for key in ("momentum", "smoothing", "weight_decay", "period", "delta"):
        with pytest.raises(KeyError):
            page.get_by_key(key)


def test_every_update_is_a_frame_with_a_fractional_epoch_while_there_are_few() -> None:
    page = visit(batch_size="2", epochs="10")
    shown = frames(page)
    history = run(students(), Settings(batch_size=2, epochs=10, precision="float32"))
    assert shown["epoch"].tolist() == pytest.approx([k / 3 for k in range(31)])
    assert shown["w0"].tolist() == pytest.approx(history.path[:, 0].tolist(), rel=1e-6)
    assert shown["loss"][::3].tolist() == pytest.approx(history.losses.tolist(), rel=1e-4)
    assert printout(page)["epoch"] == [0]


def test_held_out_rows_have_their_own_curve_and_scores() -> None:
    page = visit(tab="Errors", held_out="0.4", epochs="500")
    problem = hold_out(students(), 0.4, 42)
    assert problem.held_out is not None
    history = run(problem, Settings(epochs=500, precision="float32"))
    assert frames(page)["held_out"].tolist() == pytest.approx(history.held_out_losses.tolist(), rel=1e-6)
    (table,) = (found.value for found in page.dataframe if "RMSE" in found.value)
    best = int(history.held_out_losses.argmin())
    assert [name for name in table["at"] if "least" in name][0] == f"epoch {best:,}, least held-out loss"
    last = scores(problem.held_out, history.parameters[-1].double())
    (row,) = table[(table["at"] == "epoch 500") & table["rows"].str.contains("held out")].to_dict("records")
    assert [row["R²"], row["RMSE"], row["MAE"]] == pytest.approx(list(last))


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ({"optimizer": "momentum", "learning_rate": "0.05"}, r"limit .* is 0\.0424, you chose 0\.05"),
        ({"optimizer": "adam"}, r"^Not there yet: loss [\d,.]+, where 2\.24 is the lowest there is\."),
        ({"loss": "mae"}, r"^Not there yet: loss .* A smaller rate or a schedule calms"),
        ({"loss": "huber", "learning_rate": "0.05"}, r"^Not there yet: loss "),
    ],
)
def test_the_outcome_is_told_of_every_optimizer_and_loss(address: dict[str, str], says: str) -> None:
    assert re.search(says, sentence(visit(epochs="50", **address)))


def test_segments_of_a_link_are_trained_again() -> None:
    first = Settings(learning_rate=0.005, epochs=300, precision="float32")
    page = visit(
        epochs="300", learning_rate="0.02", changes="from here", stretches=text_of_segments([Segment(100, first)])
    )
    history = run(students(), first)
    assert frames(page)["loss"][:101].tolist() == pytest.approx(history.losses[:101].tolist(), rel=1e-6)
    assert frames(page)["loss"][300] < 0.5 * history.losses[300].item()
    (loss,) = (chart for chart in message(page)["charts"] if chart["name"] == "loss")
    assert any(trace["name"] == "other settings from here" for trace in loss["figure"]["data"])
    widget(page, "changes").set_value("from the start")
    again = done(page.run())
    expected = losses(students(), learning_rate=0.02, epochs=300)
    assert frames(again)["loss"].tolist() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("text", ["x", "9;3", "100 learning_rate=-1", "5 epochs=1000000000", "5 start=1,2,3"])
def test_segments_that_are_none_or_not_for_these_columns_are_forgotten(text: str) -> None:
    page = visit(epochs="50", stretches=text)
    assert len(frames(page)["loss"]) == 51


def test_nobody_waits_for_the_segments_of_a_link() -> None:
    page = arrive(epochs="100000", stretches="90000 epochs=100000 gradient=autograd", changes="from here")
    assert message(page)["outcome"] == "running"
    assert len(frames(page)["loss"]) < 90_000
    page.session_state["_state"].run.job.end()


def test_a_run_that_was_stopped_is_so_again_after_a_reload_until_it_goes_on() -> None:
    page = arrive(epochs="100000", gradient="autograd")
    of_page(page).pause("stopped")
    stopped = message(checked(page.run()))
    assert stopped["outcome"] == "stopped"
    at = len(stopped["frames"]["loss"]) - 1
    assert page.query_params["stopped"] == str(at)

    again = arrive(**page.query_params)
    while of_page(again).outcome == "running":
        of_page(again).advance(0.01)
    reloaded = message(checked(again.run()))
    assert (reloaded["outcome"], len(reloaded["frames"]["loss"]) - 1) == ("stopped", at)
    assert f"Stopped at epoch {at:,} of 100,000" in [bar.proto.text for bar in again.get("progress")]
    assert again.query_params["stopped"] == str(at)

    next(button for button in again.button if button.label == "Go on").click()
    checked(again.run())
    assert of_page(again).outcome == "running"
    assert "stopped" not in again.query_params
    of_page(again).job.end()


@pytest.mark.parametrize("stopped", ["50", "70", "-3", "x", "1e3", "9" * 30])
def test_a_stop_that_is_none_is_forgotten(stopped: str) -> None:
    page = visit(epochs="50", stopped=stopped)
    assert message(page)["outcome"] == "finished"
    assert "stopped" not in page.query_params


def of_page(page: AppTest) -> Run:
    run: Run = page.session_state["_state"].run
    return run


def test_only_the_open_tab_is_filled() -> None:
    page = visit(tab="Predict")
    assert not [found for found in page.dataframe if "epoch" in found.value or "RMSE" in found.value]
    assert [found for found in visit(tab="Errors").dataframe if "RMSE" in found.value]


def test_while_the_start_is_dragged_only_what_leaves_the_hand_free_is_trained() -> None:
    page = visit(epochs="5000", optimizer="adam")
    page.session_state["_state"].dragged = (2.0, 3.0)
    under_the_hand = message(checked(page.run()))
    current = page.session_state["_state"].run
    assert current.settings.start == (2.0, 3.0)
    assert 0 < len(under_the_hand["frames"]["loss"]) < 5001
    assert not current.job.going
    page.session_state["_state"].dragged = ()
    page.session_state["start"] = "2.0, 3.0"
    let_go = message(done(checked(page.run())))
    assert (let_go["run"], len(let_go["frames"]["loss"])) == (under_the_hand["run"], 5001)

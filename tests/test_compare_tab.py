"""The tab "Compare" without a browser: runs pinned, renamed, hidden, removed, restored and in a link."""

import json
import time
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from app.engine import Settings, run
from tests.page import SLEEP, TITLES, arrive, checked, choose, done, frames, held, message, widget
from tests.problems import students

SHORT = {"epochs": "50"}


def compare_tab(**parameters: Any) -> AppTest:
    return done(arrive(tab="Compare", **{**SHORT, **parameters}))


def press(page: AppTest, key: str = "pin") -> AppTest:
    widget(page, key).click()
    return done(checked(page.run()))


def click(page: AppTest, column: str, row: int) -> AppTest:
    """Click a button in the table."""
    states = page._tree.get_widget_states()
    click = states.widgets.add()
    click.id = editor(page).proto.button_click_widgets[column]
    click.string_trigger_value.data = json.dumps({"row": row, "label": rows(page)[row][column]})
    return done(checked(page._run(states)))


def edit(page: AppTest, row: int, **cells: Any) -> AppTest:
    """Type into cells of the table."""
    key = editor(page).key
    page.session_state[key] = {"edited_rows": {row: cells}, "added_rows": [], "deleted_rows": []}
    return done(checked(page.run()))


def editor(page: AppTest) -> Any:
    return next(found for found in page.data_editor if str(found.key).startswith("compare_"))


def link(page: AppTest) -> str:
    """The address's parameter `pins`; "" if there is none."""
    found = page.query_params.get("pins", "")
    return found if isinstance(found, str) else found[-1]


def rows(page: AppTest) -> list[dict[str, Any]]:
    """The rows of the table, each a dictionary."""
    table = editor(page).value
    return [{str(name): table[name][i] for name in table} for i in range(len(table))]


def names(page: AppTest) -> list[str]:
    return [row["name"] for row in rows(page)]


def drawn(page: AppTest) -> list[dict[str, Any]]:
    """The pinned runs that the player is sent, each with its frames; NaN or infinity fails, as in a browser."""
    found = [one.proto for one in page.get("bidi_component") if one.proto.component_name == "player_pins"]
    if not found:
        return []
    sent = json.loads(found[0].mixed.json, parse_constant=pytest.fail)
    with pa.ipc.open_stream(found[0].mixed.arrow_blobs[sent["frames"]["__streamlit_arrow_ref__"]].data) as stream:
        table = stream.read_all()
    ends = np.cumsum([run["length"] for run in sent["runs"]])
    columns = {name: np.split(table.column(name).to_numpy(), ends[:-1]) for name in table.column_names}
    return [{**run, "frames": {name: columns[name][i] for name in columns}} for i, run in enumerate(sent["runs"])]


def returned(page: AppTest) -> AppTest:
    """Rerun until the pins of the link are trained."""
    for _ in range(200):
        if not any("trained again" in found.value for found in page.caption):
            return page
        time.sleep(0.1)  # Training goes on between two scripts, hardly during one.
        checked(page.run())
    pytest.fail("the pins do not come back")


def says(page: AppTest, words: str) -> bool:
    return any(words in found.value for found in page.caption)


def two_pinned(**parameters: Any) -> AppTest:
    """A page with the rates 0.01 and 0.02 pinned and 0.005 on the screen."""
    page = press(compare_tab(**parameters))
    return choose(press(choose(page, learning_rate=0.02)), learning_rate=0.005)


def test_nothing_is_drawn_or_said_before_a_run_is_pinned() -> None:
    page = compare_tab()
    assert drawn(page) == []
    assert len(page.data_editor) == 0
    assert link(page) == ""


@pytest.mark.parametrize("button", ["pin", "pin_first"])
def test_a_pinned_run_is_drawn_while_others_come(button: str) -> None:
    page = press(compare_tab(), button)
    before = frames(page)
    choose(page, learning_rate=0.02)
    (run,) = drawn(page)
    assert run["marks"] == ["fit line", "prediction", "path", "loss"]
    assert run["frames"]["epoch"].tolist() == list(range(51))
    for name in ("w0", "bias", "loss"):
        assert run["frames"][name] == pytest.approx(before[name], rel=1e-6)
    assert (frames(page)["loss"] != before["loss"]).any()


def test_the_table_has_a_row_for_each_and_the_columns_that_differ() -> None:
    page = two_pinned()
    first, second, third = rows(page)
    assert names(page) == ["rate 0.01", "rate 0.02", "this run"]
    assert [row["rate"] for row in (first, second, third)] == [0.01, 0.02, 0.005]
    assert {"optimizer", "epochs", "scaling", "data"}.isdisjoint(first)
    assert [row["outcome"] for row in (first, second)] == ["done at epoch 50"] * 2
    assert third["final loss"] == pytest.approx(float(frames(page)["loss"][-1]))
    assert first["training, s"] > 0


def test_the_run_on_the_screen_has_one_row_only() -> None:
    page = press(compare_tab())
    assert names(page) == ["rate 0.01"]
    assert names(press(page)) == ["rate 0.01"]


def test_only_what_a_run_reads_is_in_the_table() -> None:
    page = choose(press(compare_tab()), optimizer="momentum")
    assert [row["optimizer"] for row in rows(page)] == ["Gradient descent", "Momentum"]
    assert "beta1" not in rows(page)[0]
    assert [row["momentum"] for row in rows(page)][1] == 0.9


def test_a_run_is_renamed_in_the_table() -> None:
    page = edit(two_pinned(), 1, name="fast | one")
    assert names(page) == ["rate 0.01", "fast / one", "this run"]
    assert [run["name"] for run in drawn(page)] == ["rate 0.01", "fast / one"]
    assert "fast / one" in link(page)


def test_a_hidden_run_is_in_the_table_alone() -> None:
    page = edit(two_pinned(), 0, shown=False)
    assert [run["name"] for run in drawn(page)] == ["rate 0.02"]
    assert len(rows(page)) == 3
    edit(page, 0, shown=True)
    assert len(drawn(page)) == 2


def test_a_removed_run_leaves_its_colour_to_the_next() -> None:
    page = two_pinned()
    color = drawn(page)[0]["color"]
    click(page, "remove", 0)
    assert names(page) == ["rate 0.02", "this run"]
    press(page)
    assert names(page) == ["rate 0.005", "rate 0.02"]
    assert drawn(page)[0]["color"] == color


def test_eight_runs_at_most_are_pinned() -> None:
    page = compare_tab(epochs="5")
    for k in range(8):
        press(choose(page, learning_rate=0.001 * (k + 1)))
    assert len({run["color"] for run in drawn(page)}) == 8
    assert widget(page, "pin").disabled


def test_a_restored_run_is_the_run() -> None:
    page = compare_tab(optimizer="adam", learning_rate="0.3", start="1, 2")
    before = message(press(page))["frames"]
    choose(page, optimizer="gradient_descent", learning_rate=0.01, start="", scaling="standardize", l2=1.0)
    click(page, "restore", 0)
    assert held(page, "optimizer") == "adam"
    assert (held(page, "learning_rate"), held(page, "scaling"), held(page, "l2")) == (0.3, "none", 0.0)
    assert frames(page)["loss"].tolist() == before["loss"].tolist()
    assert len(rows(page)) == 1


def test_a_run_of_several_segments_is_restored_as_it_was() -> None:
    page = press(compare_tab(stretches="20 learning_rate=0.02 epochs=50 precision=float32", changes="from here"))
    before = frames(page)["loss"].tolist()
    choose(page, changes="from the start", learning_rate=0.001, scaling="standardize")
    assert frames(page)["loss"].tolist() != before
    click(page, "restore", 0)
    assert frames(page)["loss"].tolist() == before
    assert len(rows(page)) == 1


def test_the_run_on_the_screen_is_pinned_from_the_table() -> None:
    page = click(two_pinned(), "restore", 2)
    assert names(page) == ["rate 0.01", "rate 0.02", "rate 0.005"]


def test_another_scaling_or_loss_is_drawn_where_that_makes_sense() -> None:
    page = choose(press(compare_tab()), scaling="standardize")
    assert drawn(page)[0]["marks"] == ["fit line", "prediction", "path", "loss"]
    choose(page, loss="mae")
    assert drawn(page)[0]["marks"] == ["fit line", "prediction", "path"]
    assert says(page, "its curve is not drawn: rate 0\\.01")


def test_runs_on_other_data_stay_in_the_table_alone() -> None:
    page = choose(press(compare_tab()), dataset=SLEEP["dataset"])
    assert drawn(page) == []
    assert [row["data"] for row in rows(page)][0] == "students.csv: test score from hours studied"
    assert says(page, "Not drawn, for other data: rate 0\\.01")
    assert link(page) == ""
    choose(page, dataset=TITLES["students"])
    assert len(drawn(page)) == 1


def test_pins_travel_in_the_link_and_their_names_too() -> None:
    page = edit(two_pinned(), 0, name="häppy ~ café")
    other = returned(compare_tab(learning_rate="0.005", pins=link(page)))
    assert names(other) == names(page)
    for one, same in zip(drawn(other), drawn(page), strict=True):
        assert one["color"] == same["color"]
        assert one["frames"]["loss"].tolist() == same["frames"]["loss"].tolist()
    assert link(other) == link(page)


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "5 epochs=99999999999~none~a",
        "5 start=1.0,2.0,3.0,4.0~none~a",
        "5 learning_rate=1e300~none~a",
        "5 seed=99999999999999999999~none~a",
        "5 batch_size=99999999999999999999~none~a",
    ],
)
def test_pins_that_cannot_be_are_ignored(text: str) -> None:
    page = returned(compare_tab(pins=text))
    assert drawn(page) == []
    assert link(page) == ""


def test_the_first_picture_does_not_wait_for_the_pins() -> None:
    page = arrive(pins="30000 epochs=30000~none~long", tab="Compare")
    assert message(page)["frames"]["loss"].size
    assert drawn(page) == []
    assert link(page) == "30000 epochs=30000~none~long"
    returned(page)
    assert [run["name"] for run in drawn(page)] == ["long"]


def test_the_pin_of_a_run_that_goes_on_goes_on_with_it() -> None:
    page = arrive(gradient="autograd", epochs="15000", tab="Compare")
    widget(page, "pin").click()
    checked(page.run())
    assert message(page)["outcome"] == "running"
    done(page)
    assert [row["outcome"] for row in rows(page)] == ["done at epoch 15,000"]
    assert drawn(page)[0]["frames"]["epoch"][-1] == 15_000


def test_losses_on_held_out_rows_stand_beside_the_others() -> None:
    page = press(compare_tab(dataset=TITLES["old_faithful"], held_out="0.3"))
    choose(page, learning_rate=0.01)
    first, now = rows(page)
    assert now["held-out loss"] == pytest.approx(frames(page)["held_out"][-1].item())
    assert first["held-out loss"] != now["held-out loss"]
    choose(page, held_out=0.0)
    assert [row["held-out loss"] is None or np.isnan(row["held-out loss"]) for row in rows(page)] == [False, True]
    assert "held-out loss" not in rows(press(compare_tab()))[0]


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_by_hand_and_autograd_are_compared_to_the_last_digit(precision: Any) -> None:
    page = choose(press(compare_tab(precision=precision)), gradient="autograd")
    gradients: list[Any] = ["by_hand", "autograd"]
    chosen = [Settings(epochs=50, gradient=gradient, precision=precision) for gradient in gradients]
    one, two = (run(students(), settings).losses.numpy().astype(np.float32) for settings in chosen)
    differing = np.flatnonzero(one != two)
    if len(differing):
        k = differing[0]
        words = f"up to a last digit, which first differs at epoch {k}, {one[k]!s} and {two[k]!s}."
    else:
        words = "their losses are the same in all 7 digits of float32."
    said = "\n".join(str(found.value) for found in page.caption).replace("\\", "")
    assert "“rate 0.01” and “this run” differ only in how the gradient is computed" in said
    assert words in said
    assert len(differing) > 0 or precision == "float64"
    choose(page, learning_rate=0.02)
    assert not says(page, "only in how the gradient")

"""The page without a browser: settings in, the player's message out."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from app.dataset import PRESETS, Preset
from app.dataset.link import packed
from app.dataset.upload import OWN_PREFIX
from app.engine import HYPERPARAMETERS
from app.engine.settings import CHOICES
from tests.notebook import FIGURES
from tests.page import (
    SLEEP,
    TITLES,
    arrive,
    axis,
    chart,
    checked,
    choose,
    code,
    done,
    frames,
    held,
    message,
    players,
    printout,
    sentence,
    visit,
    widget,
)


def shown(page: AppTest) -> dict[str, Any]:
    """All that distinguishes two pages, except the number of the run."""
    sent = {key: value for key, value in message(page).items() if key not in ("run", "group")}
    sent["frames"] = {name: column.tolist() for name, column in sent["frames"].items()}
    return {"player": sent, "printout": printout(page), "sentence": sentence(page)}


def first_frame(page: AppTest) -> list[float]:
    return [float(column[0]) for name, column in frames(page).items() if name != "loss"]


def drawn(seed: int) -> list[float]:
    generator = torch.Generator().manual_seed(seed)
    return [float(torch.randn(1, generator=generator)) for _ in range(2)]


def marks(page: AppTest) -> list[str]:
    return [mark["name"] for mark in chart(page, "fit")["marks"]]


def is_single_precision(page: AppTest) -> bool:
    losses = frames(page)["loss"]
    return bool((losses == losses.astype(np.float32)).all())


ONE_WEIGHT = {"surface": "one weight"}
SOURCE = {"tab": "Code"}

# For each widget: its key, the URL to begin at, the value to choose, its text in the URL, what shows it, and the
# result.
WIDGETS: list[tuple[str, dict[str, str], Any, str, Callable[[AppTest], Any], Any]] = [
    ("dataset", {}, TITLES["hubble"], TITLES["hubble"], lambda page: axis(page, "fit", "x"), "distance (Mpc)"),
    ("target", {}, "hours studied", "hours studied", lambda page: message(page)["equation"][0], "hours studied = "),
    ("target", SLEEP, "hours slept", "hours slept", lambda page: message(page)["equation"][0], "hours slept = "),
    ("features", SLEEP, ["hours slept"], "hours slept", lambda page: list(frames(page)), ["w0", "bias", "loss"]),
    ("learning_rate", {}, 0.06, "0.06", lambda page: "you chose 0.06" in sentence(page), True),
    ("epochs", {}, 123, "123", lambda page: (message(page)["total"], len(frames(page)["loss"])), (123, 124)),
    ("scaling", {}, "standardize", "standardize", lambda page: "standardized" in axis(page, "surface", "x"), True),
    ("gradient", SOURCE, "autograd", "autograd", lambda page: ".backward()" in code(page), True),
    ("zero_grad", {**SOURCE, "gradient": "autograd"}, False, "false", lambda page: ".zero_()" in code(page), False),
    ("precision", {}, "float64", "float64", is_single_precision, False),
    ("seed", {}, 7, "7", first_frame, drawn(7)),
    ("start", {}, "3, 70", "3, 70", first_frame, [3.0, 70.0]),
    ("tolerance", {}, 0.001, "0.001", lambda page: message(page)["outcome"], "converged"),
    ("loss_axis", {}, "linear", "linear", lambda page: chart(page, "loss")["figure"]["layout"]["yaxis"].get("type"),
     None),
    ("residuals", {}, True, "true", marks, ["residuals", "fit line", "predictions"]),
    ("squares", {}, True, "true", marks, ["squared errors", "fit line", "predictions"]),
    ("residuals", SLEEP, True, "true", marks, ["residuals", "prediction"]),
    ("every", {}, 500, "500", lambda page: printout(page)["epoch"], [0, 500, 1000, 1500, 2000]),
    ("fit", SLEEP, "hours slept", "hours slept", lambda page: axis(page, "fit", "x"), "hours slept"),
    ("surface_x", SLEEP, "hours slept", "hours slept", lambda page: axis(page, "surface", "x"),
     "weight of hours slept"),
    ("surface_y", SLEEP, "hours slept", "hours slept", lambda page: axis(page, "surface", "y"),
     "weight of hours slept"),
    ("surface", {}, "3D", "3D", lambda page: chart(page, "surface")["in_3d"], True),
    ("surface", {}, "one weight", "one weight", lambda page: chart(page, "surface")["title"], "One weight"),
    ("along", ONE_WEIGHT, "bias", "bias", lambda page: axis(page, "surface", "x"), "bias"),
    ("arrows", {}, True, "true", lambda page: len(chart(page, "surface")["marks"]), 3),
    ("held_at", SLEEP, "epoch shown", "epoch shown", lambda page: chart(page, "surface")["note"],
     "the other one as at this epoch"),
]  # fmt: skip
NONSENSE = ["nonsense", "", " ", "nan", "1e999", "-inf", "-5", "<b>%00</b>", "9" * 400, ["a", "b"]]
OF_THE_AXES = ["fit", "surface_x", "surface_y", "held_at"]
ALWAYS = sorted({key for key, *_ in WIDGETS} - {"dataset", "along", "zero_grad", *OF_THE_AXES})
NAMES = [f"{key} of {url.get('dataset', 'the first visit')}" for key, url, *_ in WIDGETS]


def test_the_first_visit_shows_the_notebooks_descent() -> None:
    page = visit()
    assert held(page, "dataset") == TITLES["students"]
    assert (held(page, "learning_rate"), held(page, "epochs")) == (0.01, 2000)
    assert held(page, "precision") == "float32"
    sent = message(page)
    assert (sent["outcome"], sent["total"], len(sent["frames"]["loss"])) == ("finished", 2000, 2001)
    assert sent["frames"]["w0"][-1] == FIGURES["one_feature"]["weight"]
    assert round(float(sent["frames"]["bias"][-1]), 4) == FIGURES["one_feature"]["bias"]
    for epoch, loss in FIGURES["one_feature"]["losses_by_hand"].items():
        assert round(float(sent["frames"]["loss"][int(epoch) - 1]), 4) == loss
    assert axis(page, "fit", "x") == "hours studied"
    assert not page.warning


@pytest.mark.parametrize("test", WIDGETS, ids=NAMES)
def test_every_widget_changes_what_it_should(test: Any) -> None:
    key, url, value, _, shows, expected = test
    page = visit(**url)
    assert shows(page) != expected
    assert shows(choose(page, **{key: value})) == expected


@pytest.mark.parametrize("test", WIDGETS, ids=NAMES)
def test_every_widgets_url_parameter_does_the_same(test: Any) -> None:
    key, url, value, words, shows, expected = test
    page = visit(**url, **{key: words})
    assert shows(page) == expected
    assert shown(page) == shown(choose(visit(**url), **{key: value}))


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_in_the_url_falls_back_to_the_default(nonsense: Any) -> None:
    autograd = {"gradient": "autograd"}, ["zero_grad"]
    for url, keys in (({}, ["dataset"]), ({}, ALWAYS), (SLEEP, OF_THE_AXES), (ONE_WEIGHT, ["along"]), autograd):
        assert shown(visit(**{**url, **dict.fromkeys(keys, nonsense)})) == usual(**url), keys


@cache
def usual(**url: str) -> dict[str, Any]:
    return shown(visit(**url))


def test_a_start_of_the_wrong_length_or_no_numbers_is_reported() -> None:
    assert "is not a list of numbers" in visit(start="three, seventy").warning[0].value
    assert "has 3 numbers and needs 2" in visit(start="1, 2, 3").warning[0].value


def settings_on(page: AppTest, preset: Preset) -> dict[str, Any]:
    """The values of the page's widgets; for settings that the preset does not use, the preset's own."""
    first = preset.settings
    read = {name for choice in CHOICES for name in HYPERPARAMETERS.get(first[choice], ())}
    rare = {name for names in HYPERPARAMETERS.values() for name in names} - read
    return {key: first[key] if key in rare else held(page, key) for key in first}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_choosing_another_dataset_sets_its_preset(preset: Preset) -> None:
    page = visit() if preset.key != "students" else visit(dataset=TITLES["hubble"])
    choose(page, learning_rate=0.123, epochs=77, seed=5, start="1, 2", precision="float64", scaling="standardize")
    choose(page, dataset=preset.title)
    assert settings_on(page, preset) == preset.settings
    assert held(page, "target") == preset.target
    assert held(page, "features") == list(preset.features)
    assert message(page)["equation"][0] == f"{preset.target} = "
    assert not page.warning


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_every_dataset_opens_from_its_url_as_from_the_list(preset: Preset) -> None:
    page = visit(dataset=preset.title)
    assert settings_on(page, preset) == preset.settings
    terms = 5 if preset.key == "overfitting" else len(preset.features)
    held_out = ["held_out"] if preset.settings["held_out"] else []
    assert list(frames(page)) == [*(f"w{i}" for i in range(terms)), "bias", "loss", *held_out]


def test_a_diverging_rate_is_explained_and_one_button_fixes_it() -> None:
    page = visit(learning_rate="0.06")
    assert message(page)["outcome"] == "diverged"
    assert "Thrown out" in sentence(page)
    assert "is 0.0223, you chose 0.06" in sentence(page)
    (button,) = (button for button in page.button if button.label == "Set rate 0.011")
    done(checked(button.click().run()))
    assert held(page, "learning_rate") == 0.011 < 0.0223
    assert message(page)["outcome"] == "finished"
    assert "Thrown out" not in sentence(page)


@pytest.mark.parametrize("loss_axis", ["log", "linear"])
@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize(
    "settings",
    [
        {"learning_rate": "0.0225"},
        {"learning_rate": "0.06"},
        {"learning_rate": "1000000"},
        {"learning_rate": "1000000", "scaling": "standardize"},
        {"learning_rate": "1e-12"},
        {"start": "1e18, 0"},
        {"start": "1e30, 1e30"},
        {"start": "1e150, -1e150"},
        {"start": "1e300, 1e300"},
        {"start": "-1.7e308, 1.7e308", "scaling": "standardize"},
        {"start": "1e-300, 1e-300"},
    ],
    ids=str,
)
def test_no_number_in_the_payload_is_infinite(settings: dict[str, str], precision: str, loss_axis: str) -> None:
    page = visit(**settings, precision=precision, loss_axis=loss_axis, residuals="true", arrows="true")
    if players(page):
        assert all(len(column) and np.isfinite(column).all() for column in frames(page).values())
        assert all(math.isfinite(end) for name in ("fit", "loss", "surface") for end in ranges(page, name))
    else:
        assert f"too large for {precision}" in sentence(page)


def ranges(page: AppTest, name: str) -> list[float]:
    layout = chart(page, name)["figure"]["layout"]
    return [*layout["xaxis"]["range"], *layout["yaxis"]["range"]]


def test_a_start_whose_loss_overflows_is_explained_and_one_button_fixes_it() -> None:
    page = visit(start="1e300, 1e300")
    assert players(page) == []
    done(checked(page.button[0].click().run()))
    assert (held(page, "start"), held(page, "precision")) == ("", "float64")
    assert message(page)["outcome"] == "finished"


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_every_dataset_diverges_at_rate_ten_without_an_infinite_number(preset: Preset, precision: str) -> None:
    page = visit(dataset=preset.title, learning_rate="10.0", precision=precision)
    sent = message(page)
    assert sent["outcome"] == "diverged"
    assert 0 < len(sent["frames"]["loss"]) - 1 < sent["total"], "It says where it stopped, and of how many epochs."
    assert all(np.isfinite(column).all() for column in sent["frames"].values())
    assert "Thrown out" in sentence(page)


def test_the_same_settings_are_no_new_run() -> None:
    page = visit()
    before = (message(page)["run"], message(page)["group"])
    checked(page.run())
    choose(page, residuals=True, loss_axis="linear", every=7)
    choose(page, learning_rate=0.01, epochs=2000)
    assert (message(page)["run"], message(page)["group"]) == before


def test_another_setting_is_a_new_run_in_the_same_landscape() -> None:
    page = visit()
    seen = [message(page)]
    for change in ({"learning_rate": 0.02}, {"epochs": 30}, {"seed": 1}, {"gradient": "autograd"}, {"start": "1, 1"}):
        seen.append(message(choose(page, **change)))
    assert len({sent["run"] for sent in seen}) == len(seen)
    assert len({sent["group"] for sent in seen}) == 1


def test_another_dataset_target_feature_or_scaling_is_another_landscape() -> None:
    page = visit()
    seen = [message(page)]
    sleep = {"dataset": TITLES["students_sleep"]}
    for change in (sleep, {"features": ["hours slept"]}, {"target": "hours studied"}, {"scaling": "standardize"}):
        seen.append(message(choose(page, **change)))
    assert len({sent["group"] for sent in seen}) == len(seen)
    assert len({sent["run"] for sent in seen}) == len(seen)


def test_without_a_feature_the_last_picture_stays_under_a_request_to_choose_one() -> None:
    page = visit(**SLEEP, features=["hours slept"])
    before = message(page)["run"]
    choose(page, features=[])
    assert [info.value.partition(".")[0] for info in page.info] == ["Choose at least one feature to predict from"]
    assert message(page)["run"] == before
    assert axis(page, "fit", "x") == "hours slept"
    choose(page, features=["hours studied"])
    assert not page.info
    assert axis(page, "fit", "x") == "hours studied"


def test_a_target_that_was_the_last_feature_leaves_another_to_predict_from() -> None:
    page = choose(visit(), features=[])
    choose(page, target="hours studied")
    assert axis(page, "fit", "x") == "hours slept"


def test_the_second_feature_of_the_first_view_is_one_click_away() -> None:
    page = visit()
    assert widget(page, "features").options == ["hours studied", "hours slept"]
    assert held(page, "features") == ["hours studied"]
    choose(page, features=["hours studied", "hours slept"])
    assert message(page)["outcome"] == "finished"


def test_a_run_that_takes_longer_is_one_run_that_goes_on_until_it_is_done() -> None:
    page = arrive(gradient="autograd", epochs="5000")
    sent = message(page)
    assert (sent["outcome"], sent["total"]) == ("running", 5000)
    assert 0 < len(sent["frames"]["loss"]) < 5001
    ended = message(done(page))
    assert (ended["outcome"], len(ended["frames"]["loss"])) == ("finished", 5001)
    assert ended["run"] == sent["run"]
    assert printout(page)["epoch"][-1] == 5000


@pytest.mark.parametrize(("epochs", "shows"), [("5003", True), ("10", False)])
def test_only_a_run_that_takes_longer_shows_its_progress(epochs: str, shows: bool) -> None:
    page = arrive(gradient="autograd", epochs=epochs)
    assert bool(page.get("progress")) == any(button.label == "Stop" for button in page.button) == shows


def test_the_first_message_is_small() -> None:
    (proto,) = players(visit())
    assert proto.ByteSize() < 80_000


def test_a_dataset_can_be_named_by_its_key_in_the_url() -> None:
    page = arrive(dataset="hubble")
    assert page.selectbox(key="dataset").value == "The expanding universe (Hubble 1929)"


def test_a_column_of_the_file_may_be_called_as_one_of_one_steps_own() -> None:
    table = "error,prediction\n1,2\n2,3\n4,7\n"
    page = visit(tab="One step", dataset=OWN_PREFIX + "own.csv", data=packed(table.encode()) or "")
    (rows,) = (found.value for found in page.table if "line" in found.value)
    headings = [str(name).strip() for name in rows]
    assert headings == ["line", "error", "prediction", "prediction", "error", "error × error"]

"""The sample data: clean files, published regression lines, and presets that show what they promise."""

import re
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from app.dataset import PRESETS, ColumnChoice, Preset, load_sample, read_csv, select
from app.dataset.presets import SAMPLE_DATA_FOLDER, SAMPLE_FILES
from app.engine import History, Objective, Problem, Settings, hold_out, run
from app.engine.modes import LINEAR_OPTIMIZERS
from app.engine.rates import safe_learning_rate

KEYS = [preset.key for preset in PRESETS]
FILES = sorted({file.removesuffix(".csv") for file in SAMPLE_FILES.values()})
README = (SAMPLE_DATA_FOLDER / "README.md").read_text(encoding="utf-8")

ROWS = {
    "students": 5,
    "students_scrambled": 5,
    "hubble": 24,
    "old_faithful": 272,
    "galton": 928,
    "stopping_distances": 50,
    "hill_races": 35,
    "forbes": 17,
    "women": 15,
    "anscombe": 11,
    "longley": 16,
    "overfitting": 14,
}
NAMES = {"hubble": ["nebula"], "hill_races": ["race"]}
"""Text columns that identify the rows."""

CLEAR_WITHOUT_UNIT = re.compile(r"hours (studied|slept)|test score|year|[xy] of sets? \d( to \d)?")

HOURS, SLEEP = "hours studied", "hours slept"
PUBLISHED = [
    ("students", {HOURS: "3.0"}, "69.4", "test score"),
    ("students_sleep", {HOURS: "2.4483871", SLEEP: "2.4516129"}, "54.8129", "test score"),
    (
        "students_scrambled",
        {"scrambled feature 1 (hours)": "1.806", "scrambled feature 2 (hours)": "1.916"},
        "62.63",
        "test score",
    ),
    ("hubble", {"distance (Mpc)": "454.16"}, "-40.78", "recession velocity (km/s)"),
    ("old_faithful", {"eruption duration (min)": "10.73"}, "33.47", "waiting time to the next (min)"),
    ("galton", {"mid-parent height (in)": "0.646"}, "23.94", "child height (in)"),
    ("stopping_distances", {"speed (mph)": "3.932"}, "-17.579", "stopping distance (ft)"),
    ("hill_races", {"distance (mi)": "6.218", "climb (ft)": "0.011"}, "-8.992", "record time (min)"),
    ("forbes", {"boiling point (°F)": "0.5229"}, "-81.06", "pressure (inHg)"),
    ("women", {"height (in)": "3.45"}, "-87.517", "weight (lb)"),
    ("overfitting", {"time (s)": "0.4752"}, "3.2227", "height (m)"),
    ("anscombe", {"x of sets 1 to 3": "0.500"}, "3.00", "y of set 1"),
    ("anscombe", {"x of sets 1 to 3": "0.500"}, "3.00", "y of set 2"),
    ("anscombe", {"x of sets 1 to 3": "0.500"}, "3.00", "y of set 3"),
    ("anscombe", {"x of set 4": "0.500"}, "3.00", "y of set 4"),
]

# NIST Statistical Reference Datasets, Longley: B1 to B6, then B0.
CERTIFIED = {
    "price deflator (1954 = 100)": 15.0618722713733,
    "gross national product (million USD)": -0.358191792925910e-01,
    "unemployed (thousands)": -2.02022980381683,
    "armed forces (thousands)": -1.03322686717359,
    "population over 14 (thousands)": -0.511041056535807e-01,
    "year": 1829.15146461355,
    "bias": -3482258.63459582,
}

OUTCOMES = {
    "students": "finished",
    "students_sleep": "finished",
    "students_scrambled": "finished",
    "hubble": "converged",
    "old_faithful": "converged",
    "galton": "converged",
    "stopping_distances": "converged",
    "hill_races": "converged",
    "forbes": "converged",
    "women": "converged",
    "anscombe": "converged",
    "longley": "finished",
    "overfitting": "finished",
}
FAR_FROM_THE_OPTIMUM = ["students_sleep", "longley"]
STOPPED_TOO_LATE = ["overfitting"]


def problem_of(preset: Preset) -> tuple[Problem, Settings]:
    of_a_run = {field.name for field in fields(Settings)} - {"start"}
    settings = Settings(**{name: value for name, value in preset.settings.items() if name in of_a_run})
    powers = tuple((name[:-1], "²³⁴⁵".index(name[-1]) + 2) for name in preset.settings["degrees"])
    columns = ColumnChoice(preset.target, preset.features, degrees=powers, scaling=preset.settings["scaling"])
    return hold_out(select(load_sample(preset.key), columns).problem, settings.held_out, settings.seed), settings


def first_look(preset: Preset) -> tuple[Problem, History]:
    problem, settings = problem_of(preset)
    return problem, run(problem, settings)


def test_samples_files_and_readme_name_the_same_data_sets() -> None:
    assert sorted(path.stem for path in SAMPLE_DATA_FOLDER.glob("*.csv")) == FILES
    assert set(FILES) == set(re.findall(r"`(\w+)\.csv`", README))


def test_the_notebooks_students_come_first() -> None:
    assert KEYS[:3] == ["students", "students_sleep", "students_scrambled"]


def test_the_page_opens_with_one_feature_chosen_of_two() -> None:
    first = PRESETS[0]
    assert (first.features, first.target) == ((HOURS,), "test score")
    assert load_sample(first.key).numeric_columns == [HOURS, SLEEP, "test score"]


def test_an_unknown_sample_raises_key_error() -> None:
    with pytest.raises(KeyError, match="no_such_key"):
        load_sample("no_such_key")


def test_a_path_is_refused_as_the_key_of_a_sample() -> None:
    with pytest.raises(KeyError):
        load_sample("../sample_data/students")


@pytest.mark.parametrize("key", FILES)
def test_each_file_is_plain_utf8_with_commas_and_unix_line_ends(key: str) -> None:
    content = (SAMPLE_DATA_FOLDER / f"{key}.csv").read_bytes()
    text = content.decode("utf-8")
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert {line.count(",") for line in text.splitlines()} == {text.splitlines()[0].count(",")}
    assert not set("\"';\t") & set(text)


@pytest.mark.parametrize("key", FILES)
def test_each_file_reads_with_its_rows_and_numeric_columns(key: str) -> None:
    content = (SAMPLE_DATA_FOLDER / f"{key}.csv").read_bytes()
    header = content.decode("utf-8").splitlines()[0].split(",")
    dataset = read_csv(content, f"{key}.csv")
    assert dataset.n_rows == ROWS[key]
    assert dataset.numeric_columns == [name for name in header if name not in NAMES.get(key, [])]
    assert all(np.isfinite(dataset.values(column)).all() for column in dataset.numeric_columns)


@pytest.mark.parametrize("key", FILES)
def test_no_column_merely_counts_the_rows(key: str) -> None:
    dataset = load_sample(key)
    for column in dataset.numeric_columns:
        assert dataset.values(column).tolist() != list(range(dataset.n_rows))
        assert dataset.values(column).tolist() != list(range(1, dataset.n_rows + 1))


@pytest.mark.parametrize("key", FILES)
def test_each_numeric_column_says_its_unit_or_needs_none(key: str) -> None:
    for column in load_sample(key).numeric_columns:
        assert re.search(r"\S \([^()]+\)$", column) or CLEAR_WITHOUT_UNIT.fullmatch(column), column


@pytest.mark.parametrize("key", FILES)
def test_the_readme_names_the_rows_and_every_column(key: str) -> None:
    assert f"| `{key}.csv` | {ROWS[key]} |" in README
    for column in load_sample(key).frame.columns:
        assert f"`{column}`" in README


@pytest.mark.parametrize("preset", PRESETS, ids=KEYS)
def test_each_sample_has_columns_that_exist_and_words_for_people(preset: Preset) -> None:
    columns = load_sample(preset.key).numeric_columns
    assert set(preset.features) <= set(columns)
    assert preset.target in columns
    assert preset.target not in preset.features
    assert 0 < len(preset.title) <= 50
    assert re.fullmatch(r"[A-Z].*[a-z]\.", preset.about)
    assert preset.about.count(". ") == 0, "about is one sentence"


@pytest.mark.parametrize(("key", "weights", "bias", "target"), PUBLISHED, ids=lambda value: str(value))
@pytest.mark.parametrize("scaling", ["none", "standardize"])
def test_the_closed_form_is_the_published_line(
    key: str, weights: dict[str, str], bias: str, target: str, scaling: Any
) -> None:
    problem = load_sample(key).problem(features=list(weights), target=target, scaling=scaling)
    computed = problem.in_file_units(problem.optimum.parameters).tolist()
    published = [*weights.values(), bias]
    assert [_to_the_digits_of(text, value) for text, value in zip(published, computed, strict=True)] == published


@pytest.mark.parametrize("scaling", ["none", "standardize"])
def test_longley_gives_all_seven_certified_values(scaling: Any) -> None:
    *features, _ = CERTIFIED
    problem = load_sample("longley").problem(features=features, target="employed (thousands)", scaling=scaling)
    computed = problem.in_file_units(problem.optimum.parameters).numpy()
    np.testing.assert_allclose(computed, list(CERTIFIED.values()), rtol=1e-7)


@pytest.mark.parametrize("preset", PRESETS, ids=KEYS)
def test_the_closed_form_is_what_numpy_finds(preset: Preset) -> None:
    dataset = load_sample(preset.key)
    rows = np.column_stack([*map(dataset.values, preset.features), np.ones(dataset.n_rows)])
    oracle, *_ = np.linalg.lstsq(rows, np.array(dataset.values(preset.target)))
    optimum = dataset.problem(features=preset.features, target=preset.target).optimum
    np.testing.assert_allclose(optimum.parameters.numpy(), oracle, rtol=1e-6)
    residuals = rows @ oracle - dataset.values(preset.target)
    assert optimum.loss == pytest.approx(float(np.mean(residuals**2)), rel=1e-6)


@pytest.mark.parametrize(
    ("key", "epochs"), [("students", 2000), ("students_sleep", 5000), ("students_scrambled", 5000)]
)
def test_the_students_start_with_the_notebooks_own_settings(key: str, epochs: int) -> None:
    (preset,) = (preset for preset in PRESETS if preset.key == key)
    notebook = {
        "learning_rate": 0.01,
        "epochs": epochs,
        "scaling": "none",
        "precision": "float32",
        "tolerance": 0.0,
    }
    assert notebook.items() <= preset.settings.items()


@pytest.mark.parametrize("preset", PRESETS, ids=KEYS)
def test_each_first_look_ends_as_promised_and_not_at_once(preset: Preset) -> None:
    _, history = first_look(preset)
    assert history.outcome == OUTCOMES[preset.key]
    assert history.epochs >= 100


@pytest.mark.parametrize("preset", PRESETS, ids=KEYS)
def test_each_first_look_has_a_loss_that_visibly_falls(preset: Preset) -> None:
    _, history = first_look(preset)
    assert history.losses[0] > 3 * history.losses[-1]


@pytest.mark.parametrize(
    "preset",
    [preset for preset in PRESETS if preset.key not in FAR_FROM_THE_OPTIMUM + STOPPED_TOO_LATE],
    ids=lambda preset: preset.key,
)
def test_a_first_look_comes_within_one_percent_of_the_lowest_loss(preset: Preset) -> None:
    problem, history = first_look(preset)
    assert history.losses[-1].item() <= 1.01 * problem.optimum.loss


@pytest.mark.parametrize("key", FAR_FROM_THE_OPTIMUM)
def test_a_first_look_that_stays_far_from_the_lowest_loss_says_so(key: str) -> None:
    (preset,) = (preset for preset in PRESETS if preset.key == key)
    problem, history = first_look(preset)
    assert history.losses[-1].item() > 1.4 * problem.optimum.loss
    assert re.search(r"\bnot\b.* lowest loss", preset.about)


def test_over_fitting_is_one_choice_away() -> None:
    (preset,) = (preset for preset in PRESETS if preset.key == "overfitting")
    problem, history = first_look(preset)
    assert problem.held_out is not None
    assert (problem.n_rows, problem.held_out.n_rows) == (8, 6)
    best = int(history.held_out_losses.argmin())
    assert 10 < best < 500
    assert history.held_out_losses[-1] > 3 * history.held_out_losses[best]
    assert history.losses[-1] < history.losses[best]


def test_the_four_sets_of_anscombe_end_on_one_line_and_one_loss() -> None:
    (preset,) = (preset for preset in PRESETS if preset.key == "anscombe")
    _, settings = problem_of(preset)
    pairs = [("x of sets 1 to 3", f"y of set {number}") for number in (1, 2, 3)] + [("x of set 4", "y of set 4")]
    ends = []
    for feature, target in pairs:
        history = run(load_sample("anscombe").problem(features=[feature], target=target), settings)
        assert history.outcome == "converged"
        ends.append([*history.parameters[-1].tolist(), history.losses[-1].item()])
    np.testing.assert_allclose(ends, [[0.5, 3.0, 1.25]] * 4, atol=0.01)


def _to_the_digits_of(text: str, value: float) -> str:
    """`value` rounded to as many decimals as `text` has."""
    return f"{value:.{len(text.partition('.')[2])}f}"


@pytest.mark.parametrize("preset", [one for one in PRESETS if one.key != "longley"], ids=lambda preset: preset.key)
@pytest.mark.parametrize("optimizer", LINEAR_OPTIMIZERS)
def test_the_safe_rate_arrives_on_every_sample_but_the_ill_conditioned_one(preset: Preset, optimizer: Any) -> None:
    problem = load_sample(preset.key).problem(features=preset.features, target=preset.target, scaling="standardize")
    settings = Settings(optimizer=optimizer)
    objective = Objective(problem, settings)
    rate = safe_learning_rate(objective, settings)
    assert rate
    history = run(problem, replace(settings, learning_rate=rate))
    assert objective.distance_left(history.parameters[-1], history.parameters[0]).item() < 0.01

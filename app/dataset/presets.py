"""The sample data, and the columns and settings that suit the first look at each data set."""

import re
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.dataset.dataset import Dataset
from app.dataset.reading import read_csv
from app.dataset.selection import Selection, select
from app.dataset.suggestions import SETTINGS_SAMPLE_ROWS, first_choice, suggested_settings
from app.engine import Settings

DEFAULTS = asdict(Settings()) | {
    "start": "",
    "scaling": "none",
    "degrees": [],
    "interactions": False,
    "missing": "leave_out",
}
"""Every setting of the page, by its widget's key; `start` is the text of its field."""

SOURCE = re.compile(r"- \*\*Source:\*\* (.+?)(?=\n- \*\*|\n\n|\Z)", re.DOTALL)
"""Of a sample, in the README beside it."""

SAMPLE_DATA_FOLDER = Path(__file__).resolve().parents[2] / "sample_data"


@dataclass(frozen=True)
class Preset:
    """What suits the first look at a data set."""

    key: str
    """Its name in the URL; "" for a table of the user's own."""
    title: str
    target: str
    features: tuple[str, ...]
    about: str
    """What it shows, in a sentence."""
    settings: dict[str, Any]
    """Every setting, so that none of the preset before it lingers."""
    new_values: tuple[tuple[float, ...], ...] = ()
    """For each feature, values to predict from."""
    file: str = ""
    """In `sample_data`, without its ending, if that is not the key."""

    def predict_from(self, selection: Selection) -> list[str]:
        """Initial lines of feature values to predict from: the preset's own, or typical ones of the data."""
        names = selection.columns.features
        columns: list[list[float | str | date]]
        if self.new_values and names == self.features:
            columns = [list(values) for values in self.new_values]
        else:
            table = selection.feature_values[selection.sample(SETTINGS_SAMPLE_ROWS)]
            columns = [feature.typical(values) for feature, values in zip(selection.features, table.T, strict=True)]
        written = [
            [feature.written(feature.number(value)) for value in values]
            for feature, values in zip(selection.features, columns, strict=True)
        ]
        return ["; ".join(line) for line in zip(*written, strict=True)]


AS_IN_THE_NOTEBOOK = DEFAULTS | {"precision": "float32"}
IN_THE_FILE_UNITS = DEFAULTS | {"tolerance": 1e-9}
STANDARDIZED = DEFAULTS | {"learning_rate": 0.05, "epochs": 300, "scaling": "standardize", "tolerance": 1e-9}

PRESETS = (
    Preset(
        "students",
        "Students: hours studied",
        target="test score",
        features=("hours studied",),
        about="Five students of the teaching notebook: one more hour studied goes with three more points in the test; "
        "their hours of sleep can be added to the features.",
        settings=AS_IN_THE_NOTEBOOK,
        new_values=((5, 7, 9),),
    ),
    Preset(
        "students_sleep",
        "Students: hours studied and slept",
        target="test score",
        features=("hours studied", "hours slept"),
        about="The same students with their sleep: it rises with the hours studied, so the loss has a long flat "
        "valley, and 5,000 epochs at the notebook's learning rate do not reach the lowest loss.",
        settings=AS_IN_THE_NOTEBOOK | {"epochs": 5000},
        new_values=((5, 7, 9), (7, 7.5, 8)),
        file="students",
    ),
    Preset(
        "students_scrambled",
        "Students: scrambled as in the notebook",
        target="test score",
        features=("scrambled feature 1 (hours)", "scrambled feature 2 (hours)"),
        about="The notebook reshaped its two features instead of transposing them, so hours of study and of sleep "
        "stand in one column and belong to the wrong students: the descent ends well, on numbers that mean nothing.",
        settings=AS_IN_THE_NOTEBOOK | {"epochs": 5000},
    ),
    Preset(
        "hubble",
        "The expanding universe (Hubble 1929)",
        target="recession velocity (km/s)",
        features=("distance (Mpc)",),
        about="The 24 nebulae that showed that the universe expands: the farther away one is, the faster it recedes.",
        settings=IN_THE_FILE_UNITS | {"learning_rate": 0.1, "epochs": 500},
    ),
    Preset(
        "old_faithful",
        "Old Faithful: waiting for the geyser (1990)",
        target="waiting time to the next (min)",
        features=("eruption duration (min)",),
        about="After a long eruption the geyser needs longer to refill, so its next eruption can be predicted "
        "to within some minutes.",
        settings=IN_THE_FILE_UNITS | {"learning_rate": 0.05},
    ),
    Preset(
        "galton",
        "Heights of parents and children (Galton 1886)",
        target="child height (in)",
        features=("mid-parent height (in)",),
        about="The slope is below 1, so children of very tall parents are on average less tall: Galton called it "
        "regression, and the method kept the name.",
        settings=STANDARDIZED,
    ),
    Preset(
        "stopping_distances",
        "Speed and stopping distance (1930)",
        target="stopping distance (ft)",
        features=("speed (mph)",),
        about="Cars of the 1920s: the best straight line gives a negative distance at a low speed, because the "
        "true relation is a curve.",
        settings=STANDARDIZED,
    ),
    Preset(
        "hill_races",
        "Scottish hill races (1984)",
        target="record time (min)",
        features=("distance (mi)", "climb (ft)"),
        about="Two features that both matter: a record takes about six minutes more for each mile and eleven more "
        "for each thousand feet of climb.",
        settings=STANDARDIZED | {"epochs": 500},
    ),
    Preset(
        "forbes",
        "Boiling water in the mountains (Forbes 1857)",
        target="pressure (inHg)",
        features=("boiling point (°F)",),
        about="Water boils cooler where the air is thinner, so a thermometer can stand in for a barometer; "
        "one of the 17 points lies off the line.",
        settings=STANDARDIZED,
    ),
    Preset(
        "women",
        "Heights and weights of women (1975)",
        target="weight (lb)",
        features=("height (in)",),
        about="Averages lie so close to a line that the fit looks perfect, yet what is left over bends like a bow.",
        settings=STANDARDIZED,
    ),
    Preset(
        "anscombe",
        "Four sets, one line (Anscombe 1973)",
        target="y of set 1",
        features=("x of sets 1 to 3",),
        about="Choose the other columns too: four pictures that have nothing in common have the same line "
        "and the same loss.",
        settings=IN_THE_FILE_UNITS | {"epochs": 5000},
    ),
    Preset(
        "longley",
        "Employment in the USA (Longley 1967)",
        target="employed (thousands)",
        features=(
            "price deflator (1954 = 100)",
            "gross national product (million USD)",
            "unemployed (thousands)",
            "armed forces (thousands)",
            "population over 14 (thousands)",
            "year",
        ),
        about="Six features, most of which rise together: even standardized, the descent soon slows down, and after "
        "2,000 epochs it does not come nearer than half as much again as the lowest loss.",
        settings=STANDARDIZED | {"learning_rate": 0.1, "epochs": 2000, "tolerance": 0.0},
    ),
    Preset(
        "overfitting",
        "Over-fitting: a thrown ball, badly measured",
        target="height (m)",
        features=("time (s)",),
        about="Powers up to the fifth for eight points: their loss keeps falling, while that of six held-out points "
        "soon rises, where the descent had better stopped.",
        settings=STANDARDIZED
        | {"learning_rate": 0.2, "epochs": 3000, "tolerance": 0.0, "optimizer": "momentum"}
        | {"degrees": ["time (s)⁵"], "held_out": 0.4},
    ),
)


SAMPLE_FILES = {preset.key: f"{preset.file or preset.key}.csv" for preset in PRESETS}


def load_sample(key: str) -> Dataset:
    """The table of the sample with that key; KeyError where there is none."""
    return _read_sample(SAMPLE_FILES[key])


def source_of(dataset: Dataset) -> str:
    """Where a sample's rows were published, as the README beside them says; "" for a table that is no sample."""
    if dataset.name not in SAMPLE_FILES.values() or _read_sample(dataset.name) is not dataset:
        return ""
    readme = (SAMPLE_DATA_FOLDER / "README.md").read_text("utf-8")
    sections = [
        section for section in readme.split("\n## ") if f"`{dataset.name}`" in section and SOURCE.search(section)
    ]
    return " ".join(SOURCE.search(sections[0])[1].replace("*", "").split()) if sections else ""  # type: ignore[index]


@cache
def _read_sample(file: str) -> Dataset:
    return read_csv((SAMPLE_DATA_FOLDER / file).read_bytes(), file)


def preset_of(dataset: Dataset, title: str) -> Preset:
    """What suits the first look at a table of the user's own; DatasetError where it has no two usable columns."""
    columns = first_choice(dataset)
    rows = f"{dataset.n_rows:,} rows" if dataset.n_rows > 1 else "1 row"
    about = f"{rows} and {len(dataset.frame.columns):,} columns, {len(dataset.numeric_columns):,} of them numbers."
    settings = DEFAULTS | suggested_settings(select(dataset.sample(SETTINGS_SAMPLE_ROWS), columns))
    return Preset("", title, columns.target, columns.features, about, settings)

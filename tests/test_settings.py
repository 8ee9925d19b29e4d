"""Settings refuse invalid values in one sentence."""

import dataclasses
import math
from typing import Any

import pytest

from app.controls.widgets import tenth
from app.engine import Settings


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().epochs = 3  # type: ignore[misc]


def test_settings_take_keywords_alone() -> None:
    with pytest.raises(TypeError):
        Settings(0.01)  # type: ignore[call-arg]


def test_equal_settings_are_one_key_of_a_dictionary() -> None:
    assert {Settings(epochs=3): 1}[Settings(epochs=3)] == 1


def test_the_default_settings_are_the_documented_ones() -> None:
    expected = {
        "learning_rate": 0.01,
        "epochs": 2000,
        "optimizer": "gradient_descent",
        "gradient": "by_hand",
        "loss": "mse",
        "batch_size": 0,
        "l2": 0.0,
        "tolerance": 0.0,
        "seed": 42,
        "precision": "float64",
    }
    assert expected.items() <= dataclasses.asdict(Settings()).items()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("learning_rate", -0.1, "learning rate"),
        ("learning_rate", math.nan, "learning rate"),
        ("learning_rate", math.inf, "learning rate"),
        ("epochs", -1, "epochs"),
        ("tolerance", -1e-9, "tolerance"),
        ("tolerance", math.nan, "tolerance"),
        ("start", (1.0, math.nan), "starting point"),
        ("gradient", "by_magic", "gradient"),
        ("optimizer", "adamantium", "optimizer"),
        ("loss", "sorrow", "loss"),
        ("precision", "float16", "precision"),
        ("batch_size", -1, "batch size"),
        ("l2", -1.0, "l2"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(name: str, value: Any, says: str) -> None:
    with pytest.raises(ValueError, match=rf"^The .*{says}.*\.$") as caught:
        Settings(**{name: value})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rate", "step"), [(0.01, 0.001), (0.011, 0.001), (0.0222, 0.002), (1e-6, 1e-7), (3.0, 0.3), (99.0, 10.0)]
)
def test_the_steps_of_a_rate_are_a_tenth_of_it(rate: float, step: float) -> None:
    assert tenth(rate) == step

"""Axes and traces of Plotly's figures, made from numbers alone."""

from typing import Any

import numpy as np
import pytest

from app.figures import hover
from app.figures.loss import loss_axis, loss_curve


def log_axis(*losses: float, lowest: float = 0.0) -> dict[str, Any]:
    return loss_axis(np.array(losses), lowest, "loss", logarithmic=True)


@pytest.mark.parametrize("losses", [(900.0, 3.0), (1e-9, 1e-12), (5e20, 2.0), (7.0, 7.0)])
def test_a_log_axis_holds_every_loss_and_ends_close_to_the_outermost(losses: tuple[float, float]) -> None:
    bottom, top = log_axis(*losses)["range"]
    low, high = np.log10(min(losses)), np.log10(max(losses))
    edge = 0.06 * max(high - low, 0.1)
    assert bottom == pytest.approx(low - edge)
    assert top == pytest.approx(low + max(high - low, 0.1) + edge)


def test_a_log_axis_reaches_down_to_the_lowest_loss_possible_if_that_is_near() -> None:
    assert log_axis(100.0, 3.0, lowest=0.01)["range"][0] < -2
    assert log_axis(100.0, 3.0, lowest=0.002)["range"] == log_axis(100.0, 3.0)["range"]


def test_a_log_axis_of_a_loss_that_reaches_zero_ends_32_decades_below_the_largest() -> None:
    assert log_axis(1e4, 0.0)["range"] == pytest.approx([-28 - 0.06 * 32, 4 + 0.06 * 32])


def test_a_log_axis_of_zeros_alone_has_finite_ends() -> None:
    assert np.isfinite(log_axis(0.0, 0.0)["range"]).all()


@pytest.mark.parametrize(
    ("losses", "exponents", "ticks"),
    [
        ((3000.0, 500.0), "none", None),
        ((3e4, 5e3), "none", "~s"),  # 5k, 10k, 20k
        ((3e7, 5e6), "e", "~s"),
        ((3e20, 5e18), "e", None),
        ((300.0, 2e-9), "power", None),
        ((3e12, 4e-3), "power", None),
    ],
)
def test_the_labels_of_a_log_axis_fit_beside_it(losses: tuple[float, float], exponents: str, ticks: str | None) -> None:
    found = log_axis(*losses)
    assert (found["type"], found["exponentformat"], found["tickformat"]) == ("log", exponents, ticks)


def test_a_hover_breaks_long_names_and_shows_them_as_they_are() -> None:
    name = "x" * 160
    lines = hover([f"{name} 5", "<b>%{y}"]).split("<br>")
    assert "".join(lines[:-1]).replace(" ", "") == f"{name}5"
    assert max(map(len, lines[:-1])) <= 34
    assert lines[-1] == "&lt;b>%&#123;y}"


def test_a_linear_axis_begins_at_zero_and_cuts_off_what_diverges() -> None:
    losses = np.array([50.0, 20.0, 80.0])
    assert loss_axis(losses, 5.0, "loss", logarithmic=False)["range"] == pytest.approx([-2.4, 84])
    beyond = loss_axis(np.array([50.0, 1e30]), 5.0, "loss", logarithmic=False)
    assert beyond["range"] == pytest.approx([-15, 525])
    assert "type" not in beyond


def test_a_lowest_loss_of_zero_has_no_line_on_a_log_axis() -> None:
    for logarithmic, heights in ((True, []), (False, [0.0, 0.0])):
        found = loss_curve(9, np.array([4.0, 1.0]), (0.0, "least squares"), "loss", logarithmic=logarithmic)
        assert found["data"][0]["y"] == heights

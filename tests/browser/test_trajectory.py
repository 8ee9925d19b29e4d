"""The learning rate's slider moves the curves in the browser before the server hears of it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from app.engine import Settings, run
from tests.browser.harness import RUN, seek, wait_for_address, wait_for_another_run, wait_for_script
from tests.browser.surface import PIXELS, RANGES, SCREEN
from tests.problems import students

GHOST = "() => document.querySelector('[data-chart=loss] ~ svg .player-ghost path')?.getAttribute('d')"
CURVE = "() => document.querySelector('[data-chart=loss] ~ svg g:not(.player-ghost) > path').getAttribute('d')"

# Moves the thumb to each rate and reads, before any other event, the number of epochs, the path, the expected pixels
# of points, and the ghost.
TURN = f"""(moves) => moves.map(([rate, points]) => {{
  const slider = document.querySelector(".st-key-learning_rate_slider input")
  slider.value = Math.round(Math.log10(rate) * 200)
  slider.dispatchEvent(new Event("input", {{ bubbles: true }}))
  const epochs = Number(document.querySelector("[data-testid=player]").dataset.epochs)
  return {{ epochs, path: ({PIXELS})(""), points: points.map({SCREEN}), ghost: ({GHOST})(), curve: ({CURVE})() }} }})"""


@pytest.mark.parametrize("chosen", [{}, {"optimizer": "momentum"}, {"epochs": 400, "optimizer": "nesterov"}])
def test_the_curves_follow_the_thumb_at_once_and_the_server_confirms_them(
    visit: Callable[..., Page], chosen: dict[str, Any]
) -> None:
    settings = {"epochs": 300, "precision": "float64", "learning_rate": 0.002, **chosen}
    page = visit("/?" + "&".join(f"{name}={value}" for name, value in settings.items()))
    seek(page, settings["epochs"])
    before, curve = page.evaluate(RUN), page.evaluate(CURVE)
    runs = {
        rate: run(students(), Settings(**{**settings, "learning_rate": rate})) for rate in (0.00251, 0.00316, 0.00398)
    }
    ends = [[rate, history.parameters[[0, -1]].tolist()] for rate, history in runs.items()]
    for seen in page.evaluate(TURN, ends):
        assert seen["epochs"] == settings["epochs"]
        for drawn, point in zip([seen["path"][0], seen["path"][-1]], seen["points"], strict=True):
            assert drawn == pytest.approx(point, abs=0.2)
        assert seen["ghost"] == curve != seen["curve"]
    wait_for_another_run(page, before)
    wait_for_address(page, learning_rate="0.00398")
    wait_for_script(page)
    page.wait_for_timeout(300)
    seek(page, settings["epochs"])
    there = page.evaluate(SCREEN, runs[0.00398].parameters[-1].tolist())
    assert page.evaluate(PIXELS, "")[-1] == pytest.approx(there, abs=0.2)
    assert page.evaluate(GHOST), "the run before the hand came is still the ghost"


def test_a_rate_that_diverges_is_cut_off_where_the_engine_stops(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300&precision=float64")
    history = run(students(), Settings(epochs=300, precision="float64", learning_rate=0.1))
    assert page.evaluate(TURN, [[0.1, []]])[0]["epochs"] == history.epochs < 300
    page.wait_for_selector("[data-testid=player][data-outcome=diverged]")
    assert page.get_by_test_id("player").get_attribute("data-epochs") == str(history.epochs)


def test_a_run_that_the_browser_cannot_compute_waits_for_the_server(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300&changes=from+here")
    curve = page.evaluate(CURVE)
    page.evaluate(TURN, [[0.02, []]])
    assert page.evaluate(CURVE) == curve
    wait_for_address(page, learning_rate="0.02")


# Moves the thumb; how many of Plotly's own paths still show the moving curve, and the ranges of the surface's axes.
DRAGGED = f"""(rate) => {{
  ({TURN})([[rate, []]])
  const groups = [...document.querySelectorAll("[data-chart=loss] .scatterlayer .trace")]
  const stale = groups.filter((g) => g.__data__[0].trace.name === "loss" && g.style.display !== "none" &&
    g.querySelector(".js-line")?.getAttribute("d"))
  return [stale.length, ({RANGES})()] }}"""


def test_while_the_thumb_moves_the_axes_stay_and_nothing_that_stood_still_is_left(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300")
    seek(page, 300)
    for rate in (0.011, 0.0126):
        page.wait_for_function(
            "() => document.querySelector('[data-chart=loss]').data.find((t) => t.name === 'loss').x.length > 10"
        )
        page.wait_for_timeout(100)
        before, axes = page.evaluate(RUN), page.evaluate(RANGES)
        assert page.evaluate(DRAGGED, rate) == [0, axes]
        wait_for_another_run(page, before)

"""The loss surface: a click or a drag moves the start, arrows, contours after a zoom."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page

from app.engine import Objective, Settings, run
from tests.browser.harness import RUN, seek, wait_for_another_run, wait_for_script
from tests.browser.surface import HANDLE, PIXELS, RANGES, UNITS, in_units, inside, on_screen, start_in_the_link
from tests.problems import students

CONTOUR = """() => {
  const { x, y, customdata } = document.querySelector("[data-chart=surface]").data[0]
  return { x, y, losses: customdata.map((row) => Array.from(row)) }
}"""


def test_a_click_at_three_places_starts_there_to_within_a_pixel(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300")
    for across, up in ((0.25, 0.7), (0.8, 0.4), (0.5, 0.15)):
        x, y = inside(page, across, up)
        wanted = in_units(page, x, y)
        before = page.evaluate(RUN)
        page.mouse.click(x, y)
        wait_for_another_run(page, before)
        wait_for_script(page)
        page.wait_for_timeout(300)
        assert page.evaluate("() => document.querySelector('[data-testid=player]').dataset.epoch") == "0"
        settings = Settings(precision="float32", start=tuple(start_in_the_link(page)))
        there = [on_screen(page, point) for point in (wanted, run(students(), settings).parameters[0].tolist())]
        assert there[0] == pytest.approx(there[1], abs=1)
        assert page.evaluate(HANDLE) == pytest.approx(there[0], abs=1)
        assert page.evaluate(PIXELS, "")[0] == pytest.approx(there[0], abs=1)


def test_the_path_follows_the_hand_and_ends_exactly_where_the_start_is_let_go(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300")
    page.mouse.move(*page.evaluate(HANDLE))
    page.mouse.down()
    before, axes = page.evaluate(RUN), page.evaluate(RANGES)
    for i in range(15):
        place = inside(page, 0.4 + 0.02 * i, 0.2 + 0.02 * i)
        page.mouse.move(*place)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        path, start = page.evaluate(PIXELS, ""), in_units(page, *place)
        settings = Settings(precision="float32", epochs=300, start=tuple(start))
        assert path[0] == pytest.approx(place, abs=1)
        there = run(students(), settings).parameters[300].tolist()
        assert path[-1] == pytest.approx(on_screen(page, there), abs=1)
    assert (page.evaluate(RANGES), page.evaluate(RUN)) == (axes, before)
    page.mouse.up()
    page.wait_for_function("() => new URLSearchParams(location.search).has('start')")
    wait_for_another_run(page, before)
    page.wait_for_timeout(500)
    ends_where_it_was_let_go(page, start)


def test_where_only_the_server_knows_the_path_it_sends_it_while_the_start_is_dragged(
    visit: Callable[..., Page],
) -> None:
    page = visit("/?epochs=300&optimizer=adam&learning_rate=0.5")
    page.mouse.move(*page.evaluate(HANDLE))
    page.mouse.down()
    runs, axes = set(), page.evaluate(RANGES)
    places = [inside(page, 0.4 + 0.02 * i, 0.2 + 0.02 * i) for i in range(15)]
    for place in places:
        page.mouse.move(*place)
        page.wait_for_timeout(120)
        runs.add(page.evaluate(RUN))
    assert page.evaluate(RANGES) == axes
    wanted = in_units(page, *places[-1])
    page.mouse.up()
    page.wait_for_function("() => new URLSearchParams(location.search).has('start')")
    page.wait_for_timeout(1000)
    assert len(runs) >= 3
    ends_where_it_was_let_go(page, wanted, optimizer="adam", learning_rate=0.5)


def ends_where_it_was_let_go(page: Page, wanted: list[float], **chosen: Any) -> None:
    settings = Settings(**{"precision": "float32", "epochs": 300, "start": tuple(start_in_the_link(page)), **chosen})
    started = run(students(), settings).parameters
    assert on_screen(page, started[0].tolist()) == pytest.approx(on_screen(page, wanted), abs=1)
    seek(page, 300)
    assert page.evaluate(PIXELS, "")[-1] == pytest.approx(on_screen(page, started[300].tolist()), abs=0.2)


def losses_there(x: list[float], y: list[float], **chosen: Any) -> Any:
    places = np.stack(np.meshgrid(x, y), axis=-1)
    return Objective(students(), Settings(**chosen)).of(places).numpy()


def zoom_in(page: Page) -> None:
    before = page.evaluate(CONTOUR)
    page.mouse.move(*inside(page, 0.3, 0.4))
    page.mouse.down()
    page.mouse.move(*inside(page, 0.6, 0.7), steps=5)
    page.mouse.up()
    page.wait_for_function(f"() => ({CONTOUR})().x[0] !== {before['x'][0]}")


def test_the_contours_of_other_losses_are_as_fine_after_a_zoom_too(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300&loss=mae")
    zoom_in(page)
    coarse = page.evaluate(CONTOUR)
    page.wait_for_function(f"""() => {{
      const {{ x, losses }} = ({CONTOUR})()
      return x[0] === {coarse["x"][0]} && losses[0][1] !== {coarse["losses"][0][1]}
    }}""")
    fine = page.evaluate(CONTOUR)
    true = losses_there(fine["x"], fine["y"], loss="mae")
    away = [np.abs(np.array(shown["losses"]) - true).max() for shown in (coarse, fine)]
    assert away[1] < 0.3 * away[0]


def test_the_contours_are_the_engines_losses_and_as_fine_after_a_zoom(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300")
    cross = page.evaluate("() => document.querySelector('[data-chart=surface]').data.find((t) => t.mode === 'markers')")
    assert [cross["x"][0], cross["y"][0]] == pytest.approx(students().optimum.parameters.tolist())
    before, ranges, run_before = (page.evaluate(what) for what in (CONTOUR, RANGES, RUN))
    assert np.array(before["losses"]) == pytest.approx(losses_there(before["x"], before["y"]), rel=1e-9)
    zoom_in(page)
    after_zoom, closer = page.evaluate(CONTOUR), page.evaluate(RANGES)
    assert [after_zoom["x"][0], after_zoom["x"][-1]] == pytest.approx(closer[0])
    assert [after_zoom["y"][0], after_zoom["y"][-1]] == pytest.approx(closer[1])
    assert len(after_zoom["x"]) == len(before["x"]) >= 60
    assert np.array(after_zoom["losses"]) == pytest.approx(losses_there(after_zoom["x"], after_zoom["y"]), rel=1e-9)
    page.wait_for_timeout(700)  # so that the next click is not the second of a double click
    page.mouse.dblclick(*inside(page, 0.5, 0.2))
    page.wait_for_function(f"() => ({RANGES})()[0][0] === {ranges[0][0]}")
    page.wait_for_timeout(1000)
    assert page.evaluate(RUN) == run_before, "neither a zoom nor a double click starts anything"
    assert "start" not in parse_qs(urlsplit(page.url).query)


@pytest.mark.parametrize(("optimizer", "rate"), [("gradient_descent", 0.02), ("momentum", 0.004), ("adam", 2.0)])
def test_the_arrows_are_the_engines_gradient_and_step(visit: Callable[..., Page], optimizer: Any, rate: float) -> None:
    page = visit(f"/?epochs=300&arrows=true&optimizer={optimizer}&learning_rate={rate}&precision=float64")
    problem = students()
    settings = Settings(epochs=300, optimizer=optimizer, learning_rate=rate, precision="float64")
    parameters, objective = run(problem, settings).parameters, Objective(problem, settings)
    for epoch in (0, 1, 3):
        seek(page, epoch)
        down = parameters[epoch] - rate * objective.gradient(parameters[epoch][None])[0]
        for look, tip in ((".player-broad", down), (".player-arrow", parameters[epoch + 1])):
            begins, ends = (on_screen(page, point.tolist()) for point in (parameters[epoch], tip))
            drawn = page.evaluate(PIXELS, look)
            assert drawn[0] == pytest.approx(begins, abs=0.2)
            if max(abs(a - b) for a, b in zip(begins, ends, strict=True)) < 3000:
                assert drawn[1] == pytest.approx(ends, abs=0.2)
    seek(page, 300)
    path = page.locator("[data-chart=surface] ~ svg .player-arrow")
    assert path.get_attribute("d") == ""  # there is no next step


def test_the_switch_turns_contours_into_a_surface_and_back(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=50")
    kind = "document.querySelector('[data-chart=surface]').data?.[0].type"
    for name, wanted in (("3D", "surface"), ("contours", "contour")):
        page.get_by_role("radio", name=name).click()
        page.wait_for_function(f"() => {kind} === '{wanted}'")
        page.wait_for_timeout(300)
        assert page.locator("[data-chart=surface]").count() == 1
        assert page.evaluate(PIXELS, "")
    charts = page.evaluate("() => [...document.querySelectorAll('[data-chart]')].map((chart) => chart.dataset.chart)")
    assert charts == ["fit", "loss", "surface"]


@pytest.mark.parametrize("chosen", [{}, {"loss": "mae"}, {"loss": "log_cosh", "l1": 0.5}])
def test_against_one_weight_the_curve_and_its_tangent_are_the_engines(
    visit: Callable[..., Page], chosen: dict[str, Any]
) -> None:
    query = "".join(f"&{name}={value}" for name, value in chosen.items())
    page = visit(f"/?epochs=300&surface=one+weight&along=hours+studied&learning_rate=0.02&precision=float64{query}")
    problem = students()
    settings = Settings(epochs=300, learning_rate=0.02, precision="float64", **chosen)
    parameters, objective = run(problem, settings).parameters, Objective(problem, settings)
    for epoch in (0, 7, 300):
        seek(page, epoch)
        state, drawn = parameters[epoch], page.evaluate(PIXELS, "")
        slope = objective.gradient(state[None])[0, 0].item()
        for [x, _], point in zip([page.evaluate(UNITS, point) for point in drawn[::20]], drawn[::20], strict=True):
            height = objective.of([x, state[1].item()]).item()
            assert point == pytest.approx(on_screen(page, [x, height]), abs=1)
        assert page.evaluate(PIXELS, ".player-thin") == [
            pytest.approx(on_screen(page, [x, objective.of(state).item() + slope * (x - state[0].item())]), abs=1)
            for x in (page.evaluate(UNITS, drawn[0])[0], page.evaluate(UNITS, drawn[-1])[0])
        ]

"""The loss surface in 3D: where things are drawn, a click or a drag that moves the start, what is hidden."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page

from app.engine import Objective, Settings, run
from tests.browser.harness import RUN, seek, wait_for_another_run, wait_for_script
from tests.browser.surface import HANDLE, start_in_the_link
from tests.problems import students

RANGES = """() => {
  const { xaxis, yaxis } = document.querySelector("[data-chart=surface]")._fullLayout.scene
  return [xaxis.range, yaxis.range]
}"""

# Where Plotly puts an annotation at a point in space, and where the overlay's dot is.
IN_SPACE = """async ([x, y, z]) => {
  const plot = document.querySelector("[data-chart=surface]")
  await Plotly.relayout(plot, { "scene.annotations": [{ x, y, z, text: "x", showarrow: false, borderpad: 0 }] })
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  const middle = (element) => {
    const box = element.getBoundingClientRect()
    return [box.left + box.width / 2, box.top + box.height / 2]
  }
  const dot = plot.parentElement.querySelector(".player-overlay circle")
  return [plot.querySelector(".annotation-scene .bg"), dot].map(middle)
}"""


# Whether the chart's height axis is of this type.
HEIGHTS = """(axis) => {
  const { scene } = document.querySelector("[data-chart=surface]")._fullLayout
  return scene.zaxis.type === axis
}"""

TURN = """async () => {
  const camera = { "scene.camera.eye": { x: 0.6, y: -1.95, z: 0.8 } }
  await Plotly.relayout(document.querySelector("[data-chart=surface]"), camera)
}"""


def test_in_three_dimensions_the_dot_is_where_plotly_has_the_point(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300&surface=3D&loss_axis=log")
    history = run(students(), Settings(precision="float32", epochs=300))
    for loss_axis in ("log", "linear"):
        page.get_by_role("radio", name=loss_axis, exact=True).click()
        wait_for_script(page)
        page.wait_for_timeout(500)
        for epoch in (0, 40):
            seek(page, epoch)
            page.wait_for_timeout(300)
            height = history.losses[epoch].item()
            # Plotly's annotations on a log axis take logarithms.
            where = [*history.parameters[epoch].tolist(), np.log10(height) if loss_axis == "log" else height]
            word, dot = page.evaluate(IN_SPACE, where)
            assert dot == pytest.approx(word, abs=1)
    page.evaluate(TURN)
    page.wait_for_timeout(500)
    turned, dot = page.evaluate(IN_SPACE, where)
    assert abs(turned[0] - word[0]) > 5
    assert dot == pytest.approx(turned, abs=1)


CAMERA = """() => {
  const plot = document.querySelector("[data-chart=surface]"), box = plot.getBoundingClientRect()
  const { _size, scene } = plot._fullLayout, { projection, view, model } = scene._scene.glplot.cameraParams
  return { matrices: [projection, view, model].map((matrix) => Array.from(matrix)), scale: scene._scene.dataScale,
           box: [box.left + _size.l, box.top + _size.t, _size.w, _size.h] }
}"""


def seen_at(camera: Any, point: list[float], height: float) -> list[float]:
    """Pixels of a point in space, by Plotly's camera."""
    projection, view, model = (np.reshape(matrix, (4, 4)).T for matrix in camera["matrices"])
    x, y, _, w = projection @ view @ model @ [*np.multiply([*point, height], camera["scale"]), 1]
    left, top, width, tall = camera["box"]
    return [left + width * (1 + x / w) / 2, top + tall * (1 - y / w) / 2]


def on_surface(camera: Any, point: list[float], loss_axis: str) -> list[float]:
    """Pixels of the loss surface above a point."""
    loss = Objective(students(), Settings()).of(np.array(point)).item()
    return seen_at(camera, point, np.log10(loss) if loss_axis == "log" else loss)


def share_of(page: Page, across: float, up: float) -> list[float]:
    (left, right), (bottom, top) = page.evaluate(RANGES)
    return [left + across * (right - left), bottom + up * (top - bottom)]


def test_in_three_dimensions_too_a_click_starts_there(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300&surface=3D&loss_axis=log")
    turning_and_a_click_beside_the_surface_start_nothing(page)
    for loss_axis, across, up in (("log", 0.4, 0.45), ("linear", 0.2, 0.2), ("linear", 0.7, 0.6)):
        page.get_by_role("radio", name=loss_axis, exact=True).click()
        page.wait_for_function(HEIGHTS, arg=loss_axis)
        page.wait_for_timeout(500)
        camera = page.evaluate(CAMERA)
        place = on_surface(camera, share_of(page, across, up), loss_axis)
        before = page.evaluate(RUN)
        page.mouse.click(*place)
        wait_for_another_run(page, before)
        wait_for_script(page)
        page.wait_for_timeout(300)
        assert on_surface(camera, start_in_the_link(page), loss_axis) == pytest.approx(place, abs=1)
        now = page.evaluate(CAMERA)
        assert page.evaluate(HANDLE) == pytest.approx(on_surface(now, start_in_the_link(page), loss_axis), abs=1)


def turning_and_a_click_beside_the_surface_start_nothing(page: Page) -> None:
    page.wait_for_timeout(500)
    camera, before = page.evaluate(CAMERA), page.evaluate(RUN)
    left, top, width, height = camera["box"]
    page.mouse.move(left + 0.5 * width, top + 0.4 * height)
    page.mouse.down()
    page.mouse.move(left + 0.7 * width, top + 0.45 * height, steps=3)
    page.mouse.up()
    page.wait_for_timeout(500)
    assert page.evaluate(CAMERA)["matrices"] != camera["matrices"]
    page.mouse.click(left + 0.02 * width, top + 0.98 * height)
    page.mouse.dblclick(left + 0.5 * width, top + 0.5 * height)
    page.wait_for_timeout(1500)
    assert page.evaluate(RUN) == before
    assert "start" not in parse_qs(urlsplit(page.url).query)


def test_in_three_dimensions_too_the_start_follows_the_hand(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300&surface=3D&loss_axis=linear")
    page.wait_for_timeout(500)
    camera, before = page.evaluate(CAMERA), page.evaluate(RUN)
    page.mouse.move(*page.evaluate(HANDLE))
    page.mouse.down()
    for i in range(8):
        place = on_surface(camera, share_of(page, 0.4 + 0.03 * i, 0.3 + 0.03 * i), "linear")
        page.mouse.move(*place)
        page.evaluate("() => new Promise(requestAnimationFrame)")
        assert page.evaluate(HANDLE) == pytest.approx(place, abs=1)
    assert page.evaluate(CAMERA) == camera
    page.mouse.up()
    page.wait_for_function("() => new URLSearchParams(location.search).has('start')")
    wait_for_another_run(page, before)
    assert on_surface(camera, start_in_the_link(page), "linear") == pytest.approx(place, abs=1)


# Turn the camera, and wait until it has stood still for some frames.
TURN_AND_REST = """async (camera) => {
  const plot = document.querySelector("[data-chart=surface]")
  const view = () => String(plot._fullLayout.scene._scene.glplot.cameraParams.view)
  const before = view()
  await Plotly.relayout(plot, camera)
  for (let last = before, still = 0; still < 5; last = view()) {
    await new Promise(requestAnimationFrame)
    still = view() === last && last !== before ? still + 1 : 0
  }
}"""

FAINT = """() => {
  const paths = document.querySelectorAll(".player-overlay path.player-behind, path.player-behind + path")
  const head = document.querySelector("[data-chart=surface] ~ svg circle.player-behind")
  return [Boolean(head), ...Array.from(paths, (path) => path.getTotalLength())]
}"""


def is_hidden(camera: Any, objective: Objective, point: Any, ranges: Any) -> bool:
    """Whether the loss surface lies between a point of its own and the camera, by small steps along the line of
    sight."""
    projection, view, model = (np.reshape(matrix, (4, 4)).T for matrix in camera["matrices"])
    whole = projection @ view @ model @ np.diag([*camera["scale"], 1])
    eye = np.linalg.solve(whole[[0, 1, 3], :3], -whole[[0, 1, 3], 3])
    begin = np.array([*point, objective.of(point).item()])
    way = begin + np.linspace(0.001, 1, 5000)[:, None] * (eye - begin)
    inside = ((way[:, :2] >= np.min(ranges, axis=1)) & (way[:, :2] <= np.max(ranges, axis=1))).all(axis=1)
    above = way[inside, 2] > objective.of(way[inside, :2]).numpy()
    return bool(above.any() and not above.all())


def test_the_part_of_the_path_behind_the_surface_is_faint(visit: Callable[..., Page]) -> None:
    page = visit("/?epochs=300&surface=3D&loss_axis=linear&start=5,130&learning_rate=0.004")
    problem = students()
    settings = Settings(precision="float32", epochs=300, start=(5.0, 130.0), learning_rate=0.004)
    parameters, objective = run(problem, settings).parameters.double(), Objective(problem, settings)
    for eye, hidden in (((0, 0, 2.5), False), ((0.6, -1.95, 0.3), True)):
        camera = {"scene.camera.eye": dict(zip("xyz", eye, strict=True))}
        page.evaluate(TURN_AND_REST, camera)
        faint = []
        for epoch in range(0, 60, 4):
            seek(page, epoch)
            faint.append(page.evaluate(FAINT)[0])
        camera, ranges = page.evaluate(CAMERA), page.evaluate(RANGES)
        assert faint == [is_hidden(camera, objective, parameters[epoch], ranges) for epoch in range(0, 60, 4)]
        assert (any(faint), all(faint)) == (hidden, False)
        _, whole, front = page.evaluate(FAINT)
        assert 0.7 * whole < front < 0.8 * whole if hidden else front == pytest.approx(whole)


def test_without_webgl_the_contours_remain_and_a_sentence_says_so(
    visit: Callable[..., Page], new_page: Callable[..., Page]
) -> None:
    page = new_page(reduced_motion="reduce")
    page.add_init_script(
        """const real = HTMLCanvasElement.prototype.getContext
           HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
             return kind.includes("webgl") ? null : real.call(this, kind, ...rest)
           }"""
    )
    visit("/?epochs=50&surface=3D", page=page)
    assert page.get_by_text("Without WebGL this browser shows contours.").is_visible()
    assert page.evaluate("() => document.querySelector('[data-chart=surface]').data[0].type") == "contour"

"""Where things are on the chart of the loss surface: in the axes' units, and in the window's pixels."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page

SCREEN = """([x, y]) => {
  const plot = document.querySelector("[data-chart=surface]"), box = plot.getBoundingClientRect()
  const { xaxis, yaxis } = plot._fullLayout
  return [box.left + xaxis._offset + xaxis.d2p(x), box.top + yaxis._offset + yaxis.d2p(y)]
}"""
"""From a point in the axes' units to the pixels [x, y] of the window."""

UNITS = """([x, y]) => {
  const plot = document.querySelector("[data-chart=surface]"), box = plot.getBoundingClientRect()
  const { xaxis, yaxis } = plot._fullLayout
  return [xaxis.p2d(x - box.left - xaxis._offset), yaxis.p2d(y - box.top - yaxis._offset)]
}"""
"""From pixels of the window to a point in the axes' units."""

RANGES = """() => {
  const { xaxis, yaxis } = document.querySelector("[data-chart=surface]")._fullLayout
  return [xaxis.range, yaxis.range]
}"""

HANDLE = """() => {
  const box = document.querySelector("[data-chart=surface] ~ svg .player-start").getBoundingClientRect()
  return [box.left + box.width / 2, box.top + box.height / 2]
}"""
"""Pixels of the middle of the handle at the start."""

PIXELS = """(look) => {
  const plot = document.querySelector("[data-chart=surface]"), box = plot.getBoundingClientRect()
  const path = plot.parentElement.querySelector(`.player-overlay g:not(.player-ghost) > path${look}`)
  const points = path.getAttribute("d").split(/[ML]/).filter(Boolean).map((point) => point.split(",").map(Number))
  return points.map(([x, y]) => [box.left + x, box.top + y])
}"""
"""Pixels of the points of a path that is drawn over the surface, chosen by a CSS class."""


def on_screen(page: Page, point: list[float]) -> list[float]:
    """The pixels of a point in the axes' units."""
    return list(page.evaluate(SCREEN, point))


def in_units(page: Page, x: float, y: float) -> list[float]:
    """The point in the axes' units at these pixels."""
    return list(page.evaluate(UNITS, [x, y]))


def inside(page: Page, across: float, up: float) -> list[float]:
    """The pixels at these fractions of the axes' lengths, from the lower left."""
    (left, right), (bottom, top) = page.evaluate(RANGES)
    return on_screen(page, [left + across * (right - left), bottom + up * (top - bottom)])


def start_in_the_link(page: Page) -> list[float]:
    return [float(part) for part in parse_qs(urlsplit(page.url).query)["start"][0].split(",")]

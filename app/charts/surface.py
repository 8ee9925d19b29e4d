"""The loss over two parameters: its shape, the path over it, and the next step."""

from dataclasses import replace

import numpy as np

from app import figures
from app.charts.scene import Scene
from app.engine.descent import start
from app.engine.schedules import learning_rates
from app.figures import MODEL, SLOPE, Array
from app.runs.frames import BIAS
from app.runs.segments import Segment
from components.player import Arrow, Grid, Quadratic, Surface, Trail

MAX_GRID_ROWS = 1000
"""Rows from which heights are computed if the loss has no closed form; of more, a random sample."""

MAX_SLOPES = 20_000_000
"""Slopes, one per row and frame, that are computed for the arrows of a run: 0.2 s."""

GRID_POINTS_PER_SIDE = 41
"""Values of each parameter at which those heights are computed."""

Pair = tuple[int, int]
"""Indices of the parameters across and up."""

Ranges = tuple[tuple[float, float], tuple[float, float]]


def surface_chart(scene: Scene) -> Surface:
    """The loss over the view's two parameters in the units that the descent steps in, with the path and the arrows.

    Squared errors have a closed form, a `Quadratic`; of all other losses a `Grid` over the view's zoom is computed.
    """
    names = [*scene.terms, BIAS]
    pair = plane(scene)
    ranges = _around(scene, pair[0]), _around(scene, pair[1])
    optimum = float(scene.step_optimum[pair[0]]), float(scene.step_optimum[pair[1]])
    titles = [scene.parameter_title(names[k]) for k in pair]
    figure = figures.surface(*ranges, optimum, titles[0], titles[1], scene.lowest_point, eigenvectors(scene, pair))
    says = f"epoch %{{customdata:,.6~g}}<br>{figures.place(*titles)}"
    trail = Trail("path", MODEL, scene.step_parameter(pair[0]), scene.step_parameter(pair[1]), says)
    is_quadratic = scene.run.objective.is_quadratic
    heights = _quadratic(scene, pair) if is_quadratic else _grid(scene, pair, scene.view.zoom or ranges)
    arrows = _arrows(scene, pair) if scene.view.arrows else []
    alt = f"Contours of the loss over {titles[0]} and {titles[1]}, with the path of the descent."
    return Surface(
        "surface",
        "Loss surface",
        _note(scene),
        alt,
        figure,
        [trail, *arrows],
        heights=heights,
        in_3d=scene.view.surface == "3D",
        logarithmic=scene.view.loss_axis == "log",
    )


def start_through(scene: Scene, x: float, y: float) -> tuple[float, ...]:
    """The run's start [d + 1] with the surface's two parameters set to x and y, all in the descent's own units."""
    begin, pair = scene.step_states[0].tolist(), plane(scene)
    begin[pair[0]], begin[pair[1]] = float(x), float(y)
    return tuple(begin)


def plane(scene: Scene) -> Pair:
    """The view's parameters across and up, never the same one twice."""
    names = [*scene.terms, BIAS]
    i = names.index(scene.view.surface_x) if scene.view.surface_x in names else 0
    j = names.index(scene.view.surface_y) if scene.view.surface_y in names else len(names) - 1
    if i == j:
        j = len(names) - 1 if i < len(names) - 1 else 0
    return i, j


def _note(scene: Scene) -> str:
    others, quadratic = len(scene.terms) - 1, scene.run.objective.is_quadratic
    held = "the other one" if others == 1 else f"the other {others}"
    where = "as at this epoch" if _moves(scene) else "at the optimum"
    notes = [f"{held} {where}"] if others else []
    if not quadratic and scene.run.problem.n_rows > MAX_GRID_ROWS:
        notes.append(f"from {MAX_GRID_ROWS:,} rows, drawn at random")
    return "; ".join(notes)


def _moves(scene: Scene) -> bool:
    """Whether the other parameters are held at the frame shown, which only the closed form of squared errors allows."""
    return len(scene.terms) > 1 and scene.view.held_at == "epoch shown" and scene.run.objective.is_quadratic


def _around(scene: Scene, i: int) -> tuple[float, float]:
    """A range of parameter i that holds its optimum and the path, except where that diverges.

    It also holds the random start, so that the surface does not shrink around a start that was chosen near the optimum.
    On its shorter side of the optimum it reaches a third as far, so that the valley is seen to rise there too.
    """
    optimum = float(scene.step_optimum[i])
    near = scene.losses[: scene.length] <= 10 * scene.losses[0]
    random_start = start(scene.run.problem, replace(scene.run.settings, start=())).numpy()
    places = np.array([*scene.step_states[: scene.length, i][near], random_start[i]]) - optimum
    farthest = np.abs(np.array([scene.step_states[0], random_start]) - scene.step_optimum).max()
    below, above = max(0.0, -float(places.min())), max(0.0, float(places.max()))
    least = max(max(below, above) / 3, 0.05 * float(farthest), 1e-9 * abs(optimum)) or 1.0
    return optimum - roomy(max(below, least)), optimum + roomy(max(above, least))


def roomy(reach: float) -> float:
    """At least 8 % more, rounded up to a power of 1.2: small changes of the settings then leave the axis as it is."""
    return float(1.2 ** np.ceil(np.log(reach * 1.08) / np.log(1.2)))


def _quadratic(scene: Scene, pair: Pair) -> Quadratic:
    """The loss over the two parameters, the others as at the optimum or as at the frame shown."""
    objective = scene.run.objective
    assert objective.hessian is not None
    hessian = objective.hessian.numpy()[np.ix_(pair, pair)]
    kinks = tuple(float(objective.l1 * (k < len(scene.terms))) for k in pair)
    shape = (float(hessian[0, 0]), float(hessian[0, 1]), float(hessian[1, 1])), (kinks[0], kinks[1])
    if _moves(scene):
        places, slopes = [scene.step_parameter(k) for k in pair], [_slope_along(scene, k) for k in pair]
        return Quadratic((places[0], places[1]), scene.loss_row, (slopes[0], slopes[1]), *shape)
    optimum = [float(scene.step_optimum[k]) for k in pair]
    slope = [0.0, 0.0]
    if objective.l1:  # At the optimum the smooth part may have a slope, which the kink balances.
        there = objective.gradient(scene.step_optimum[None])[0].numpy()
        slope = [float(there[k]) - kink * float(np.sign(at)) for k, kink, at in zip(pair, kinks, optimum, strict=True)]
    return Quadratic((optimum[0], optimum[1]), float(objective.optimum.loss), (slope[0], slope[1]), *shape)


def _grid(scene: Scene, pair: Pair, ranges: Ranges) -> Grid:
    """The loss around the optimum, of all rows or a random sample."""
    x, y = (np.linspace(*ends, GRID_POINTS_PER_SIDE) for ends in ranges)
    places = np.tile(scene.step_optimum, (GRID_POINTS_PER_SIDE, GRID_POINTS_PER_SIDE, 1))
    places[:, :, pair[0]], places[:, :, pair[1]] = x[None, :], y[:, None]
    objective = scene.run.objective.on_sample(MAX_GRID_ROWS)
    limit = float(np.finfo(np.float32).max) / 10
    return Grid(x, y, np.minimum(objective.of(places).numpy(), limit))


def eigenvectors(scene: Scene, pair: Pair) -> list[tuple[Array, float]]:
    """Unit eigenvectors [2] of the two parameters' Hessian with their eigenvalues, the larger one last.

    None if the loss has no closed form, or its lowest point over the two parameters moves with the frames.
    """
    objective = scene.run.objective
    if objective.hessian is None or objective.l1 or _moves(scene):
        return []
    curvatures, vectors = np.linalg.eigh(objective.hessian.numpy()[np.ix_(pair, pair)])
    return [(vectors[:, k], float(max(curvatures[k], 0.0))) for k in (0, 1)]


def _arrows(scene: Scene, pair: Pair) -> list[Arrow]:
    """The step of plain gradient descent with each frame's learning rate, and the step that was taken."""
    place = scene.step_parameter(pair[0]), scene.step_parameter(pair[1])
    steady = scene.run.settings.schedule == "constant" and not scene.run.segments
    if scene.run.objective.is_quadratic and not scene.run.settings.l1 and steady:
        rate = scene.run.settings.learning_rate
        rows = -rate * _slope_along(scene, pair[0]), -rate * _slope_along(scene, pair[1])
        slope = Arrow("−learning rate × gradient", SLOPE, *place, rows)
    else:
        slope = Arrow("−learning rate × gradient", SLOPE, *place, _slopes(scene, pair), each=True)
    return [slope, Arrow("step taken", MODEL, *place)] if scene.sends_all else [slope]


def smooth_slope(scene: Scene, direction: Array) -> Array:
    """The derivative of squared errors and the λ₂ penalty along a direction [d + 1], as a row [width] of the frame."""
    objective = scene.run.objective
    row: Array = objective.constant_hessian.numpy() @ direction @ scene.step_parameters
    if objective.is_quadratic:
        row[-1] -= 2 * float(direction @ (objective.problem.gram @ objective.problem.optimum.parameters).numpy())
    return row


def _slope_along(scene: Scene, i: int) -> Array:
    return smooth_slope(scene, np.eye(len(scene.terms) + 1)[i])


def _slopes(scene: Scene, pair: Pair) -> tuple[Array, Array]:
    """−α dL/dθ along both parameters at the frames sent, each [frames]; of few enough rows to be quick."""
    sent = scene.sent
    most = max(MAX_SLOPES // len(sent), 100)
    objective = scene.run.objective.on_sample(most)
    with np.errstate(over="ignore", invalid="ignore"):
        steps = -_rates(scene)[sent, None] * objective.gradient(scene.step_states[sent]).numpy()
        return steps[:, pair[0]].astype(np.float32), steps[:, pair[1]].astype(np.float32)


def _rates(scene: Scene) -> Array:
    """The learning rate of the update after each frame [frames]."""
    rates, first = np.empty(scene.last_epoch + 1), 0
    for segment in [*scene.run.segments, Segment(len(rates), scene.run.settings)]:
        until = max(first, min(segment.until, len(rates)))
        rates[first:until] = learning_rates(segment.settings, range(first, until)).numpy()
        first = until
    by_frame: Array = rates[np.arange(scene.length) // scene.frames_an_epoch]
    return by_frame

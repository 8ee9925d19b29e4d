"""The loss by epoch."""

import numpy as np

from app import figures
from app.charts.scene import Scene
from app.figures import GUESS, HELD_OUT, MODEL, Array
from components.player import Chart, Sketch, Trail

LEAST_AHEAD = 1e-4
"""Of the first loss: so far down the axis reaches while nobody is to know how far the run goes."""


def loss_chart(scene: Scene) -> Chart:
    """The loss at every epoch trained so far, and that of the held-out rows behind it.

    The axes leave room for all epochs of the settings while the run is being trained.
    """
    view, so_far = scene.view, slice(1 if scene.view.waits else scene.length)
    losses, held_out = scene.losses[so_far], scene.held_out_losses[so_far]
    objective = scene.run.objective
    says = "epoch %{x:,.6~g}<br>"
    marks = [Trail("loss", MODEL, "epoch", scene.loss_row, f"{says}loss %{{y}}")]
    note, least_held_out = f"{objective.title} by epoch", None
    if scene.holds_out:
        marks.insert(0, Trail("held-out loss", HELD_OUT, "epoch", scene.held_out_row, f"{says}held-out loss %{{y}}"))
    if scene.holds_out and not view.waits:
        k = int(held_out.argmin())
        least_held_out = (float(scene.epochs[k]), float(held_out[k]))
        note = f"held-out rows least at epoch {least_held_out[0]:,.6g}"
    if not scene.sends_all:
        note += f"; {len(scene.sent):,} of {scene.length:,} are shown"
    figure = figures.loss_curve(
        scene.run.settings.epochs if scene.run.outcome == "running" or view.waits else scene.last_epoch,
        np.concatenate([losses, held_out, _ahead(scene)]),
        (scene.run.optimum.loss, "least squares" if scene.lowest_point == "least squares" else "lowest point"),
        f"loss ({objective.title})",
        logarithmic=view.loss_axis == "log",
        least_held_out=least_held_out,
        branches=scene.branches,
    )
    alt = "Loss at every epoch so far." + (" A second line is the loss on the held-out rows." if least_held_out else "")
    return Chart("loss", "Loss", note, alt, figure, marks, sketch=_sketch(scene))


def _ahead(scene: Scene) -> Array:
    """Losses for which the axis has room besides those shown."""
    if scene.view.sketch:
        return np.array(scene.view.sketch.bounds)
    first = float(scene.losses[0])
    return np.array([max(scene.run.optimum.loss, LEAST_AHEAD * first)] if scene.view.waits else [])


def _sketch(scene: Scene) -> Sketch | None:
    drawn = scene.view.sketch
    if not drawn:
        return None
    labels = [f"Loss at epoch {epoch:,.6g}" for epoch in drawn.epochs]
    return Sketch((0.0, float(scene.losses[0])), drawn.epochs, drawn.losses, labels, GUESS, drawn.is_open)

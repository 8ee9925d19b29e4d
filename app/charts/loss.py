"""The loss by epoch."""

import numpy as np

from app import figures
from app.charts.scene import Scene
from app.figures import HELD_OUT, MODEL
from components.player import Chart, Trail


def loss_chart(scene: Scene) -> Chart:
    """The loss at every epoch trained so far, and that of the held-out rows behind it.

    The axes leave room for all epochs of the settings while the run is being trained.
    """
    losses, held_out = scene.losses[: scene.length], scene.held_out_losses[: scene.length]
    objective = scene.run.objective
    says = "epoch %{x:,.6~g}<br>"
    marks = [Trail("loss", MODEL, "epoch", scene.loss_row, f"{says}loss %{{y}}")]
    note, least_held_out = f"{objective.title} by epoch", None
    if scene.holds_out:
        marks.insert(0, Trail("held-out loss", HELD_OUT, "epoch", scene.held_out_row, f"{says}held-out loss %{{y}}"))
        k = int(held_out.argmin())
        least_held_out = (float(scene.epochs[k]), float(held_out[k]))
        note = f"{objective.title}; held-out rows least at epoch {least_held_out[0]:,.6g}"
    if not scene.sends_all:
        note += f"; {len(scene.sent):,} of {scene.length:,} are shown"
    figure = figures.loss_curve(
        scene.run.settings.epochs if scene.run.outcome == "running" else scene.last_epoch,
        np.concatenate([losses, held_out]),
        (scene.run.optimum.loss, "least squares" if scene.lowest_point == "least squares" else "lowest point"),
        f"loss ({objective.title})",
        logarithmic=scene.view.loss_axis == "log",
        least_held_out=least_held_out,
        branches=scene.branches,
    )
    alt = "Loss at every epoch so far." + (" A second line is the loss on the held-out rows." if least_held_out else "")
    return Chart("loss", "Loss", note, alt, figure, marks)

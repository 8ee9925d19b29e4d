"""The loss by epoch."""

import numpy as np

from app import figures
from app.charts.scene import Scene
from app.figures import HELD_OUT, MODEL
from components.player import Chart, Trail


def loss_chart(scene: Scene) -> Chart:
    losses, held_out = scene.losses[: scene.length], scene.held_out_losses[: scene.length]
    epochs = scene.run.settings.epochs if scene.run.outcome == "running" else scene.last_epoch
    objective = scene.run.objective
    marks = [Trail("loss", MODEL, "epoch", scene.loss_row)]
    note, best = f"{objective.title} by epoch", None
    if scene.holds_out:
        marks.insert(0, Trail("held-out loss", HELD_OUT, "epoch", scene.held_out_row))
        k = int(held_out.argmin())
        best = (float(scene.epochs[k]), float(held_out[k]))
        note = f"{objective.title}; held-out rows least at epoch {best[0]:,.6g}"
    lowest = (scene.run.optimum.loss, "least squares" if scene.lowest_point == "least squares" else "lowest point")
    if not scene.sends_all:
        note += f"; {len(scene.sent):,} of {scene.length:,} are shown"
    every = np.concatenate([losses, held_out])
    logarithmic = scene.view.loss_axis == "log"
    figure = figures.loss_curve(epochs, every, lowest, logarithmic, f" ({objective.title})", best, scene.branches)
    alt = "Loss at every epoch so far." + (" A second line is the loss on the held-out rows." if best else "")
    return Chart("loss", "Loss", note, alt, figure, marks)

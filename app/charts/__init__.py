"""A run becomes a scene, and a scene the charts of the player."""

from app import figures
from app.charts.cross_section import cross_section_chart
from app.charts.fit import fit_chart
from app.charts.loss import loss_chart
from app.charts.scene import ONE_WEIGHT, Scene
from app.charts.surface import surface_chart
from components.player import Chart

__all__ = ["charts"]


def charts(scene: Scene) -> list[Chart]:
    """The player's three charts: the fit, the loss by epoch, and the loss over two parameters or along one line.

    One of them also shows the view's guess.
    """
    third = cross_section_chart if scene.view.surface == ONE_WEIGHT else surface_chart
    made = [fit_chart(scene), loss_chart(scene), third(scene)]
    on, x, y = scene.view.guess or ("", 0.0, 0.0)
    for chart in made:
        if chart.name == on:
            figures.add_guess(chart.figure, x, y)
    return made

"""What a step or a word of it can light up on the page: names, and CSS selectors of what they stand for."""

import re

CHARTS = ("fit", "loss", "surface")
BUTTONS = ("play", "forward", "back", "restart")
PARTS = {
    "equation": ".player-equation",
    "numbers": ".player-table",
    "epoch": ".player-scrub",
    "verdict": ".st-key-verdict",
    "tab": ".st-key-tab [role=tablist]",
}
WIDGETS = (
    "learning_rate", "epochs", "dataset", "target", "features", "scaling", "degrees", "optimizer", "momentum",
    "schedule", "batch_size", "loss_function", "l2", "l1", "held_out", "gradient", "zero_grad", "precision", "seed",
    "start", "loss_axis", "changes", "surface_view", "along", "arrows",
)  # fmt: skip
MARKS = {
    "points": "[data-chart=fit] .scatterlayer .trace:first-child .point",
    "held-out": "[data-chart=fit] .scatterlayer .trace:nth-child(2) .point",
    "line": "[data-mark='fit line']",
    "errors": "[data-mark=residuals]",
    "squares": "[data-mark='squared errors']",
    "curve": "[data-mark=loss]",
    "valley": "[data-mark='loss along it']",
    "tangent": "[data-mark=tangent]",
    "step": "[data-mark=step]",
    "path": "[data-mark=path]",
    "now": "circle[data-mark=path]",
    "begin": "[data-testid=player] .player-start",
    "lowest": "[data-chart=surface] .scatterlayer .point",
    "eigenvectors": "[data-chart=surface] .scatterlayer .js-line",
    "lowest-loss": "[data-chart=loss] .scatterlayer .trace:first-child .js-line",
}
"""What a chart consists of: the player's marks (chart.js), and what Plotly draws."""

RENAMED = {"loss_function": "loss", "surface_view": "surface"}
"""Widgets whose key is also a chart's name."""


ALL = (*CHARTS, *BUTTONS, *PARTS, *MARKS, "point-1", *WIDGETS)


def selector(name: str) -> str:
    """Raises ValueError for a name that there is not."""
    if name in CHARTS:
        return f"[data-chart={name}]"
    if name in BUTTONS:
        return f".player-controls [data-do={name}]"
    if name in PARTS or name in MARKS:
        return (PARTS | MARKS)[name]
    if row := re.fullmatch(r"point-(\d+)", name):
        return f"[data-chart=fit] .scatterlayer .trace:first-child .point:nth-child({row[1]})"
    if name not in WIDGETS:
        raise ValueError(f"nothing is called “{name}”; there are {', '.join(ALL)}")
    key = RENAMED.get(name, name)
    thumb = ", .st-key-thumb" if name == "learning_rate" else ""
    return f".st-key-{key}, .st-key-{key}_slider{thumb}, [data-testid=stExpander]:has(.st-key-{key})"

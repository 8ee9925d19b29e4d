"""What a step or a word of it can light up on the page: names, and CSS selectors of what they stand for."""

CHARTS = ("fit", "loss", "surface")
BUTTONS = ("play", "forward", "back", "restart")
PARTS = {
    "equation": ".player-equation",
    "numbers": ".player-table",
    "epoch": ".player-scrub",
    "verdict": ".st-key-verdict",
}
WIDGETS = (
    "learning_rate", "epochs", "dataset", "target", "features", "scaling", "degrees", "optimizer", "momentum",
    "schedule", "batch_size", "loss_function", "l2", "l1", "held_out", "gradient", "zero_grad", "precision", "seed",
    "start", "loss_axis", "changes", "surface_view", "along", "arrows", "tab",
)  # fmt: skip
RENAMED = {"loss_function": "loss", "surface_view": "surface"}
"""Widgets whose key is also a chart's name."""


def selector(name: str) -> str:
    """Raises ValueError for a name that there is not."""
    if name in CHARTS:
        return f"[data-chart={name}]"
    if name in BUTTONS:
        return f".player-controls [data-do={name}]"
    if name in PARTS:
        return PARTS[name]
    if name not in WIDGETS:
        raise ValueError(f"nothing is called “{name}”; there are {', '.join((*CHARTS, *BUTTONS, *PARTS, *WIDGETS))}")
    key = RENAMED.get(name, name)
    thumb = ", .st-key-thumb" if name == "learning_rate" else ""
    return f".st-key-{key}, .st-key-{key}_slider{thumb}, [data-testid=stExpander]:has(.st-key-{key})"

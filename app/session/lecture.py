"""The stops of a lecture, which keep settings of the page as a link writes them."""

from app.dataset import PRESETS, Dataset, load_sample
from app.dataset.presets import DEFAULTS
from app.dataset.terms import SUPERSCRIPTS
from app.lessons import Words, as_widgets, as_words, check
from app.lessons.opening import LISTS, SWITCHES
from app.session.descents import FROM_START
from app.session.lessons import leave_lesson, lesson, open_step
from app.session.link import place_named
from app.session.state import assign, state, value
from app.session.told import told

STOPS = "stops_of_lecture"
"""The key of the component that tells of stops."""

VIEW = {"surface": "contours", "loss_axis": "log", **dict.fromkeys(SWITCHES[:3], False)}
KEPT = DEFAULTS | VIEW | dict.fromkeys(("target", "features"))
"""By the widget's key what counts as its value while it is not drawn."""

NAMES = {preset.title: preset.key for preset in PRESETS if preset.key}


def page_now() -> Words:
    """What a stop keeps: the step of a lesson, or all settings and the view; the table only if it is a sample."""
    if here := lesson():
        return {"lesson": here.lesson.id, "step": str(here.step + 1)}
    found = {key: value(key, usual) for key, usual in KEPT.items()}
    name = NAMES.get(value("dataset"))
    return ({"dataset": name} if name else {}) | {key: _written(one) for key, one in found.items() if one is not None}


def _written(found: object) -> str | list[str]:
    if isinstance(found, list | tuple):
        return [str(one) for one in found]
    return str(found).lower() if isinstance(found, bool) else str(found)


def go() -> None:
    """Open the page that the lecture goes to, unless there is no such page; only in a callback."""
    query = told(STOPS, "went", str)
    if query is None:
        return
    words = {key: [one for one in text if one] if key in LISTS else text for key, text in as_words(query).items()}
    place = place_named(str(words.get("lesson", "")), str(words.get("step", "")))
    if place:
        state().went = query
        open_step(place)
        return
    try:
        for key, text in words.items():
            check(key, text)
        values = as_widgets(words)
        _check_columns(words)
    except ValueError:
        return  # somebody has written it by hand
    if lesson():
        leave_lesson()
    state().went, state().rest, state().dragged, state().branch = query, ("", 0.0), (), None
    assign({**values, "changes": FROM_START})


def _check_columns(words: Words) -> None:
    """Raise ValueError for columns that the table to be shown does not have, or not for this."""
    name, now = words.get("dataset"), state().selection
    dataset: Dataset | None = load_sample(str(name)) if name else now.dataset if now else None
    if dataset is None:
        return
    target, numeric = words.get("target", value("target")), dataset.numeric_columns
    features = words.get("features", value("features"))
    possible = {*numeric, *dataset.date_columns, *dataset.category_columns} - {target}
    curved = {power[:-1] if power[-1] in SUPERSCRIPTS.values() else "" for power in words.get("degrees", ())}
    if target not in numeric or not {*features} <= possible or not curved <= {*features} - {*dataset.category_columns}:
        raise ValueError("no such columns")


def went() -> str:
    """The query of the page that the lecture last went to."""
    return state().went

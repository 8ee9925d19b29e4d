"""The stops of a lecture, which keep settings of the page as a link writes them."""

from app.dataset import PRESETS
from app.dataset.presets import DEFAULTS
from app.lessons import Words, as_widgets, as_words, check
from app.lessons.opening import LISTS, OF_THE_VIEW
from app.session.descents import FROM_START
from app.session.lessons import leave_lesson, lesson, open_step
from app.session.link import place_named
from app.session.state import assign, state, value
from app.session.told import told

STOPS = "stops_of_lecture"
"""The key of the component that tells of stops."""

KEPT = DEFAULTS | {key: None for key in ("target", "features", *OF_THE_VIEW) if key not in ("tab", "changes")}
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
    """Open the page that the lecture goes to; only in a callback."""
    query = told(STOPS, "went", str)
    words = {key: [one for one in text if one] if key in LISTS else text for key, text in as_words(query or "").items()}
    place = place_named(str(words.get("lesson", "")), str(words.get("step", "")))
    try:
        if place is None:
            for key, text in words.items():
                check(key, text)
    except ValueError:
        return  # a link that somebody has written by hand
    if query is None:
        return
    state().went = query
    if place:
        open_step(place)
        return
    if lesson():
        leave_lesson()
    state().rest, state().dragged, state().branch = ("", 0.0), (), None
    assign({**as_widgets(words), "changes": FROM_START})


def went() -> str:
    """The query of the page that the lecture last went to."""
    return state().went

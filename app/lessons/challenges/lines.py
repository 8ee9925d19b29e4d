"""Challenges about the line itself: which row pulls it, how a step moves it, and whether it can be beaten."""

import math

import numpy as np

from app.dataset import Selection
from app.figures import Array
from app.lessons.challenges.data import OPTIONS, Data, MisfitError, conditions, to_digits
from app.lessons.conditions import Condition, Quantity
from app.lessons.step import Question, Step
from app.wording import Markdown, exact, readable

MAX_ROWS_COMPARED = 500
"""Each row is left out once."""

HARDER = 3.05
"""So many times as hard as the others does a row pull that is asked for."""

BY_HAND = 1.05
"""So many times the lowest loss are near it, for a hand on the line."""


def pull(title: Markdown, data: Data) -> Step:
    selection = data.selection
    n = len(selection.target)
    if not 5 <= n <= MAX_ROWS_COMPARED:
        raise MisfitError(f"This is asked of tables with 5 to {MAX_ROWS_COMPARED} rows.")
    pulls, errors, levers = _pulls(selection)
    if not np.isfinite(pulls).all():
        raise MisfitError("One row alone decides a weight here. Without it there would be no one line.")
    first = int(pulls.argmax())
    if pulls[first] <= 1e-6 * selection.target.std():
        raise MisfitError("Every point lies on the line, so none pulls it away from the others.")
    tempting = [int(np.abs(errors).argmax()), int(levers.argmax()), *map(int, np.argsort(-pulls, kind="stable"))]
    others = [*dict.fromkeys(i for i in tempting if HARDER * pulls[i] <= pulls[first])][: OPTIONS - 1]
    if len(others) < OPTIONS - 1:
        raise MisfitError("Several rows pull about as hard here, so there is no one answer.")
    rows = sorted([first, *others])
    text = Markdown(
        "This is the best line. Leave one row out, and it moves. A row pulls harder, the farther it is from the others "
        "in its features, and the farther from the line.\n\nWhich of these four moves it most? Look for them in the "
        "[chart](#fit)."
    )
    why = Markdown("Without it, predictions change by {} on average; without any of the others by at most {}.")
    changes = readable(float(pulls[first]), 3), readable(float(pulls[others].max()), 3)
    return Step(
        title,
        text=text,
        preset={**data.opening(data.settings["learning_rate"], 1, start=data.descent.optimum), "residuals": "true"},
        light=("fit",),
        question=Question(
            Markdown("The row that pulls hardest is"),
            why.format(*changes),
            tuple((_named(selection, i), _pulls_hardest(i, rows)) for i in rows),
        ),
        scored=True,
    )


def one_step(title: Markdown, data: Data) -> Step:
    mean = float(data.selection.target.mean())
    if abs(mean) <= 1e-9 * float(np.abs(data.selection.target).max()):
        raise MisfitError("The target's mean is zero, so the first step leaves the bias where it is.")
    rate, bias = 0.1, to_digits(mean / 2, 1)
    slope = 2 * (bias - mean)
    new = bias - rate * slope
    asks_slope = bool(data.number // 144 % 2)
    size = 10.0 ** math.ceil(math.log10(abs(mean)) + 1)
    text = Markdown(
        "The weights are 0, so every prediction is the bias. It is {}. One step with a rate of {} takes it to {}.\n\n"
        "What was the slope of the loss for the bias? Within 1 % the challenge is passed."
        if asks_slope
        else "The weights are 0, so every prediction is the bias. It is {}, and the slope of the loss for it is {}. "
        "The rate is {}.\n\nWhat is the bias after one step? Within 1 % the challenge is passed."
    )
    given = (bias, rate, new) if asks_slope else (bias, slope, rate)
    why = Markdown("The new bias is the old one minus rate × slope: {} − {} × ({}) = {}.")
    return Step(
        title,
        text=text.format(*(readable(number, 6) for number in given)),
        preset=data.opening(rate, 1, scaling="none", start=[0.0] * len(data.selection.terms) + [bias]),
        light=("equation",),
        question=Question(
            Markdown("What was its slope?" if asks_slope else "What is the new bias?"),
            why.format(*(readable(number, 6) for number in (bias, rate, slope, new))),
            number=Quantity("slope of bias at 0" if asks_slope else "bias at 1"),
            bounds=(-size, size),
        ),
        scored=True,
    )


def least_squares(title: Markdown, data: Data) -> Step:
    selection, descent = data.selection, data.descent
    if len(selection.features) > 1 or len(selection.terms) > 1 or selection.features[0].levels:
        raise MisfitError("This is played with a hand on the line. Choose one feature of numbers, without powers.")
    if descent.lowest <= 1e-9 * descent.first:
        raise MisfitError("All points lie on one line: its loss is zero, and there is nothing to beat.")
    if descent.first <= 1.5 * descent.lowest:
        raise MisfitError("Here a line of zeros is almost as good as the best one. Choose other columns.")
    lowest = readable(descent.lowest)
    text = Markdown(
        "Least squares has a line with a loss of {}. Can you beat it by hand?\n\nGuess. Then drag the rings at the "
        "ends of the [line](#fit) until the loss is within {:.0f} % of that. There is nothing to play."
    )
    ways = {
        Markdown("below {}").format(lowest): {"loss at 0": "below 0.999999 × lowest loss"},
        Markdown("as near to {} as I like, but not below").format(lowest): {
            "loss at 0": "0.999999 × lowest loss to 1.2 × lowest loss"
        },
        Markdown("never within 20 % of {}").format(lowest): {"loss at 0": "above 1.2 × lowest loss"},
    }
    return Step(
        title,
        text=text.format(lowest, 100 * (BY_HAND - 1)),
        preset={**data.opening(data.settings["learning_rate"], data.settings["epochs"]), "residuals": "true"},
        light=("fit",),
        question=Question(
            Markdown("By hand the loss comes"),
            "No line has smaller squared errors. Choose “Mean absolute” as the loss, and another line wins.",
            tuple((said, conditions(held)) for said, held in ways.items()),
        ),
        check=conditions(
            {"loss at 0": f"at most {BY_HAND} × lowest loss", "loss": "mse", "held_out": "at most 0", "l1": "at most 0"}
            | {"l2": "at most 0"}
        ),
        scored=True,
    )


def _pulls(selection: Selection) -> tuple[Array, Array, Array]:
    """Of each row [n]: the mean change of all predictions without it, its error, and its leverage."""
    centred = selection.design - selection.means
    spread = np.abs(centred).max(axis=0)
    spread[spread <= 1e-12 * np.abs(selection.design).max(axis=0)] = np.inf  # a constant column becomes zeros
    rows = np.column_stack([centred / spread, np.ones(len(centred))])
    basis, singular, _ = np.linalg.svd(rows, full_matrices=False)
    basis = basis[:, singular > singular[0] * len(rows) * np.finfo(float).eps]
    shares = basis @ basis.T
    errors, left = selection.target - shares @ selection.target, 1 - np.diag(shares)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.abs(shares).mean(axis=0) * np.abs(errors / np.where(left > 1e-9, left, 0)), errors, 1 - left


def _pulls_hardest(i: int, rows: list[int]) -> tuple[Condition, ...]:
    return tuple(Condition(f"pull of row {i + 1}", f"above 3 × pull of row {j + 1}") for j in rows if j != i)


def _named(selection: Selection, i: int) -> Markdown:
    """A row by its line, and by its point if it has one in the fit chart."""
    line = int(selection.dataset.lines[selection.rows[i]])
    target = exact(float(selection.target[i]))
    if len(selection.features) > 1:
        return Markdown("line {:d} of the file, {}").format(line, target)
    at = selection.features[0].written(float(selection.feature_values[i, 0]))
    return Markdown("line {:d}: {} at {}").format(line, target, at)

"""Challenges about a descent: its rate, its epochs, its scaling."""

import math
from decimal import ROUND_CEILING, Decimal

from app.lessons.challenges.data import Data, MisfitError, about, conditions, decimal, options, plain, played, to_digits
from app.lessons.challenges.from_zero import FromZero
from app.lessons.conditions import Quantity
from app.lessons.step import Question, Step
from app.wording import Markdown, epochs, readable

MAX_EPOCHS = 5_000
"""That are to be played."""

RATE_SHARES = (0.3, 0.8, 1.2)
"""Of the limit: comes down, swings, diverges. To two digits they stay 5 % from the limit and from its half."""

SMALL_SHARES = (0.02, 0.008, 0.004)
"""Of the limit: in 100 epochs most of the loss is gone, or much of it is left."""

USUAL_SHARE = 0.05
"""Of the limit: a rate that comes down calmly."""

NEAR_LOWEST = 1.004
"""So many times the lowest loss, rounded up to three digits, is to be reached: 2.25 by the notebook's students."""

LEAST_SHARE = 1e-3
"""Of the loss at the start must lie in the steepest direction, or nobody sees it swing."""

LEAST_WIDTH = 0.002
"""Of a range of rates, as a share: three digits hit it."""


def outcome(title: Markdown, data: Data) -> Step:
    descent = _steep(data)
    which = data.number % len(RATE_SHARES)
    rate = to_digits(RATE_SHARES[which] * descent.limit, 2)
    factor = 1 - rate * float(descent.curvatures[0])
    text = Markdown(
        "The steepest curvature of this loss is λ = {}. The rate is {}. In that direction each step multiplies the "
        "error by 1 − rate × λ.\n\nWork it out, or guess. Then press **Play**."
    )
    why = (
        "1 − rate × λ is {}. That is between 0 and 1: the error shrinks, and stays on its side.",
        "1 − rate × λ is {}. The minus sign is the swing, and it shrinks because the number is within 1 of zero.",
        "1 − rate × λ is {}. Each step lands on the other side, farther away than before.",
    )[which]
    ways = {
        Markdown("comes down on one side"): {"learning_rate": "below 0.5 × limit", "loss at 20": "below loss at 0"},
        Markdown("swings, less and less"): {"learning_rate": "0.5 × limit to limit", "loss at 20": "below loss at 0"},
        Markdown("swings, ever farther"): {"learning_rate": "above limit", "loss at 20": "above loss at 0"},
    }
    return Step(
        title,
        text=text.format(readable(float(descent.curvatures[0])), readable(rate)),
        preset=data.opening(rate, 40),
        light=("surface",),
        question=Question(
            Markdown("In its steepest direction the descent"),
            why.format(readable(factor, 2)),
            tuple((said, conditions(held)) for said, held in ways.items()),
        ),
        check=(*played(rate, 20), *plain(data.scaling)),
        scored=True,
    )


def largest_rate(title: Markdown, data: Data) -> Step:
    descent = _steep(data)
    text = Markdown(
        "At a rate of {} the loss comes down. At larger ones it comes down faster, until suddenly it flies away.\n\n"
        "Guess. Then find the largest [rate](#learning_rate) that still comes down, to within 1 %, and play it to the "
        "end."
    )
    scale = 10.0 ** math.floor(math.log10(descent.limit))
    return Step(
        title,
        text=text.format(readable(data.settings["learning_rate"])),
        preset=data.opening(data.settings["learning_rate"], 500),
        light=("learning_rate",),
        question=Question(
            Markdown("What is the largest rate that converges?"),
            f"The limit is 2 ÷ λ, and the steepest curvature of this loss is λ = {readable(2 / descent.limit)}.",
            number=Quantity("limit"),
            bounds=(scale / 1e4, scale * 1e4),
            gap="factor",
        ),
        check=(*conditions({"learning_rate": "0.99 × limit to limit", "epoch": "at least 500"}), *plain(data.scaling)),
    )


def loss_at_100(title: Markdown, data: Data) -> Step:
    descent = data.descent
    share = SMALL_SHARES[data.number // 3 % len(SMALL_SHARES)]
    rate = to_digits(share * descent.limit, 2)
    left = 100 * (1 - rate * float(descent.curvatures[0]))
    text = Markdown(
        "The rate is {}, about {:g} % of the largest that converges. The loss begins at {}, and the lowest there is, "
        "is {}.\n\nHow far does it come in 100 epochs? Guess, then press **Play**."
    )
    why = Markdown(
        "In the steepest direction each step leaves {} % of the error, in flatter ones more. After 100 steps the loss "
        "is {{=loss at 100}}."
    )
    losses = options(descent.loss(rate, 100), descent.lowest, descent.first, data.number // 9)
    return Step(
        title,
        text=text.format(readable(rate), 100 * share, readable(descent.first), readable(descent.lowest)),
        preset=data.opening(rate, 100),
        light=("loss",),
        question=Question(
            Markdown("At epoch 100 the loss is about"),
            why.format(readable(left, 3)),
            tuple((Markdown("{}").format(readable(to_digits(one, 2))), about("loss at 100", one)) for one in losses),
        ),
        check=(*played(rate, 100), *plain(data.scaling)),
        scored=True,
    )


def fewest_epochs(title: Markdown, data: Data) -> Step:
    descent = data.descent
    goal = _goal(descent)
    fewest = descent.fewest_epochs_to(goal)
    if fewest > MAX_EPOCHS / 2:
        raise MisfitError(f"Even at the best rate the loss needs {epochs(fewest)} to come near the lowest.")
    enough = math.floor(1.01 * fewest)
    while _width(descent.rates_to(goal, enough)) < LEAST_WIDTH:
        enough += 1
    asked, first = decimal(goal), (decimal(share * descent.first, 6) for share in (0.999, 1.001))
    text = Markdown(
        "The loss begins at {}, and the lowest there is, is {}. Bring it to **{}** in as few epochs as you can, by the "
        "[learning rate](#learning_rate) alone.\n\nGuess how few that are. Then look for that rate, and play it."
    )
    held = {
        f"epochs to {asked}": f"at most {enough}",
        "loss at 0": " to ".join(first),
    }
    return Step(
        title,
        text=text.format(*map(readable, (descent.first, descent.lowest, goal))),
        preset=data.opening(data.settings["learning_rate"], max(20, 2 * to_digits(fewest, 1))),
        light=("learning_rate",),
        question=Question(
            Markdown("How few epochs can it be?"),
            "A smaller rate creeps along the valley, a larger one swings across it.",
            number=Quantity(f"epochs to {asked}"),
            bounds=(1.0, 100_000.0),
            gap="factor",
        ),
        tells=f"This run comes to {readable(goal)} at epoch {{=epochs to {asked}:.0f}}.",
        check=(*conditions({**held, "epoch": f"at least {fewest}"}), *plain(data.scaling)),
    )


def scaling(title: Markdown, data: Data) -> Step:
    before, after = data.scaled("none"), data.scaled("standardize")
    goal, rate = _goal(after), to_digits(USUAL_SHARE * after.limit, 2)
    needed = after.epochs_to(goal, rate)
    if needed > MAX_EPOCHS / 2:
        raise MisfitError("Standardizing is not enough: these columns say nearly the same. Choose fewer features.")
    asked = decimal(goal)
    text = Markdown(
        "Without scaling, and at a twentieth of the largest rate that converges, the loss needs {} to come to {}.\n\n"
        "Here the features are **standardized**: each has mean 0 and spread 1. The rate is again a twentieth of the "
        "largest. Guess, then press **Play**."
    )
    why = Markdown("Steepest curvature ÷ flattest: it was {}, and is {} now. In a round bowl it is 1.")
    return Step(
        title,
        text=text.format(epochs(before.epochs_to(goal, USUAL_SHARE * before.limit)), readable(goal)),
        preset=data.opening(rate, max(20, 2 * to_digits(needed, 1)), scaling="standardize"),
        light=("surface",),
        question=Question(
            Markdown("How many epochs does it need now?"),
            why.format(readable(before.roundness, 3), readable(after.roundness, 3)),
            tuple(
                (Markdown("about {:,.0f}").format(one), about(f"epochs to {asked}", one))
                for one in options(needed, 1, math.inf, data.number // 36)
            ),
        ),
        check=(*played(rate, needed), *plain("standardize")),
        scored=True,
    )


def _steep(data: Data) -> FromZero:
    if data.descent.steepest_share < LEAST_SHARE:
        raise MisfitError("Here the descent begins where the loss is steepest in no direction. Choose other columns.")
    return data.descent


def _goal(descent: FromZero) -> float:
    """A loss to reach, near the lowest, of three digits."""
    exact = Decimal(max(NEAR_LOWEST * descent.lowest, 1e-6 * descent.first))
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - 2), ROUND_CEILING))


def _width(ends: tuple[float, float]) -> float:
    return (ends[1] - ends[0]) / ends[1]

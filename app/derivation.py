"""One step as a mathematician writes it: LaTeX, in the notebook's words, with the numbers of the step put in."""

from collections.abc import Sequence

from app.engine.one_step import OneStep

TERMS, ROWS = 3, 3
"""Features and rows that a formula spells out before it says "and so on"."""


def legend(names: Sequence[str], target: str) -> str:
    """Which letter is what."""
    letters = [f"x_{{{j}}} = \\text{{{_text(name)}}}" for j, name in enumerate(names[:TERMS], 1)]
    return r",\quad ".join([*letters, f"y = \\text{{{_text(target)}}}"])


def derivation(names: Sequence[str], parameter: int, *, squared: bool, penalized: bool) -> list[str]:
    """From the loss to its derivative by one parameter, the bias being the last: a formula a line."""
    model, letter, factor = _model(len(names)), _letter(parameter, len(names)), _factor(parameter, len(names))
    penalty = r" + \lambda_2 \sum_j w_j^2 + \lambda_1 \sum_j |w_j|" if penalized else ""
    slope = rf" + 2 \lambda_2 {letter} + \lambda_1 \,\mathrm{{sign}}\,{letter}" if penalized and factor else ""
    loss = rf"\hat{{y}}_i = {model}, \qquad \text{{Loss}} = \frac{{1}}{{n}} \sum_{{i=1}}^{{n}} %s{penalty}"
    if not squared:
        inner = r"\frac{1}{n} \sum_{i=1}^{n} \ell'(\hat{y}_i - y_i)"
        return [loss % r"\ell(\hat{y}_i - y_i)", rf"{_partial(letter)} = {inner}{times(factor)}{slope}"]
    error, by = rf"({model} - y_i)", rf"\frac{{\partial}}{{\partial {letter}}}"
    return [
        loss % r"(\hat{y}_i - y_i)^2",
        rf"{_partial(letter)} = \frac{{1}}{{n}} \sum_{{i=1}}^{{n}} {by} {error}^2{slope}",
        rf"{by} {error}^2 = 2 {error} \cdot {by} {error} = 2 {error}{times(factor or '1')}",
        rf"\boxed{{{_partial(letter)} = \frac{{2}}{{n}} \sum_{{i=1}}^{{n}} (\hat{{y}}_i - y_i){times(factor)}{slope}}}",
    ]


def with_numbers(step: OneStep, parameter: int) -> list[str]:
    """The derivative by one parameter and the step along it, with the numbers of this step."""
    d = len(step.sums) - 1
    letter, pulls = _letter(parameter, d), step.pulls.tolist()[:ROWS]
    features = step.features[:ROWS, parameter].tolist() if parameter < d else [None] * len(pulls)
    products = [
        rf"({_number(pull)})" + (rf" \cdot {_bracketed(x)}" if x is not None else "")
        for pull, x in zip(pulls, features, strict=True)
    ]
    dots = [r"\cdots"] if step.n_rows > len(products) else []
    factor, rest = f"{{{step.factor:g}}}", step.penalty[parameter].item()
    penalty = f" + {_bracketed(rest)}" if step.penalty.any() else ""
    gradient, rate = step.gradient[parameter].item(), step.rate[parameter].item()
    before, after = step.before[parameter].item(), step.after[parameter].item()
    lines = [
        rf"{_partial(letter)} = \frac{factor}{{{step.n_rows}}} \left( {' + '.join([*products, *dots])} \right){penalty}"
        rf" = {_number(step.by_hand[parameter].item())}"
    ]
    new = rf"{letter}^{{\text{{new}}}}"
    if step.memory:
        return [*lines, rf"{new} = {_number(after)} \quad\text{{by the optimizer's rule}}"]
    update = rf"{new} = {letter} - \alpha \, {_partial(letter)}"
    return [*lines, rf"{update} = {_number(before)} - {_number(rate)} \cdot {_bracketed(gradient)} = {_number(after)}"]


def times(factor: str) -> str:
    return rf" \, {factor}" if factor else ""


def _model(d: int) -> str:
    terms = [f"w_{{{j}}} x_{{{j}i}}" if d > 1 else "w x_i" for j in range(1, min(d, TERMS) + 1)]
    return " + ".join([*terms, *([r"\cdots"] if d > TERMS else []), "b"])


def _letter(parameter: int, d: int) -> str:
    return "b" if parameter == d else f"w_{{{parameter + 1}}}" if d > 1 else "w"


def _factor(parameter: int, d: int) -> str:
    """What multiplies the error: the feature of this weight, nothing for the bias."""
    return "" if parameter == d else f"x_{{{parameter + 1}i}}" if d > 1 else "x_i"


def _partial(letter: str) -> str:
    return rf"\frac{{\partial \text{{Loss}}}}{{\partial {letter}}}"


def _number(value: float) -> str:
    text = f"{value:.6g}"
    if "e" not in text:
        return text
    digits, power = text.split("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}"


def _bracketed(value: float) -> str:
    return f"({_number(value)})" if value < 0 else _number(value)


def _text(name: str) -> str:
    r"""A name from a file inside \text{}, whatever it holds."""
    known = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
    return "".join(known.get(letter, f"\\{letter}" if letter in "{}$%#_&" else letter) for letter in name)

"""One step as a mathematician writes it: LaTeX, in the notebook's words, with the step's numbers."""

from collections.abc import Sequence

from app.engine.one_step import OneStep

TERMS_WRITTEN, ROWS_WRITTEN = 3, 3
"""Features and rows that a formula spells out before its dots."""


def legend(names: Sequence[str], target: str) -> str:
    """What the letters stand for."""
    letters = [f"x_{{{j}}} = \\text{{{_text(name)}}}" for j, name in enumerate(names[:TERMS_WRITTEN], 1)]
    return r",\quad ".join([*letters, f"y = \\text{{{_text(target)}}}"])


def derivation(names: Sequence[str], parameter: int, *, squared: bool, penalized: bool) -> list[str]:
    """From the loss to its derivative with respect to one parameter, the last being the bias: a formula a line."""
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
    """The derivative with respect to one parameter and the step along it, with the numbers of this step."""
    d = len(step.sums) - 1
    letter, slopes = _letter(parameter, d), step.slopes.tolist()[:ROWS_WRITTEN]
    features = step.features[:ROWS_WRITTEN, parameter].tolist() if parameter < d else [None] * len(slopes)
    products = [
        rf"({_number(slope)})" + (rf" \cdot {_bracketed(x)}" if x is not None else "")
        for slope, x in zip(slopes, features, strict=True)
    ]
    dots = [r"\cdots"] if step.n_rows > len(products) else []
    factor, rest = f"{{{step.factor:g}}}", step.penalty[parameter].item()
    penalty = f" + {_bracketed(rest)}" if step.penalty.any() else ""
    before, after = step.before[parameter].item(), step.after[parameter].item()
    lines = [
        rf"{_partial(letter)} = \frac{factor}{{{step.n_rows}}} \left( {' + '.join([*products, *dots])} \right){penalty}"
        rf" = {_number(step.by_hand[parameter].item())}"
    ]
    if step.updates:
        lines.append(_unbiased(step, parameter))
    slope = rf"\sum {_partial(letter)}" if step.settings.accumulates else _partial(letter)
    way, numbers = _way(step, parameter, slope)
    if step.settings.optimizer == "adamw" and step.settings.weight_decay:
        way = rf"\alpha \lambda {letter} - {way}"
        decay = step.rate[parameter].item() * step.settings.weight_decay
        numbers = rf"{_number(decay)} \cdot {_bracketed(before)} - {numbers}"
    new, worked = rf"{letter}^{{\text{{new}}}}", f"{_number(before)} - {numbers} = {_number(after)}"
    if step.memory:  # Longer than a line.
        return [*lines, f"{new} = {letter} - {way}", f"{new} = {worked}"]
    return [*lines, f"{new} = {letter} - {way} = {worked}"]


def _way(step: OneStep, parameter: int, slope: str) -> tuple[str, str]:
    """How far the optimizer's rule goes against the gradient: in letters, and in numbers."""
    settings, memory = step.settings, {name: values[parameter].item() for name, values in step.memory.items()}
    gradient, rate = step.gradient[parameter].item(), _number(step.rate[parameter].item())
    if "velocity" in memory:
        velocity = _bracketed(memory["velocity"])
        if settings.optimizer == "momentum":
            return r"\alpha \, v", rf"{rate} \cdot {velocity}"
        numbers = rf"{rate} \cdot ({_number(gradient)} + {settings.momentum:g} \cdot {velocity})"
        return rf"\alpha \left( {slope} + \mu v \right)", numbers
    if "squares" not in memory:
        return rf"\alpha \, {slope}", rf"{rate} \cdot {_bracketed(gradient)}"
    usual = 1e-10 if settings.optimizer == "adagrad" else 1e-8
    top, squares = (slope, gradient), ("s", memory["squares"])
    if step.updates:
        mean, square = _means(step, parameter)
        top, squares = (r"\hat{m}", mean), (r"\hat{s}", square)
    letters = _over_a_root(top[0], squares[0], r"\varepsilon")
    numbers = _over_a_root(_number(top[1]), _number(squares[1]), _number(settings.epsilon or usual))
    return rf"\alpha \, {letters}", rf"{rate} \cdot {numbers}"


def _over_a_root(above: str, below: str, more: str) -> str:
    return rf"\frac{{{above}}}{{\sqrt{{{below}}} + {more}}}"


def _means(step: OneStep, parameter: int) -> tuple[float, float]:
    """Adam's m̂ and ŝ."""
    mean, square = step.memory["mean"][parameter].item(), step.memory["squares"][parameter].item()
    settings, t = step.settings, step.updates
    return mean / (1 - settings.beta1**t), square / (1 - settings.beta2**t)


def _unbiased(step: OneStep, parameter: int) -> str:
    """How m̂ and ŝ follow from m and s at the t-th update."""
    parts: list[str] = []
    betas, values = (step.settings.beta1, step.settings.beta2), _means(step, parameter)
    for letter, name, beta, value in zip("ms", ("mean", "squares"), betas, values, strict=True):
        kept, index = _number(step.memory[name][parameter].item()), len(parts) + 1
        worked = rf"\frac{{{kept}}}{{1 - {beta:g}^{{{step.updates}}}}} = {_number(value)}"
        parts.append(rf"\hat{{{letter}}} = \frac{{{letter}}}{{1 - \beta_{index}^t}} = {worked}")
    return r", \qquad ".join(parts)


def times(factor: str) -> str:
    return rf" \, {factor}" if factor else ""


def _model(d: int) -> str:
    terms = [f"w_{{{j}}} x_{{{j}i}}" if d > 1 else "w x_i" for j in range(1, min(d, TERMS_WRITTEN) + 1)]
    return " + ".join([*terms, *([r"\cdots"] if d > TERMS_WRITTEN else []), "b"])


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
    return f"10^{{{int(power)}}}" if digits == "1" else rf"{digits} \cdot 10^{{{int(power)}}}"


def _bracketed(value: float) -> str:
    return f"({_number(value)})" if value < 0 else _number(value)


def _text(name: str) -> str:
    r"""A name from a file inside \text{}, whatever it holds; Streamlit would put an icon in place of ":material/…"."""
    known = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", ":": "{:}"}
    return "".join(known.get(letter, f"\\{letter}" if letter in "{}$%#_&" else letter) for letter in name)

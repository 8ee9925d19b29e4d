"""An epoch in plain PyTorch, as a student writes it: only the lines that some settings need, as text.

The names are the notebook's: x and y, w and b, y_pred, error, loss, dw and db.
"""

from dataclasses import dataclass, replace

from app.engine import HYPERPARAMETERS, Settings

LOSSES = {
    "mse": ("error ** 2", ""),
    "mae": ("torch.abs(error)", "torch.sign(error)"),
    "huber": (
        "torch.where(error.abs() <= delta, error ** 2 / 2, delta * (error.abs() - delta / 2))",
        "error.clamp(-delta, delta)",
    ),
    "log_cosh": ("error.abs() + torch.log1p(torch.exp(-2 * error.abs())) - math.log(2)", "torch.tanh(error)"),
    "quantile": (
        "torch.maximum(-quantile * error, (1 - quantile) * error)",
        "torch.sign(error) / 2 + (0.5 - quantile)",
    ),
}
"""Each loss of an error, and its slope; that of the squared error is in the notebook's own formula."""

RATES = {
    "constant": "",
    "step": "learning_rate * drop ** (epoch // period)",
    "exponential": "learning_rate * drop ** (epoch / period)",
    "cosine": "learning_rate * (1 + math.cos(math.pi * epoch / {epochs})) / 2",
    "inverse": "learning_rate / (1 + epoch / period)",
    "warm_up": "learning_rate * min(1, (epoch + 1) / period)",
}

ADAM = (
    "m_{p} = beta1 * m_{p} + (1 - beta1) * {g}",
    "s_{p} = beta2 * s_{p} + (1 - beta2) * {g} ** 2",
    "{p} -= {rate} * (m_{p} / (1 - beta1 ** t)) / (torch.sqrt(s_{p} / (1 - beta2 ** t)) + epsilon)",
)

RULES: dict[str, tuple[str, ...]] = {
    "gradient_descent": ("{p} -= {rate} * {g}",),
    "momentum": ("v_{p} = momentum * v_{p} + {g}", "{p} -= {rate} * v_{p}"),
    "nesterov": ("v_{p} = momentum * v_{p} + {g}", "{p} -= {rate} * ({g} + momentum * v_{p})"),
    "adagrad": ("s_{p} = s_{p} + {g} ** 2", "{p} -= {rate} * {g} / (torch.sqrt(s_{p}) + epsilon)"),
    "rmsprop": (
        "s_{p} = smoothing * s_{p} + (1 - smoothing) * {g} ** 2",
        "{p} -= {rate} * {g} / (torch.sqrt(s_{p}) + epsilon)",
    ),
    "adam": ADAM,
    "adamw": ("{p} -= {rate} * weight_decay * {p}", *ADAM),
}
"""What each optimizer does to a parameter p with the gradient g."""

MEMORY = {"momentum": "v", "nesterov": "v", "adagrad": "s", "rmsprop": "s", "adam": "ms", "adamw": "ms"}
"""The letters of what an optimizer remembers of each parameter."""

MEANING = {"v": "velocity", "m": "mean gradient", "s": "squared gradients"}


@dataclass(frozen=True)
class PlainStep:
    """The lines of one update."""

    predict: list[str]
    gradient: list[str]
    update: list[str]


def plain_step(settings: Settings, *, several: bool, batch: bool) -> PlainStep:
    """One update of these settings, on several features or on one, with a `batch` of the rows or with all."""
    by_hand = settings.gradient == "by_hand"
    x, y = ("x[rows]", "y[rows]") if batch else ("x", "y")
    predict = [f"y_pred = {prediction(x, several=several)}", f"error = y_pred - {y}"]
    if not batch or not by_hand:
        predict += [f"{'batch_loss' if batch else 'loss'} = {loss('error', settings)}"]
    rate = "rate" if RATES[settings.schedule] else "learning_rate"
    gradients = ("dw", "db") if by_hand else ("w.grad", "b.grad")
    update = ["t += 1"] if settings.optimizer.startswith("adam") else []
    for rule in RULES[settings.optimizer]:
        update += [rule.format(p=p, g=g, rate=rate) for p, g in zip("wb", gradients, strict=True)]
    if by_hand:
        return PlainStep(predict, _by_hand(settings, x, "len(rows)" if batch else "n", several), update)
    update += [] if settings.accumulates else ["w.grad.zero_()", "b.grad.zero_()"]
    backward = f"{'batch_loss' if batch else 'loss'}.backward()"
    return PlainStep(predict, [backward], ["with torch.no_grad():", *indented(update)])


def _by_hand(settings: Settings, x: str, n: str, several: bool) -> list[str]:
    slope = LOSSES[settings.loss][1]
    lines = [f"slope = {slope}"] if slope else []
    factor, name = (f"(1 / {n})", "slope") if slope else (f"(2 / {n})", "error")
    lines += [
        f"dw = {factor} * ({x}.T @ {name})" if several else f"dw = {factor} * torch.sum({x} * {name})",
        f"db = {factor} * torch.sum({name})",
    ]
    penalties = ["2 * l2 * w"] if settings.l2 else []
    penalties += ["l1 * torch.sign(w)"] if settings.l1 else []
    return [*lines, f"dw += {' + '.join(penalties)}"] if penalties else lines


def prediction(x: str, *, several: bool) -> str:
    return f"{x} @ w + b" if several else f"{x} * w + b"


def loss(error: str, settings: Settings, *, penalized: bool = True) -> str:
    """The loss of an error, in Python."""
    is_squared = settings.loss == "mse"
    of_errors = f"torch.mean({error if error.isidentifier() else f'({error})'} ** 2)"
    parts = [of_errors if is_squared else f"mean_loss({error})"]
    parts += ["l2 * torch.sum(w ** 2)"] if penalized and settings.l2 else []
    parts += ["l1 * torch.sum(torch.abs(w))"] if penalized and settings.l1 else []
    return " + ".join(parts)


def loss_function(settings: Settings) -> list[str]:
    """The definition that `loss` calls; none for squared errors, which are written out."""
    if settings.loss == "mse":
        return []
    return ["def mean_loss(error):", f"    return torch.mean({LOSSES[settings.loss][0]})"]


def plain_epoch(settings: Settings, *, several: bool, batches: bool, held_out: bool) -> list[str]:
    """The body of the loop over epochs."""
    step = plain_step(settings, several=several, batch=batches)
    everything = f"{prediction('x', several=several)} - y"
    lines = [f"loss = {loss(everything, settings)}  # of all rows"] if batches else [*step.predict]
    lines += ["losses.append(loss.item())"]
    if held_out:
        unseen = f"{prediction('x_held', several=several)} - y_held"
        lines += [f"held_out_loss = {loss(unseen, settings, penalized=False)}"]
    if rate := rate_line(settings):
        lines += ["", rate]
    if batches:
        lines += [
            f"torch.manual_seed(1_000_003 * {settings.seed} + epoch)  # another order in every epoch",
            "for rows in torch.randperm(n).split(batch_size):",
            *indented([*step.predict, *step.gradient, *step.update]),
        ]
    else:
        lines += ["", *step.gradient, "", *step.update]
    return lines


def rate_line(settings: Settings) -> str:
    """The line that sets this epoch's learning rate; none while it is constant."""
    rate = RATES[settings.schedule].format(epochs=settings.epochs)
    return rate and f"rate = {rate}"


def hyperparameters(settings: Settings, *, batches: bool) -> dict[str, float]:
    """The numbers that the lines name."""
    names = ["learning_rate", *(["batch_size"] if batches else [])]
    names += [name for name in ("l1", "l2") if getattr(settings, name)]
    names += [name for choice in (settings.optimizer, settings.schedule, settings.loss) for name in _read_by(choice)]
    epsilon = settings.epsilon or (1e-10 if settings.optimizer == "adagrad" else 1e-8)
    return {name: getattr(replace(settings, epsilon=epsilon), name) for name in names}


def _read_by(choice: str) -> tuple[str, ...]:
    return HYPERPARAMETERS.get(choice, ())


def memory(settings: Settings) -> list[str]:
    """The lines that set to zero what the optimizer remembers."""
    lines = [f"{letter}_w = {letter}_b = 0.0  # {MEANING[letter]}" for letter in MEMORY.get(settings.optimizer, "")]
    return [*lines, "t = 0  # updates"] if settings.optimizer.startswith("adam") else lines


def needs_math(settings: Settings) -> bool:
    return settings.loss == "log_cosh" or settings.schedule == "cosine"


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]

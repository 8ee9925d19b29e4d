"""The engine's speed as a ratio to other code, as absolute times say more about the machine.

The two that are compared alternate, so that other load on the machine slows both.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from app.engine import Problem, Settings, arithmetic, run
from app.engine.sweep import sweep
from tests.notebook import HOURS, SCORES, notebook_autograd, notebook_by_hand, notebook_many_features
from tests.problems import random_table


def interleaved(peer: Callable[[], object], ours: Callable[[], object], rounds: int) -> tuple[list[float], list[float]]:
    """Seconds [rounds] that each takes, alternating, after one round to warm up."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for function, record in zip((peer, ours), times, strict=True):
            began = time.perf_counter()
            function()
            record.append(time.perf_counter() - began)
    return times[0][1:], times[1][1:]


def line(name: str, measured: str, target: str, peer: str) -> None:
    print(f"{name:<47} {measured:<34} {target:<9} {peer}")


def ratio(peer: list[float], ours: list[float], scale: float = 1.0) -> str:
    median = scale * statistics.median(peer) / statistics.median(ours)
    return f"{median:.3g}x median, {scale * min(peer) / min(ours):.3g}x best of {len(ours)}"


def cost(peer: list[float], ours: list[float]) -> str:
    median = statistics.median(ours) / statistics.median(peer)
    return f"{median:.3g}x median, {min(ours) / min(peer):.3g}x best of {len(ours)}"


def worst_difference(noise: float, lowest: float) -> float:
    """Largest relative difference between losses on rows and on the Gram matrix, of those above `lowest` of the
    first."""
    worst, large = 0.0, arithmetic.SMALL_TABLE_VALUES
    try:
        for seed in range(40):
            problem = Problem(*random_table(10 + 5 * seed, 1 + seed % 6, seed, noise))
            settings = Settings(learning_rate=problem.best_learning_rate, epochs=500)
            arithmetic.SMALL_TABLE_VALUES = 10**12
            rows = run(problem, settings).losses
            arithmetic.SMALL_TABLE_VALUES = -1
            gram = run(problem, settings).losses
            shown = rows >= lowest * rows[0]
            worst = max(worst, ((rows - gram).abs() / rows)[shown].max().item())
    finally:
        arithmetic.SMALL_TABLE_VALUES = large
    return worst


def torch_loop(x: Tensor, y: Tensor, make: Callable[[list[Tensor]], Any], epochs: int, size: int = 0) -> None:
    """PyTorch's own loop with autograd, in shuffled batches of `size` rows if it is not 0."""
    w = torch.zeros(x.shape[1], dtype=x.dtype, requires_grad=True)
    b = torch.zeros(1, dtype=x.dtype, requires_grad=True)
    optimizer, losses = make([w, b]), []
    for _ in range(epochs):
        rows = torch.split(torch.randperm(len(y)), size) if size else [slice(None)]
        for some in rows:
            loss = torch.mean((x[some] @ w + b - y[some]) ** 2)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        losses.append(loss.item())


def optimizer(name: str, make: Callable[[list[Tensor]], Any], huge: Problem, thousand: Problem) -> None:
    chosen: Any = {"optimizer": name, "learning_rate": 1e-3}
    rows = random_table(1000, 5)
    times = interleaved(
        lambda: torch_loop(*rows, make, 300), lambda: run(Problem(*rows), Settings(epochs=300, **chosen)), 5
    )
    line(f"1,000 × 5, all rows, {name}", ratio(*times), "≥ 5x", "torch.optim with autograd")
    many, batches = random_table(10_000, 10), Settings(epochs=1, batch_size=32, **chosen)
    times = interleaved(lambda: torch_loop(*many, make, 1, 32), lambda: run(Problem(*many), batches), 5)
    line(f"10,000 × 10, batches of 32, {name}", ratio(*times), "≥ 3x", "torch.optim with autograd")
    whole = Settings(epochs=2000, **chosen)
    times = interleaved(lambda: run(thousand, whole), lambda: run(huge, whole), 3)
    slower = statistics.median(times[1]) / statistics.median(times[0])
    line(f"1,000,000 × 10, 2,000 epochs, {name}", f"{slower:.2f}x its time", "≤ 2x", "itself on 1,000 × 10")


OPTIMIZERS: dict[str, Callable[[list[Tensor]], Any]] = {
    "gradient_descent": lambda p: torch.optim.SGD(p, lr=1e-3),
    "momentum": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9, nesterov=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=1e-3),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=1e-3),
    "adam": lambda p: torch.optim.Adam(p, lr=1e-3),
    "adamw": lambda p: torch.optim.AdamW(p, lr=1e-3),
}


def optimizers() -> None:
    """Time every update rule against PyTorch's, and a million rows against a thousand."""
    huge, thousand = Problem(*random_table(1_000_000, 10)), Problem(*random_table(1000, 10))
    run(huge, Settings(epochs=1))  # reads the rows once
    for name, make in OPTIMIZERS.items():
        optimizer(name, make, huge, thousand)
    x, y = random_table(10_000, 10)
    from sklearn.linear_model import SGDRegressor  # type: ignore[import-untyped]  # two seconds that tests can spare

    regressor = SGDRegressor(penalty=None, learning_rate="constant", eta0=1e-3, max_iter=5, tol=None)
    singles = interleaved(
        lambda: regressor.fit(x.numpy(), y.numpy()),
        lambda: run(Problem(x, y), Settings(epochs=5, batch_size=1, learning_rate=5e-4)),
        2,
    )
    line("10,000 × 10, single rows, 5 epochs", ratio(*singles), "record", "scikit-learn's SGDRegressor (compiled)")


def memory() -> None:
    """Measure a run's peak memory beyond its history, in a new process."""
    for what, settings in {
        "2,000 epochs": "epochs=2000", "batches of 32": "epochs=1, batch_size=32", "mae": "epochs=3, loss='mae'",
    }.items():  # fmt: skip
        code = MEASURE.format(settings=settings)
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        grown, rows = map(float, said.split())
        line(f"1,000,000 × 10, {what}: peak memory", f"{grown / rows:.2f} x its rows", "≤ 1x", f"{rows / 1e6:.0f} MB")


MEASURE = """
import resource, torch
from app.engine import Problem, Settings, run, warm_up_torch
warm_up_torch()
x = torch.randn(1_000_000, 10, dtype=torch.float64)
problem = Problem(x, x.sum(1) + torch.randn(1_000_000, dtype=torch.float64))
problem.optimum
open("/proc/self/clear_refs", "w").write("5")
def status(key): return next(int(l.split()[1]) * 1024 for l in open("/proc/self/status") if l.startswith(key))
before = status("VmRSS")
history = run(problem, Settings({settings}))
print(status("VmHWM") - before - history.parameters.nbytes - history.losses.nbytes, 12 * 8 * 1_000_000)
"""


def report() -> None:
    """Print a line for each measurement: name, value, target, and what it is compared with."""
    torch.set_num_threads(1)  # as the app does
    line("engine", "measured", "target", "peer")

    hours, scores = torch.tensor(HOURS, dtype=torch.float32), torch.tensor(SCORES, dtype=torch.float32)

    def students(settings: Settings) -> None:
        run(Problem(hours[:, None], scores), settings)

    times = interleaved(
        lambda: notebook_by_hand(hours, scores, 2000), lambda: students(Settings(precision="float32")), 21
    )
    line("5 × 1, float32, 2,000 epochs, by hand", ratio(*times), "≥ 3x", "the notebook's loop")

    times = interleaved(
        lambda: notebook_autograd(hours, scores, 2000),
        lambda: students(Settings(precision="float32", gradient="autograd")),
        9,
    )
    line("5 × 1, float32, 2,000 epochs, autograd", ratio(*times), "≥ 1x", "the notebook's autograd loop")

    problem = Problem(hours[:, None], scores)
    rates = torch.logspace(-5, -1.2, 64, dtype=torch.float64).tolist()
    times = interleaved(
        lambda: run(problem, Settings()), lambda: sweep(problem, Settings(), "learning_rate", rates), 21
    )
    line("5 × 1, 2,000 epochs, 64 learning rates at once", cost(*times), "≤ 4x", "one run")

    x, y = random_table(1_000_000, 10)
    times = interleaved(lambda: notebook_many_features(x, y, 20), lambda: run(Problem(x, y), Settings()), 5)
    measured = ratio(*times, scale=100)
    line("1,000,000 × 10, float64, 2,000 epochs, Problem", measured, "≥ 100x", "the loop: 20 epochs × 100")

    for noise, lowest in ((0.5, 0.0), (0.0, 1e-12)):
        name = "rows and Gram matrix, noisy" if noise else "the same, down to 1e-12 of the first loss"
        line(name, f"{worst_difference(noise, lowest):.1e} worst relative difference", "≤ 1e-9", "40 problems")

    optimizers()
    memory()

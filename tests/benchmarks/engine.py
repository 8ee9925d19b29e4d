"""The engine against the notebook's own loops, as ratios: absolute times say more about the machine.

The two that are compared take turns in one run, so that a busy minute falls on both.
"""

import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor

from app.engine import Problem, Settings, run, training

HOURS = torch.tensor([2, 4, 6, 8, 10], dtype=torch.float32)
SCORES = torch.tensor([75, 80, 90, 94, 98], dtype=torch.float32)


def notebook_by_hand(x: Tensor, y: Tensor, epochs: int) -> list[float]:
    """The notebook's loop, word for word but for its prints; a test holds the engine to its every loss."""
    torch.manual_seed(42)
    w = torch.randn(1, dtype=torch.float32)
    b = torch.randn(1, dtype=torch.float32)
    learning_rate = 0.01
    n = len(x)
    loss_history = []
    for _ in range(epochs):
        y_pred = x * w + b
        loss = torch.mean((y_pred - y) ** 2)
        loss_history.append(loss.item())
        error = y_pred - y
        dw = (2 / n) * torch.sum(x * error)
        db = (2 / n) * torch.sum(error)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return loss_history


def notebook_autograd(x: Tensor, y: Tensor, epochs: int) -> list[float]:
    """The notebook's loop with autograd, word for word but for its prints."""
    torch.manual_seed(42)
    w_auto = torch.randn(1, dtype=torch.float32, requires_grad=True)
    b_auto = torch.randn(1, dtype=torch.float32, requires_grad=True)
    learning_rate = 0.01
    loss_history_auto = []
    for _ in range(epochs):
        y_pred = x * w_auto + b_auto
        loss = torch.mean((y_pred - y) ** 2)
        loss_history_auto.append(loss.item())
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            assert w_auto.grad is not None
            assert b_auto.grad is not None
            w_auto -= learning_rate * w_auto.grad
            b_auto -= learning_rate * b_auto.grad
            w_auto.grad.zero_()
            b_auto.grad.zero_()
    return loss_history_auto


def notebook_many_features(x: Tensor, y: Tensor, epochs: int) -> list[float]:
    """The loop by hand on a table: `x @ w` for `x * w`, and Xᵀ error for the sum of products."""
    torch.manual_seed(42)
    w = torch.randn(x.shape[1], dtype=x.dtype)
    b = torch.randn(1, dtype=x.dtype)
    learning_rate = 0.01
    n = len(x)
    loss_history = []
    for _ in range(epochs):
        y_pred = x @ w + b
        loss = torch.mean((y_pred - y) ** 2)
        loss_history.append(loss.item())
        error = y_pred - y
        dw = (2 / n) * (x.T @ error)
        db = (2 / n) * torch.sum(error)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return loss_history


def interleaved(peer: Callable[[], object], ours: Callable[[], object], rounds: int) -> tuple[list[float], list[float]]:
    """Seconds [rounds] of each, taken in turns after one round that does not count."""
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


def table(n: int, d: int, noise: float, seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, d, generator=generator, dtype=torch.float64)
    weights = torch.randn(d, generator=generator, dtype=torch.float64)
    return x, x @ weights + 2 + noise * torch.randn(n, generator=generator, dtype=torch.float64)


def worst_difference(noise: float, lowest: float) -> float:
    """Largest relative difference, rows against Gram matrix, of losses above `lowest` times the first."""
    worst, large = 0.0, training.LARGE
    try:
        for seed in range(40):
            problem = Problem(*table(10 + 5 * seed, 1 + seed % 6, noise, seed))
            settings = Settings(learning_rate=problem.best_learning_rate, epochs=500)
            training.LARGE = 10**12
            rows = run(problem, settings).losses
            training.LARGE = -1
            gram = run(problem, settings).losses
            shown = rows >= lowest * rows[0]
            worst = max(worst, ((rows - gram).abs() / rows)[shown].max().item())
    finally:
        training.LARGE = large
    return worst


def report() -> None:
    """Print one line a measurement: name, measured, target, the peer."""
    torch.set_num_threads(1)  # as the app does
    line("engine", "measured", "target", "peer")

    def students(settings: Settings) -> None:
        run(Problem(HOURS[:, None], SCORES), settings)

    times = interleaved(
        lambda: notebook_by_hand(HOURS, SCORES, 2000), lambda: students(Settings(precision="float32")), 21
    )
    line("5 × 1, float32, 2,000 epochs, by hand", ratio(*times), "≥ 3x", "the notebook's loop")

    times = interleaved(
        lambda: notebook_autograd(HOURS, SCORES, 2000),
        lambda: students(Settings(precision="float32", gradient="autograd")),
        9,
    )
    line("5 × 1, float32, 2,000 epochs, autograd", ratio(*times), "≥ 1x", "the notebook's autograd loop")

    x, y = table(1_000_000, 10, noise=0.5)
    times = interleaved(lambda: notebook_many_features(x, y, 20), lambda: run(Problem(x, y), Settings()), 5)
    measured = ratio(*times, scale=100)
    line("1,000,000 × 10, float64, 2,000 epochs, Problem", measured, "≥ 100x", "the loop: 20 epochs × 100")

    for noise, lowest in ((0.5, 0.0), (0.0, 1e-12)):
        name = "rows and Gram matrix, noisy" if noise else "the same, down to 1e-12 of the first loss"
        line(name, f"{worst_difference(noise, lowest):.1e} worst relative difference", "≤ 1e-9", "40 problems")

"""The notebook's arithmetic against the same operations one by one on NumPy's float32."""

from typing import Any

import numpy as np
import pytest
from numpy import float32, float64

from app.engine import Problem, Settings, run

RATE = 0.01


def rounded_sum(terms: Any) -> Any:
    """The sum in the engine's order: numbers 0, 4, 8, …, then 1, 5, 9, … and so on."""
    total = float32(0)
    for i in sorted(range(len(terms)), key=lambda i: (i % 4, i)):
        total += terms[i]
    return total


def fused_sum(xs: Any, slopes: Any) -> Any:
    """The sum of products in chunks of eight rows, each product added exactly and rounded once (fused multiply-add)."""
    sums = []
    for first in range(0, len(xs), 8):
        total = float32(0)
        for x, slope in zip(xs[first : first + 8], slopes[first : first + 8], strict=True):
            total = float32(float64(total) + float64(x) * float64(slope))
        sums.append(total)
    return sum(sums[1:], start=sums[0])


def descent(x: Any, y: Any, start: Any, gradient: str, epochs: int) -> tuple[Any, Any]:
    """The losses and parameters of a run of this many epochs."""
    parameters, rate, losses = [float32(value) for value in start], float32(RATE), []
    n, d = x.shape
    for epoch in range(epochs + 1):
        errors = []
        for row, target in zip(x, y, strict=True):
            prediction = row[0] * parameters[0]
            for j in range(1, d):
                prediction += row[j] * parameters[j]
            errors.append(prediction + parameters[d] - target)
        losses.append(rounded_sum([error * error for error in errors]) / float32(n))
        if epoch == epochs:
            break
        two_over_n = float32(2 / n)
        inside = d > 1 or gradient == "autograd"
        slopes = [two_over_n * error for error in errors] if inside else errors
        if d == 1:
            found = [rounded_sum([slope * row[0] for slope, row in zip(slopes, x, strict=True)])]
        else:
            found = [fused_sum(x[:, j], slopes) for j in range(d)]
        found.append(rounded_sum(slopes))
        found = found if inside else [two_over_n * value for value in found]
        parameters = [now - rate * slope for now, slope in zip(parameters, found, strict=True)]
    return losses, parameters


@pytest.mark.parametrize("gradient", ["by_hand", "autograd"])
@pytest.mark.parametrize("d", [1, 2, 5])
@pytest.mark.parametrize("n", [1, 4, 5, 8, 24, 61])
def test_a_run_in_float32_is_its_operations_one_by_one_to_the_last_bit(n: int, d: int, gradient: Any) -> None:
    generator = np.random.default_rng(n + d)
    x, y = generator.normal(size=(n, d)).astype(float32), generator.normal(size=n).astype(float32)
    settings = Settings(learning_rate=RATE, epochs=60, precision="float32", gradient=gradient)
    history = run(Problem(x.astype(float64), y.astype(float64)), settings)
    losses, parameters = descent(x, y, history.parameters[0].tolist(), gradient, 60)
    assert history.losses.tolist() == [float(loss) for loss in losses]
    assert history.parameters[-1].tolist() == [float(value) for value in parameters]

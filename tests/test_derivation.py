"""The formulas of one step: the notebook's, with the user's names and numbers."""

import re

import pytest

from app.engine import Problem, Settings, run
from app.engine.one_step import OneStep, one_step
from app.engine.optimizers import OPTIMIZERS
from app.explain.derivation import derivation, legend, with_numbers


def first_step(**chosen: object) -> OneStep:
    problem = Problem([[2.0], [4.0], [6.0], [8.0], [10.0]], [75.0, 80.0, 90.0, 94.0, 98.0])
    settings = Settings(start=(0.0, 0.0), epochs=3, learning_rate=0.01, **chosen)  # type: ignore[arg-type]
    return one_step(problem, settings, run(problem, settings), 0)


def second_step(**chosen: object) -> OneStep:
    problem = Problem([[2.0], [4.0], [6.0], [8.0], [10.0]], [75.0, 80.0, 90.0, 94.0, 98.0])
    settings = Settings(start=(3.0, 1.0), epochs=3, **chosen)  # type: ignore[arg-type]
    return one_step(problem, settings, run(problem, settings), 1)


def test_the_derivation_ends_with_the_notebooks_boxed_formula() -> None:
    *_, boxed = derivation(["hours studied"], 0, squared=True, penalized=False)
    assert boxed == (
        r"\boxed{\frac{\partial \text{Loss}}{\partial w} = \frac{2}{n} \sum_{i=1}^{n} (\hat{y}_i - y_i) \, x_i}"
    )


def test_the_biass_derivative_has_no_feature() -> None:
    *_, boxed = derivation(["a", "b"], 2, squared=True, penalized=True)
    assert boxed.endswith(r"(\hat{y}_i - y_i)}")


def test_the_derivation_shows_the_numbers_of_the_step() -> None:
    gradient, step = with_numbers(first_step(), 0)
    assert r"\frac{2}{5} \left( (-75) \cdot 2 + (-80) \cdot 4 + (-90) \cdot 6 + \cdots \right)" in gradient
    assert gradient.endswith("= -1096.8")
    assert step.endswith(r"= 0 - 0.01 \cdot (-1096.8) = 10.968")


def test_braces_are_balanced_whatever_a_column_is_called() -> None:
    name = r"cost {in $} \ 100% #1 a_b^c & ~"
    lines = [legend([name], name), *derivation([name], 0, squared=False, penalized=True)]
    lines += with_numbers(first_step(optimizer="adam", loss="huber"), 1)
    for line in lines:
        bare = re.sub(r"\\[{}]", "", line)
        assert bare.count("{") == bare.count("}"), line
    assert r"\{in \$\}" in lines[0]


def computed(formula: str) -> tuple[float, float]:
    """The value of what is between the last two equals signs, and the number after the last."""
    *_, worked, result = formula.replace(r"\left", "").replace(r"\right", "").split(" = ")
    return value(worked), value(result)


def value(formula: str) -> float:
    text = re.sub(r"10\^\{(-?\d+)\}", r"10.0 ** (\1)", formula)
    text = re.sub(r"\\frac\{(.*?)\}\{\\sqrt\{(.*?)\} \+ (.*)\}", r"(\1) / ((\2) ** 0.5 + \3)", text)
    return float(eval(text.replace(r"\cdot", "*")))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("parameter", [0, 1])
def test_every_optimizers_step_is_written_out_and_its_numbers_give_the_result(optimizer: str, parameter: int) -> None:
    *_, step = with_numbers(second_step(optimizer=optimizer, learning_rate=0.1), parameter)
    worked, result = computed(step)
    assert worked == pytest.approx(result, rel=1e-4)

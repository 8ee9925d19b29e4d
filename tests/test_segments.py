"""Runs of several segments: what is kept from one to the next, with batches and held-out rows too."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine import Problem, Settings, hold_out, run, train
from app.engine.batches import shuffled
from app.engine.gradients import Rows
from app.engine.history import MAX_UPDATES_IN_PATH, History
from app.engine.scores import scores
from app.engine.settings import CHOICES
from app.runs.link import segments_from, text_of_segments
from app.runs.segments import Segment, possible, replay
from tests.problems import random_problem

OPTIMIZERS = CHOICES["optimizer"]


def branched(given: Problem, first: Settings, then: Settings, at: int) -> History:
    *_, history = train(given, then, after=run(given, first), at=at)
    return history


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(OPTIMIZERS),
    st.sampled_from(["mse", "mae", "huber", "log_cosh", "quantile"]),
    st.sampled_from([0, 1, 7]),
    st.sampled_from(["constant", "step", "cosine", "warm_up"]),
    st.integers(0, 60),
)
def test_a_branch_with_the_same_settings_is_no_branch(
    optimizer: Any, loss: Any, batch_size: int, schedule: Any, at: int
) -> None:
    given = random_problem(20, 2, seed=22)
    how: dict[str, Any] = {"optimizer": optimizer, "loss": loss, "batch_size": batch_size, "schedule": schedule}
    chosen = Settings(learning_rate=0.01, epochs=60, period=20, **how)
    whole, again = run(given, chosen), branched(given, chosen, chosen, at)
    assert torch.equal(whole.parameters, again.parameters)
    assert torch.allclose(whole.losses, again.losses, rtol=1e-13, atol=0)  # summed in chunks of other sizes
    assert torch.equal(whole.path, again.path)


def test_a_branch_keeps_what_was_and_goes_on_with_other_settings() -> None:
    given = random_problem(20, 2, seed=22)
    first, then = Settings(learning_rate=0.01, epochs=50), Settings(learning_rate=0.1, epochs=80)
    history = branched(given, first, then, 30)
    assert torch.equal(history.parameters[:31], run(given, first).parameters[:31])
    start = tuple(history.parameters[30].tolist())
    rest = run(given, Settings(learning_rate=0.1, epochs=50, start=start))
    assert history.epochs == 80
    assert torch.allclose(history.parameters[30:], rest.parameters, rtol=1e-12, atol=1e-12)


def test_a_branch_to_another_optimizer_starts_with_an_empty_memory() -> None:
    given = random_problem(20, 2, seed=22)
    history = branched(given, Settings(optimizer="momentum", epochs=20), Settings(optimizer="adam", epochs=40), 20)
    start = tuple(history.parameters[20].tolist())
    rest = run(given, Settings(optimizer="adam", epochs=20, start=start))
    assert torch.allclose(history.parameters[20:], rest.parameters, rtol=1e-12, atol=1e-12)


def test_segments_survive_a_link() -> None:
    chosen = (
        Segment(10, Settings(learning_rate=0.02, start=(1.5, -2.0), optimizer="adam", epsilon=1e-7)),
        Segment(25, Settings(batch_size=3, loss="huber")),
    )
    assert segments_from(text_of_segments(chosen)) == chosen
    given = random_problem(20, 1, seed=21)
    *_, history = replay(given, chosen, Settings(epochs=40))
    assert history.epochs == 40
    assert torch.equal(history.parameters[:11], run(given, chosen[0].settings).parameters[:11])


def test_a_run_of_segments_is_trained_again_in_parts_of_which_each_holds_the_one_before() -> None:
    given = random_problem(20, 2, seed=22)
    ways = (Segment(15_000, Settings(learning_rate=0.001, epochs=60_000, optimizer="adam")),
            Segment(15_010, Settings(epochs=15_010, batch_size=5)))  # fmt: skip
    parts = []
    for history in replay(given, ways, last := Settings(learning_rate=0.02, epochs=15_100)):
        parts.append((history, history.epochs))
        assert history.outcome == ("running" if history.epochs < 15_100 else "finished")
    whole = parts[-1][0]
    assert len(parts) > 3
    assert [epochs for _, epochs in parts] == sorted(epochs for _, epochs in parts)
    assert all(torch.equal(part.parameters[: epochs + 1], whole.parameters[: epochs + 1]) for part, epochs in parts)
    *_, first = train(given, ways[0].settings)
    *_, then = train(given, ways[1].settings, after=first, at=15_000)
    *_, alone = train(given, last, after=then, at=15_010)
    assert torch.equal(whole.parameters, alone.parameters)


def test_a_link_asks_for_no_more_than_the_page_itself() -> None:
    given = random_problem(20, 2, seed=22)
    assert possible(given, Settings(epochs=100_000, start=(1, 2, 3)))
    assert not possible(given, Settings(epochs=100_001))
    assert not possible(given, Settings(start=(1, 2)))
    assert not possible(random_problem(4, 1000, seed=1004), Settings(epochs=50_000))


@pytest.mark.parametrize("text", ["x", "5 nonsense=3", "5 learning_rate=-1", "30;20", "-5", "5 loss", "5 epochs=many"])
def test_a_text_that_is_no_segments_gives_none(text: str) -> None:
    assert segments_from(text) == ()


@settings(deadline=None)
@given(st.integers(1, 90), st.integers(1, 100), st.integers(0, 2**31 - 1), st.integers(0, 10_000))
def test_an_epoch_passes_once_over_every_row(n: int, size: int, seed: int, epoch: int) -> None:
    rows = Rows(torch.arange(2.0 * n).reshape(n, 2), torch.arange(float(n)))
    parts = list(shuffled(rows, size, seed, epoch))
    assert sorted(torch.cat([part.y for part in parts]).tolist()) == rows.y.tolist()
    assert {len(part.y) for part in parts[:-1]} <= {size}
    assert all(torch.equal(part.z[:, 0], 2 * part.y) for part in parts)


def test_the_order_of_the_rows_is_the_same_on_every_machine() -> None:
    rows = Rows(torch.zeros(8, 1), torch.arange(8.0))
    orders = [[int(y) for part in shuffled(rows, 3, 42, epoch) for y in part.y] for epoch in (0, 1)]
    assert orders == [[4, 1, 6, 3, 5, 7, 2, 0], [5, 6, 7, 3, 0, 2, 4, 1]]


@pytest.mark.parametrize("size", [40, 41, 1000])
def test_batches_of_all_rows_are_the_full_batch(size: int) -> None:
    given = random_problem(40, 3, seed=43)
    assert torch.equal(run(given, Settings(batch_size=size)).parameters, run(given, Settings()).parameters)


def test_every_update_is_kept_while_there_are_few() -> None:
    given = random_problem(20, 2, seed=22)
    history = run(given, Settings(batch_size=6, epochs=30))
    assert history.updates_per_epoch == 4
    assert history.path.shape == (121, 3)
    assert torch.equal(history.path[::4], history.parameters)
    assert len(run(given, Settings(batch_size=1, epochs=MAX_UPDATES_IN_PATH // 20 + 1)).path) == 0


def test_the_loss_of_an_epoch_is_the_loss_on_all_rows() -> None:
    for n in (20, 4000):
        given = random_problem(n, 2, seed=n + 2)
        history = run(given, Settings(batch_size=6, epochs=3))
        theirs = [torch.mean((given.features @ p[:-1] + p[-1] - given.target) ** 2).item() for p in history.parameters]
        assert history.losses.tolist() == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("scaling", ["none", "standardize"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_held_out_rows_are_never_learnt_from(scaling: Any, share: float) -> None:
    generator = torch.Generator().manual_seed(1)
    x = 5 + 3 * torch.randn(50, 2, generator=generator, dtype=torch.float64)
    y = x @ torch.tensor([1.0, -2.0], dtype=torch.float64) + torch.randn(50, generator=generator, dtype=torch.float64)
    whole = Problem(x, y, scaling=scaling)
    split = hold_out(whole, share, seed=3)
    assert split.held_out is not None
    assert (split.n_rows, split.held_out.n_rows) == (50 - round(50 * share), round(50 * share))
    seen = Problem(x[split.rows], y[split.rows], scaling=scaling)
    chosen = Settings(learning_rate=0.01, epochs=20)
    history = run(split, chosen)
    assert torch.allclose(history.parameters, run(seen, chosen).parameters, rtol=1e-10)
    others = torch.tensor([i for i in range(50) if i not in split.rows.tolist()])
    in_file_units = split.in_file_units(history.parameters)
    theirs = ((x[others] @ in_file_units[:, :-1].T + in_file_units[:, -1] - y[others][:, None]) ** 2).mean(0)
    assert history.held_out_losses.tolist() == pytest.approx(theirs.tolist(), rel=1e-9)


def test_two_rows_at_least_are_left_to_learn_from() -> None:
    assert hold_out(random_problem(3, 1, seed=4), 0.9, 0).n_rows == 2
    assert hold_out(random_problem(2, 1, seed=3), 0.9, 0).held_out is None
    given = random_problem(20, 1, seed=21)
    assert hold_out(given, 0.0, 0) is given


def test_scores_are_those_of_the_textbook() -> None:
    given = random_problem(30, 2, seed=32)
    parameters = torch.tensor([0.3, -0.2, 1.0], dtype=torch.float64)
    error = given.features @ parameters[:-1] + parameters[-1] - given.target
    spread = ((given.target - given.target.mean()) ** 2).sum()
    found = scores(given, parameters)
    assert found.rmse == pytest.approx(error.square().mean().sqrt().item())
    assert found.mae == pytest.approx(error.abs().mean().item())
    assert found.r_squared == pytest.approx(1 - (error.square().sum() / spread).item())


@settings(deadline=None, max_examples=150)
@given(
    st.fixed_dictionaries({name: st.sampled_from(known) for name, known in CHOICES.items()}),
    st.sampled_from([1e-6, 0.01, 1.0, 1e3, 1e300]),
    st.sampled_from([0, 1, 4, 50]),
    st.sampled_from([0.0, 0.5]),
    st.sampled_from([(0.0, 0.0), (0.1, 0.0), (0.0, 10.0), (1e5, 1e5)]),
    st.sampled_from([5, 4000]),
)
def test_any_settings_together_run_and_record_finite_numbers_alone(
    choices: dict[str, Any], rate: float, batch_size: int, share: float, penalties: tuple[float, float], n: int
) -> None:
    given = hold_out(random_problem(n, 2, seed=n + 2), share, 1)
    batch_size = batch_size * n // 50 if n > 50 else batch_size
    l1, l2 = penalties
    history = run(
        given, Settings(epochs=12, learning_rate=rate, batch_size=batch_size, l1=l1, l2=l2, tolerance=1e-9, **choices)
    )
    assert history.outcome in ("finished", "converged", "diverged")
    for recorded in (history.losses, history.held_out_losses, history.parameters):
        assert recorded.isfinite().all()
    assert len(history.losses) == history.epochs + 1

"""A run's settings in words name what it reads, and nothing else."""

from dataclasses import replace

from app.dataset import ColumnChoice, load_sample
from app.dataset.presets import PRESETS, source_of
from app.engine import Settings
from app.runs.segments import Segment
from app.tabs.words import settings_in_words
from tests.scenes import ON_SLEEP, finished

FEW = Settings(epochs=3)


def test_the_plainest_run_has_one_sentence_of_settings() -> None:
    run = finished(load_sample("students"), ColumnChoice("test score", ("hours studied",)), FEW)
    assert settings_in_words(run) == (
        "Gradient descent, learning rate 0.01, 3 epochs, all rows at once, loss “Mean squared”, gradients by hand, "
        "float64, seed 42. Predicted: test score from hours studied."
    )


def test_every_part_of_a_run_is_told_with_what_it_alone_reads() -> None:
    first = Settings(epochs=4, optimizer="adam", batch_size=2, gradient="autograd", zero_grad=False)
    last = replace(first, optimizer="momentum", loss="huber", schedule="step", l2=0.5, held_out=0.4, start=(1, 2, 3))
    columns = replace(ON_SLEEP, scaling="standardize", degrees=(("hours slept", 2),), interactions=True)
    run = finished(load_sample("students"), columns, replace(last, start=()), Segment(2, first))
    assert settings_in_words(run) == (
        "Up to epoch 2: Adam (β₁ 0.9, β₂ 0.999), learning rate 0.01, 4 epochs, batches of 2, loss “Mean squared”, "
        "gradients by autograd, never cleared, float64, seed 42. "
        "Then: Momentum (Momentum μ 0.9), learning rate 0.01, schedule “Step” (Period 500, Drop γ 0.5), 4 epochs, "
        "batches of 2, loss “Huber” (δ 1), L2 penalty 0.5, 40% of the rows held out, gradients by autograd, "
        "never cleared, float64, seed 42. "
        "Predicted: test score from hours studied and hours slept, standardized, "
        "with powers: hours slept to 2, with interactions."
    )


def test_every_sample_names_its_source_and_no_other_table_does() -> None:
    for preset in PRESETS:
        assert source_of(load_sample(preset.key)).endswith(".")
    own = load_sample("hubble")
    assert source_of(replace(own)) == "", "a table of the same name"

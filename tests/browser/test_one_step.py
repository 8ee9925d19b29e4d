"""The tab "One step": its numbers follow the player, and KaTeX accepts its formulas."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.engine import Settings, run
from app.engine.one_step import one_step
from tests.problems import students


def test_the_numbers_of_one_step_follow_the_player(visit: Callable[..., Page]) -> None:
    page = visit("/?tab=One+step&start=0,0")
    panel = page.get_by_role("tabpanel", name="One step")
    expect(panel.get_by_text("From epoch 0 to 1.")).to_be_visible()
    page.get_by_role("button", name="Step forward").click()
    expect(panel.get_by_text("From epoch 1 to 2.")).to_be_visible()

    problem = students()
    chosen = Settings(learning_rate=0.01, epochs=2000, start=(0.0, 0.0), precision="float32")
    step = one_step(problem, chosen, run(problem, chosen), 1)
    expect(panel.get_by_role("table").first).to_contain_text(f"{step.errors[0].item():.6g}".replace("-", "−"))
    expect(panel.get_by_role("table").last).to_contain_text(f"{step.after[0].item():.6g}")
    assert panel.locator(".katex").count() > 5
    assert panel.locator(".katex-error").count() == 0


def test_another_loss_and_optimizer_have_their_own_formulas(visit: Callable[..., Page]) -> None:
    address = "/?tab=One+step&optimizer=Adam&loss=Huber&l2=0.1&batch_size=2&dataset=Students:+hours+studied+and+slept"
    page = visit(address)
    panel = page.get_by_role("tabpanel", name="One step")
    expect(panel.get_by_text("From epoch 0 to 1, update 1 of 3.")).to_be_visible()
    expect(panel.get_by_text("m ← β₁ m + (1 − β₁) g").first).to_be_visible()
    assert panel.locator(".katex").count() > 4
    assert panel.locator(".katex-error").count() == 0

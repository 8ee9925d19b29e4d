"""Text from a URL or a file is shown on the page as it was typed, and has no other effect."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from app.dataset.link import packed
from app.dataset.upload import OWN_PREFIX
from app.wording import JOINER
from tests.browser.harness import open_page, serve

ELSEWHERE = "https://elsewhere.invalid/"
LIVE = [
    f"![x]({ELSEWHERE}a.png)", f"<img src={ELSEWHERE}b.png>", f"[x]({ELSEWHERE})", f"<{ELSEWHERE}>", ELSEWHERE,
    "www.elsewhere.invalid", "WWW.elsewhere.invalid", "someone@elsewhere.invalid", "# heading", "1. item", "2) item",
    "- item", "+ item", "> quote", "---", "===", "| a | b |", "    code", "`code`", "```\ncode", "**bold**", "_it_",
    "~gone~", "$x^2$", r"$$\frac{1}{2}$$", ":red[red]", ":small[s]", ":blue-badge[x]", ":help[x]", ":red",
    ":material/home:", ":material_home:", ":streamlit:", ":tada:", ":+1:", "<b>b</b>", "<!-- c -->", "&lt; &amp; &#42;",
    "a -> b <- c <-> d -- e >= f <= g ~= h", r"\* \\", "\\", "[^1]", "[x]: y", "{x}", "10:30:05", "x\n\n# y", "a\tb",
    ':color[x]{foreground="red"}', "![x][y]", ":shimmer[x]", "a\u2028# b", "- [ ] task",
    "see WwW.elsewhere.invalid now", "HTTP://ELSEWHERE.invalid/x", "mailto:a+b@elsewhere.invalid",
    "xmpp:a_b@elsewhere.invalid", "(https://elsewhere.invalid?x=1&y=2)", "//elsewhere.invalid",
]  # fmt: skip
"""Text that Markdown, Streamlit or HTML would interpret."""

MADE = "a, img, h1, h2, h3, h4, h5, h6, ol, ul, input, blockquote, hr, pre, code, strong, em, del, span, .katex"


def as_shown(text: str) -> str:
    """A text as a browser lays it out, without invisible characters."""
    return " ".join(text.replace(JOINER, "").split())


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("words") / "log.txt"
    with serve(log, Path(__file__).with_name("escaping_page.py")) as running:
        yield running.address


def test_words_are_shown_as_they_were_typed(page: Page, words: str) -> None:
    open_page(page, words, "/?" + urlencode({"word": LIVE}, doseq=True))
    page.get_by_test_id("stTable").nth(len(LIVE) - 1).wait_for()
    shown = [as_shown(word) for word in LIVE]

    def seen(kind: str) -> list[str]:
        return [as_shown(text) for text in page.locator(kind).all_inner_texts()]

    assert seen("[data-testid=stMarkdown]:has([data-testid=stMarkdownContainer])") == shown
    assert seen("[data-testid=stCaptionContainer]") == [f"of {word}" for word in shown]
    for kind in ("stAlert", "stProgress", "stButton"):
        assert seen(f"[data-testid={kind}]") == shown
    assert seen("[data-testid=stTable]") == [f"{word} {word}" for word in shown]
    made = page.locator(f":is([data-testid=stMarkdownContainer], [data-testid=stTable]) :is({MADE})")
    assert made.evaluate_all("(found) => found.map((element) => element.outerHTML)") == []
    assert page.locator("[data-testid=stCaptionContainer] strong").all_inner_texts() == ["of"] * len(LIVE), (
        "ours is bold"
    )
    page.get_by_role("button").first.hover()
    assert as_shown(page.get_by_role("tooltip").inner_text()) == shown[0]


TABLE = "\n".join(
    [",".join('"' + word.replace('"', '""') + '"' for word in LIVE)]
    + [",".join([*(str(i * (j + 3) % 17) for j in range(len(LIVE) - 1)), LIVE[i % 3]]) for i in range(20)]
).encode()
"""A table with such text as names and as categories."""


OWN_TABLE = {"dataset": f"{OWN_PREFIX}{LIVE[1]}.csv", "data": packed(TABLE) or ""}
LINKS: dict[str, tuple[dict[str, str | list[str]], str]] = {
    "a start": ({"start": LIVE[0], "tab": "Data"}, f"“{LIVE[0]}” is not a list of numbers"),
    "a fingerprint": (
        {"dataset": OWN_PREFIX + LIVE[1], "fingerprint": LIVE[0]},
        f"“{LIVE[1]}” (fingerprint {LIVE[0]})",
    ),
    "findings": ({**OWN_TABLE, "tab": "Data", "features": LIVE[:8]}, LIVE[0]),
    "formulas": ({**OWN_TABLE, "tab": "One step", "features": [LIVE[0], ":material/home:", "$x^2$"]}, "$x^2$"),
    "pins": ({**OWN_TABLE, "tab": "Compare", "target": LIVE[4], "features": [*LIVE[:3], LIVE[-1]],
              "pins": f"20 epochs=20 loss=huber~none~{LIVE[4]}"}, f"curve is not drawn: {LIVE[4]}."),
}  # fmt: skip


@pytest.mark.parametrize("link", LINKS)
def test_nothing_that_a_link_says_becomes_an_element_of_the_page(page: Page, server: str, link: str) -> None:
    parameters, words = LINKS[link]
    open_page(page, server, "/?" + urlencode(parameters, doseq=True))
    page.wait_for_function("(words) => document.body.innerText.replaceAll('\u2060', '').includes(words)", arg=words)
    page.wait_for_timeout(500)  # time for an image to be requested, which the `complaints` fixture reports
    made = page.locator(".stApp a:not([href^='#'], .st-key-share a), [src*=elsewhere], [href*=elsewhere], .katex-error")
    assert made.evaluate_all("(found) => found.map((element) => element.outerHTML)") == []

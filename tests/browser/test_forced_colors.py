"""Where the system chooses the colours, the sliders keep a track and a thumb."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.player import let_go, seek

Pixel = tuple[int, ...]


def contrast(a: Pixel, b: Pixel) -> float:
    """WCAG's, of two colours."""

    def luminance(pixel: Pixel) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in pixel)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_slider_shows_where_it_is(visit: Callable[..., Page], scheme: str) -> None:
    page = visit("/?epochs=300", forced_colors="active", color_scheme=scheme)
    seek(page, 60)
    let_go(page)
    for name in ("Learning rate", "Number of steps", "Epoch"):
        slider = page.get_by_role("slider", name=name, exact=True)
        picture = Image.open(io.BytesIO(slider.screenshot())).convert("RGB")
        wide, high = picture.size
        share = slider.evaluate("({ value, min, max }) => (value - min) / (max - min)")
        pixel = {
            "page": picture.getpixel((wide // 2, 1)),
            "track before": picture.getpixel((4, high // 2)),
            "track after": picture.getpixel((wide - 5, high // 2)),
            # above the track and within the thumb, whose radius is 9 pixels
            "thumb": picture.getpixel((round(9 + (wide - 18) * share), high // 2 - 6)),
        }
        for part in ("track before", "track after", "thumb"):
            found, around = pixel[part], pixel["page"]
            assert isinstance(found, tuple)
            assert isinstance(around, tuple)
            assert contrast(found, around) >= 3, f"WCAG 1.4.11: the {part} of {name} is {found} on {around}."

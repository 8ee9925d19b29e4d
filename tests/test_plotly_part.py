"""What is loaded of Plotly if it cannot be parted; that the parts draw is held in browser/test_plotly_part.py."""

from components.player.plotly_part import PLOTLY, plotly_with


def test_where_a_kind_is_not_found_it_is_the_whole() -> None:
    assert plotly_with("contour", "no such kind") == PLOTLY.read_text("utf-8")

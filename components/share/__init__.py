"""A button that copies the page's address, a link to what the page shows, and shows it as a code or saves it."""

from components.share.routes import MAX_LETTERS, code_svg, routes
from components.share.widget import Beside, share

__all__ = ["MAX_LETTERS", "Beside", "code_svg", "routes", "share"]

"""The page as a link."""

from app import session
from app.dataset.upload import Upload
from components.share import share

FAILED = "This browser does not let a page copy: please copy the address above."


def show_share(own: Upload | None) -> None:
    """Keep the visitor's own table in the address, where it fits, and offer to copy that."""
    session.write_table(own)
    share(entry="dataset", copied=f"Copied. {what_travels(own)}", failed=FAILED)


def what_travels(own: Upload | None) -> str:
    if own is None:
        return "The link opens this page as it is now."
    if own.link_text:
        return "Your table travels with the link."
    return f"The table is too large to travel: the receiver is asked for “{own.name}”."

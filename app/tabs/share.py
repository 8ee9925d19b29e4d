"""The page as a link."""

from app import session
from app.dataset import Dataset
from app.dataset.upload import Upload
from app.explain.plain_data import file_stem
from components.share import Beside, share

FAILED = "This browser does not let a page copy: please copy the link here."

CONTROLS = {
    "steps": "Learning rate and epochs",
    "data": "Data and columns",
    "more": "Optimizer, loss, further settings",
    "view": "Settings of the charts",
}
"""What a link may hide, as style.css does."""

PARTS = ("steps", "table", "columns", "about", "more")
"""Of the sidebar; style.css knows them as group_steps and so on."""


def show_share(dataset: Dataset, own: Upload | None) -> None:
    """Keep the visitor's own table in the address, where it fits, and offer to share that."""
    session.write_table(own)
    share(
        entry="dataset",
        copied=f"Copied. {what_travels(own)}",
        failed=FAILED,
        groups=CONTROLS,
        file=f"{file_stem(dataset.name)}_settings.json",
        table=Beside(own.name, own.fingerprint) if own and not own.link_text else None,
    )


def what_travels(own: Upload | None) -> str:
    if own is None:
        return "The link opens this page as it is now."
    if own.link_text:
        return "Your table travels with the link."
    return f"The table is too large to travel: the receiver is asked for “{own.name}”."

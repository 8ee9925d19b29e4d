"""The run's program as a Jupyter notebook."""

from app.explain.script import cells, origin
from app.runs.run import Recording
from app.wording import as_markdown

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(run: Recording) -> str:
    """A file that is the same each time: its cells have fixed ids, and it says no time."""
    # Imported here, as it takes a moment and few visitors take a notebook home.
    from nbformat import v4, writes

    parts = [v4.new_markdown_cell(f"# {as_markdown(origin(run))}", id="origin")]
    for number, cell in enumerate(cells(run), start=1):
        parts += [v4.new_markdown_cell(f"## {number}. {cell.title}", id=f"title-{number}")]
        parts += [v4.new_code_cell(cell.code, id=f"code-{number}")]
    return str(writes(v4.new_notebook(cells=parts, metadata=NOTEBOOK_METADATA))) + "\n"

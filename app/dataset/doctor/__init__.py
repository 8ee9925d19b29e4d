"""What matters for a descent on the chosen columns, said before the first step."""

from app.dataset.dataset import Dataset
from app.dataset.doctor.collinearity import columns
from app.dataset.doctor.finding import Finding
from app.dataset.doctor.outliers import outliers
from app.dataset.doctor.rows import few, missing, rows
from app.dataset.doctor.scales import scales
from app.dataset.doctor.sentinels import identifiers, sentinels
from app.dataset.selection import Selection

__all__ = ["Finding", "examine"]

CHECKS = (rows, few, sentinels, identifiers, columns, scales, outliers, missing)


def examine(dataset: Dataset, selection: Selection) -> list[Finding]:
    """Everything found, what is serious first."""
    found = [finding for check in CHECKS for finding in check(selection)]
    return sorted(found, key=lambda finding: not finding.serious)

"""The data doctor: what matters for a descent on the chosen columns, said before the first step."""

from app.dataset.dataset import Dataset
from app.dataset.doctor.collinearity import check_collinearity
from app.dataset.doctor.finding import Finding
from app.dataset.doctor.outliers import check_outliers
from app.dataset.doctor.rows import check_missing_values, check_row_count, check_usage
from app.dataset.doctor.scales import check_scales
from app.dataset.doctor.sentinels import check_identifiers, check_sentinels
from app.dataset.selection import Selection

__all__ = ["Finding", "examine"]

CHECKS = (
    check_usage,
    check_row_count,
    check_sentinels,
    check_identifiers,
    check_collinearity,
    check_scales,
    check_outliers,
    check_missing_values,
)


def examine(dataset: Dataset, selection: Selection) -> list[Finding]:
    """All findings, the serious ones first."""
    found = [finding for check in CHECKS for finding in check(selection)]
    return sorted(found, key=lambda finding: not finding.serious)

"""Label issues by confident learning: labels that the network contradicts, more strongly than is
usual for their class. This needs the optional package cleanlab (requirements-inspect.txt).
"""

import numpy as np
from numpy.typing import NDArray

from playground.inspect.outcome import Outcome


def label_issues(found: Outcome) -> NDArray[np.intp]:
    """The examples whose label cleanlab doubts, those with the lowest label-quality score first.
    The score is `found.of_label`, the probability of the label (self-confidence).

    Source: Northcutt, Jiang & Chuang, "Confident learning" (2021)
    Raises ImportError if cleanlab is not installed.
    """
    from cleanlab.filter import find_label_issues

    there = np.unique(found.labels)
    if len(there) < 2:  # nothing that an example could be taken for
        return np.empty(0, dtype=np.intp)
    # Classes without examples have no usual probability: they are left out.
    A = found.A[there].astype(float)
    A /= np.maximum(A.sum(axis=0), 1e-12)
    issues: NDArray[np.bool_] = find_label_issues(
        np.searchsorted(there, found.labels), A.T, n_jobs=1, filter_by="confident_learning"
    )
    doubted = np.flatnonzero(issues)
    return doubted[np.argsort(found.of_label[doubted], kind="stable")]

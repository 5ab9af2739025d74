"""Label issues: shuffled labels are among those that cleanlab doubts; its score is our probability
of the label.
"""

import numpy as np
from cleanlab.rank import get_self_confidence_for_each_label

from playground.inspect.labels import label_issues
from playground.inspect.outcome import Outcome


def made_up(m: int = 600, n: int = 5, wrong: int = 40) -> tuple[Outcome, np.ndarray]:
    """Logits of a network that is mostly right about the true classes, and some wrong labels."""
    rng = np.random.default_rng(0)
    true = rng.integers(0, n, m)
    Z = rng.normal(0, 1, (n, m))
    Z[true, np.arange(m)] += 7
    given = true.copy()
    given[:wrong] = (true[:wrong] + 1) % n
    return Outcome(Z, given), np.arange(wrong)


def test_wrong_labels_are_doubted_and_the_least_probable_is_first() -> None:
    found, wrong = made_up()
    doubted = label_issues(found)
    assert len(np.intersect1d(doubted, wrong)) >= 0.9 * len(wrong)
    assert len(np.setdiff1d(doubted, wrong)) <= 0.1 * len(doubted)
    assert np.all(np.diff(found.of_label[doubted]) >= 0)


def test_the_score_is_cleanlabs_self_confidence() -> None:
    found, _ = made_up()
    scores = get_self_confidence_for_each_label(found.labels, found.A.T)
    np.testing.assert_allclose(scores, found.of_label)


def test_classes_without_examples_are_no_trouble() -> None:
    found, _ = made_up()
    few = Outcome(found.Z, np.where(found.labels == 3, 4, found.labels))
    assert len(label_issues(few))
    assert not len(label_issues(Outcome(found.Z, np.zeros(600, dtype=int))))

"""Fits boosted trees by scikit-learn and writes them as plain arrays."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopclerk.models.matching.trees import Trees

Floats = NDArray[np.float32]


def fit_trees(
    names: Sequence[str],
    values: Floats,
    labels: NDArray[Any],
    *,
    seed: int,
    weights: Floats | None = None,
    rounds: int = 200,
    rate: float = 0.05,
    leaves: int = 15,
    min_leaf: int = 10,
    l2: float = 1.0,
    columns: float = 0.5,
    directions: Mapping[str, int] | None = None,
) -> Trees:
    """Fit trees that tell label 1 from label 0.

    Args:
        names: Features, one a column.
        values: `(n, features)`, NaN where not known.
        labels: `(n,)` of 0 and 1, both present.
        seed: Decides which columns a split may look at.
        weights: How much each row counts.
        rounds: Trees.
        rate: How much each tree counts.
        leaves: Leaves of a tree at most.
        min_leaf: Rows of a leaf at least.
        l2: Pulls leaves towards zero.
        columns: Share of the columns a split looks at.
        directions: Feature to 1 where more of it must not make label 1 less likely, -1 for the opposite.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    # Columns that say nothing break the library's binning.
    telling = np.flatnonzero(np.isfinite(values).any(axis=0))
    model = HistGradientBoostingClassifier(
        max_iter=rounds,
        learning_rate=rate,
        max_leaf_nodes=leaves,
        min_samples_leaf=min_leaf,
        l2_regularization=l2,
        max_features=columns,
        early_stopping=False,
        random_state=seed,
        monotonic_cst=None
        if directions is None
        else [directions.get(names[int(at)], 0) for at in telling],
    )
    # A few thousand rows are too few for threads to gain what waiting for one another costs.
    with threadpool_limits(limits=1, user_api="openmp"):
        model.fit(values[:, telling], labels, sample_weight=weights)
    return _plain(names, model, telling)


def _plain(names: Sequence[str], model: Any, telling: NDArray[Any]) -> Trees:
    nodes = [stage[0].nodes for stage in model._predictors]
    shift = np.cumsum([0, *map(len, nodes)])[:-1].astype(np.int32)
    every = np.concatenate(nodes)
    offset = np.repeat(shift, [len(each) for each in nodes])
    places = np.arange(len(every), dtype=np.int32)
    leaf = every["is_leaf"].astype(bool)
    return Trees.of(
        names,
        {
            "feature": np.where(leaf, 0, telling[every["feature_idx"]]).astype(np.int32),
            "threshold": np.where(leaf, 0.0, every["num_threshold"]).astype(np.float64),
            "left": np.where(leaf, places, every["left"] + offset).astype(np.int32),
            "right": np.where(leaf, places, every["right"] + offset).astype(np.int32),
            "value": every["value"].astype(np.float32) * leaf,
            "missing_left": every["missing_go_to_left"].astype(np.uint8),
            "roots": shift,
            "baseline": np.asarray(model._baseline_prediction, np.float32).reshape(1),
        },
    )

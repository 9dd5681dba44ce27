"""The arithmetic of the figures; ``tests/test_benchmark_arithmetic.py`` checks it."""

import math
from collections.abc import Iterable, Sequence
from statistics import median


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that at least ``share`` percent of the values do not exceed (nearest rank).

    Args:
        values: at least one, in any order.
        share: from 1 to 100.
    """
    return sorted(values)[-(-len(values) * share // 100) - 1]


def paired_ratio(over: Iterable[float], under: Iterable[float]) -> float:
    """The median of the turns' quotients: each turn is compared with its neighbour in time.

    A turn in which the machine let nothing be measured is left out; without any other, it is infinite.

    Raises:
        ValueError: there are not as many of the one as of the other.
    """
    quotients = [a / b for a, b in zip(over, under, strict=True) if b]
    return median(quotients) if quotients else math.inf


def paired_difference(over: Iterable[float], under: Iterable[float]) -> float:
    """The median of the turns' differences.

    Raises:
        ValueError: there are not as many of the one as of the other.
    """
    return median(a - b for a, b in zip(over, under, strict=True))

"""Structural similarity of two pictures (SSIM, Wang et al. 2004), 8 x 8 windows, 0..1."""

from typing import Any

import numpy as np
from PIL import Image

WINDOW = 8
STRIP = 64
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
Grey = np.ndarray[Any, np.dtype[np.float64]]


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Return the mean SSIM of two grey pictures over the area that both cover."""
    width, height = min(one.width, other.width), min(one.height, other.height)
    a, b = (_grey(picture, width, height) for picture in (one, other))
    n = min(WINDOW, width, height)
    total = windows = 0.0
    for top in range(0, height - n + 1, STRIP):  # what fits the processor's cache is done sooner
        found = _similarity(a[top : top + STRIP + n - 1], b[top : top + STRIP + n - 1], n)
        total += float(found.sum())
        windows += found.size
    return total / windows


def _similarity(a: Grey, b: Grey, n: int) -> Grey:
    """Return the SSIM of each window of n by n px."""
    mean_a, mean_b = _means(a, n), _means(b, n)
    var_a, var_b = _means(a * a, n) - mean_a**2, _means(b * b, n) - mean_b**2
    both = _means(a * b, n) - mean_a * mean_b
    upper = (2 * mean_a * mean_b + C1) * (2 * both + C2)
    lower: Grey = (mean_a**2 + mean_b**2 + C1) * (var_a + var_b + C2)
    return upper / lower


def _grey(picture: Image.Image, width: int, height: int) -> Grey:
    cut = picture.convert("L").crop((0, 0, width, height))
    return np.asarray(cut, dtype=np.float64)


def _means(values: Grey, n: int) -> Grey:
    """Return the mean of each window, at every position."""
    sums = np.pad(values, ((1, 0), (1, 0))).cumsum(0).cumsum(1)
    return (sums[n:, n:] - sums[:-n, n:] - sums[n:, :-n] + sums[:-n, :-n]) / n**2

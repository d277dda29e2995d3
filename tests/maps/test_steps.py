"""Steps of shade: bounds part the figures truly, equal figures share a step, and bounds are round."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoptac.maps.steps import MOST_STEPS, How, make_steps

FIGURES = st.lists(
    st.integers(1, 10**18).map(Decimal) | st.decimals("0.001", "1000", places=3), min_size=1, max_size=63
)


def bounds(*figures: int | str, how: How = "quantile") -> list[str]:
    return [str(b) for b in make_steps([Decimal(f) for f in figures], how).bounds]


def test_no_figure_no_step() -> None:
    assert make_steps([]).count == 0


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ((7,), []),
        ((7, 7, 7), []),
        ((3, 18, 41, 160, 990), ["10", "40", "100", "900"]),
        ((65_000_000_000, 2_400_000_000), ["60000000000"]),
        (("0.4", "0.45"), ["0.45"]),
        ((1, 1, 1, 1, 1, 1, 1, 1, 1, 5), ["5"]),
    ],
)
def test_bounds_are_round(figures: tuple[int | str, ...], expected: list[str]) -> None:
    assert bounds(*figures) == expected


def test_quantiles_share_figures_out() -> None:
    steps = make_steps([Decimal(n) for n in range(1, 51)])
    held = [sum(steps.of(Decimal(n)) == k for n in range(1, 51)) for k in range(1, 6)]
    assert held == [10, 10, 10, 10, 10]


def test_a_logarithmic_scale_goes_by_one_two_five() -> None:
    assert bounds(3, 40, how="log") == ["5", "10", "20"]
    assert bounds(1, 10**6, how="log") == ["20", "500", "10000", "200000"]
    assert bounds(7, how="log") == []


@given(FIGURES, st.sampled_from(["quantile", "log"]))
def test_steps_part_figures_truly(figures: list[Decimal], how: How) -> None:
    steps = make_steps(figures, how)
    assert 1 <= steps.count <= MOST_STEPS
    assert list(steps.bounds) == sorted(set(steps.bounds))
    for a in figures:
        k = steps.of(a)
        assert 1 <= k <= steps.count
        assert k == 1 or steps.bounds[k - 2] <= a
        assert k == steps.count or a < steps.bounds[k - 1]
    if how == "quantile":
        assert {steps.of(a) for a in figures} == set(range(1, steps.count + 1)), "a step without a figure"
        if len(set(figures)) <= MOST_STEPS:
            assert steps.count == len(set(figures))


@pytest.mark.parametrize("figure", ["0", "-1"])
def test_a_figure_that_has_no_step_is_refused(figure: str) -> None:
    with pytest.raises(ValueError, match="expected more than 0"):
        make_steps([Decimal(figure)])


def test_an_unknown_way_is_refused() -> None:
    with pytest.raises(ValueError, match="expected one of quantile, log"):
        make_steps([Decimal(1)], cast(How, "equal"))

"""Arithmetic that keeps sums: the properties on which every printed number of the twin rests."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from registers.twin.exact import (
    alternate,
    cumulative,
    every,
    flagged,
    grouped,
    largest_remainder,
    rounded_along,
    scaled,
    spread,
    stride,
)

WEIGHTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=60).filter(lambda w: sum(w) > 1e-6).map(np.array)


@given(st.integers(0, 10**8), WEIGHTS)
def test_largest_remainder_keeps_the_sum_and_moves_no_part_by_one(total, weights):
    parts = largest_remainder(total, weights)
    assert parts.sum() == total
    assert np.abs(parts - total * weights / weights.sum()).max() < 1 + 1e-6 * total


@given(st.integers(0, 10**8), WEIGHTS, st.floats(0, 1, exclude_max=True))
def test_rounding_along_keeps_the_sum_whatever_the_start(total, weights, start):
    parts = rounded_along(total, cumulative(weights), start)
    assert parts.sum() == total
    assert parts.min() >= 0


def test_a_cell_that_expects_a_tenth_has_one_in_a_tenth_of_the_starts():
    cum = cumulative(np.ones(10))
    assert [sum(rounded_along(1, cum, u)[3] for u in np.arange(0.0005, 1, 0.001))] == [100]


@given(st.lists(st.integers(0, 300), min_size=1, max_size=12).filter(sum), st.integers(1, 40))
def test_a_spread_sequence_has_exactly_its_counts_however_it_is_cut(counts, step):
    total = sum(counts)
    parts = [spread(first, min(step, total - first), np.array(counts)) for first in range(0, total, step)]
    assert np.bincount(np.concatenate(parts), minlength=len(counts)).tolist() == counts


@given(st.integers(1, 10**6))
def test_a_stride_visits_every_place(total):
    assert np.gcd(stride(total), total) == 1


@given(st.integers(0, 1000), st.integers(0, 1000), st.floats(0, 1))
def test_flagging_every_so_many_does_not_depend_on_where_a_day_ends(first, second, share):
    parts = every(0, first, share).sum() + every(first, second, share).sum()
    assert parts == every(0, first + second, share).sum() == np.floor((first + second) * share)


@given(st.data())
def test_as_many_are_flagged_in_each_block_as_are_wanted(data):
    sizes = data.draw(st.lists(st.integers(1, 30), min_size=1, max_size=8))
    block = np.repeat(np.arange(len(sizes)), sizes)
    able = np.array(data.draw(st.lists(st.booleans(), min_size=len(block), max_size=len(block))))
    wanted = np.array([data.draw(st.integers(0, int(able[block == b].sum()))) for b in range(len(sizes))])
    found = flagged(able.astype(int), block, wanted)
    assert np.bincount(block, found, minlength=len(sizes)).tolist() == wanted.tolist()
    assert not found[~able].any()


@given(st.lists(st.integers(0, 5), max_size=80), st.integers(1, 20))
def test_a_counting_sort_of_chunks_is_a_stable_sort(keys, size):
    keys = np.array(keys, dtype=int)
    parts = [(first, keys[first : first + size]) for first in range(0, len(keys), size)]
    counts = np.bincount(keys[keys < 4], minlength=4)
    assert grouped(parts, counts).tolist() == np.argsort(keys, kind="stable")[: counts.sum()].tolist()


def test_half_is_rounded_up():
    assert [scaled(n, 0.5) for n in (0, 1, 2, 3)] == [0, 1, 1, 2]


def test_shares_that_alternate_come_out_near_in_every_run():
    assert abs((alternate(777, 1000, (0.7, 0.3)) == 0).mean() - 0.7) < 0.005

"""The kinds of rules a form may state: when one is broken, what data it needs, and how it reads in words.

One row of `RULES` is everything the program knows of a kind: the validator, the findings and the help pages ask it.
Invariants: a rule sees values only once all of them are known; a blank addend counts as 0. Thread: any, pure.

    kind          broken when                                                   stands for
    sum           left sum != right sum                                         V1 = P1 + P2; B4.J = S4
    row           the same, silent while every part is blank                    L + P = J: many write only the total
    at_most       left sum > right sum                                          B1 <= A1
    bound         left sum > limit                                              A1.J <= 300
    all_zero      every left cell is 0 or blank                                 no valid vote at all
    all_to_one    one left cell holds all, and it is floor or more              every valid vote for one ticket
    ratio         left >= floor and left >= limit % of right                    invalid votes
    pairs         a written left cell != the right term beside it               DPT on paper = DPT in the register
    reserve       both written, left != right + limit %, rounded up             ballots received
    over_reserve  left > right + limit %, rounded up                            people who voted against the DPT
    implies       left sum > 0, right sum is 0 or blank                         DPK voters, but nobody on the DPK
    written       left sum > 0, every right cell is blank                       people voted, the DPT is blank
    outlier       left as % of right is far from the middle half of the area    turnout unlike the rest of the desa
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import quantiles
from typing import TypeAlias

from app.domain.form import Check, Text

Value: TypeAlias = int | None  # None = blank on the paper
Values: TypeAlias = tuple[Value, ...]

# Fewer stations have no middle half to speak of; 274 of Kabupaten Bandung's 280 desa have more.
LEAST_STATIONS = 8
# Tukey's outer fence: so many widths of the middle half away from it. Of 10,338 real stations 0.6 % are beyond.
FENCE = 3.0


@dataclass(frozen=True, slots=True)
class Spread:
    """The settled stations of an area: how many, and between which shares (in per cent) their middle half lies."""

    count: int
    low: float
    high: float

    def is_far(self, share: float, least: float) -> bool:
        """Outside the middle half by `FENCE` times its width, and by `least` per cent points."""
        reach = max(least, FENCE * (self.high - self.low))
        return not self.low - reach <= share <= self.high + reach


def spread_of(shares: Sequence[float]) -> Spread | None:
    """None where too few stations are known to say what is usual."""
    if len(shares) < LEAST_STATIONS:
        return None
    low, _, high = quantiles(shares, n=4, method="inclusive")
    return Spread(len(shares), low, high)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one check looks at: its declaration and the values of its terms; `spread` for an outlier alone."""

    check: Check
    left: Values
    right: Values
    spread: Spread | None = None

    @property
    def expected(self) -> int:
        """The right sum with the reserve of `limit` per cent."""
        return with_reserve(total(self.right), self.check.limit)

    @property
    def share(self) -> float | None:
        """Left as per cent of right; None when the whole is nothing."""
        return share(self.left, self.right)


def total(values: Values) -> int:
    return sum(value or 0 for value in values)


def is_blank(values: Values) -> bool:
    return all(value is None for value in values)


def share(left: Values, right: Values) -> float | None:
    """Per cent; None when the whole is nothing."""
    whole = total(right)
    return 100 * total(left) / whole if whole else None


def with_reserve(count: int, percent: float) -> int:
    """`count` plus `percent`, rounded up; in fractions, because 1.02 * 350 is not 357 to every float."""
    return math.ceil(count * (100 + Fraction(str(percent))) / 100)


def _differs(seen: Seen) -> bool:
    return total(seen.left) != total(seen.right)


def _is_large_share(seen: Seen) -> bool:
    part, whole = total(seen.left), total(seen.right)
    return whole > 0 and part >= seen.check.floor and part * 100 >= seen.check.limit * whole


def _holds_all(seen: Seen) -> bool:
    votes = [value for value in seen.left if value]
    return len(votes) == 1 and votes[0] >= seen.check.floor


def _differs_from_reserve(seen: Seen) -> bool:
    if is_blank(seen.left) or is_blank(seen.right):
        return False
    return total(seen.left) != seen.expected


def _is_outlier(seen: Seen) -> bool:
    # `judge` asks only where a spread is known; of nothing there is no share
    return bool(seen.spread and seen.share is not None and seen.spread.is_far(seen.share, seen.check.limit))


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of rule. `says` is what must hold, with {left}, {right} as formulas and {limit}, {floor} as numbers.

    `right`, `limit`, `floor`: whether a check of this kind has them. `least` is how many left terms it needs;
    `joined` stands between its terms.
    """

    is_broken: Callable[[Seen], bool]
    says: Text
    right: bool = True
    limit: bool = False
    floor: bool = False
    least: int = 1
    joined: str = " + "


RULES: Mapping[str, Rule] = {
    "sum": Rule(_differs, Text("{left} = {right}", "{left} = {right}")),
    "row": Rule(
        lambda seen: not is_blank(seen.left) and _differs(seen),
        Text(
            "{left} = {right}; kedua bagian kosong tidak dipersoalkan",
            "{left} = {right}; both parts blank is no matter",
        ),
    ),
    "at_most": Rule(
        lambda seen: total(seen.left) > total(seen.right),
        Text("{left} tidak lebih dari {right}", "{left} is no more than {right}"),
    ),
    "bound": Rule(
        lambda seen: total(seen.left) > seen.check.limit,
        Text("{left} tidak lebih dari {limit}", "{left} is no more than {limit}"),
        right=False,
        limit=True,
    ),
    "all_zero": Rule(
        lambda seen: not any(seen.left),
        Text("tidak semua dari {left} nol atau kosong", "not all of {left} are zero or blank"),
        right=False,
        joined=", ",
    ),
    "all_to_one": Rule(
        _holds_all,
        Text(
            "suara pada {left} tidak seluruhnya (mulai {floor} suara) di satu kotak",
            "the votes on {left} are not all in one box (from {floor} votes)",
        ),
        right=False,
        floor=True,
        least=2,
        joined=", ",
    ),
    "ratio": Rule(
        _is_large_share,
        Text(
            "{left} kurang dari {limit}% dari {right}, atau kurang dari {floor}",
            "{left} is less than {limit}% of {right}, or less than {floor}",
        ),
        limit=True,
        floor=True,
    ),
    "pairs": Rule(
        lambda seen: any(a is not None and a != b for a, b in zip(seen.left, seen.right, strict=True)),
        Text(
            "{left} sama dengan {right}, satu per satu; kotak kosong tidak dipersoalkan",
            "{left} equal {right}, one by one; a blank box is no matter",
        ),
        joined=", ",
    ),
    "reserve": Rule(
        _differs_from_reserve,
        Text(
            "{left} = {right} ditambah {limit}%, dibulatkan ke atas",
            "{left} = {right} plus {limit}%, rounded up",
        ),
        limit=True,
    ),
    "over_reserve": Rule(
        lambda seen: total(seen.left) > seen.expected,
        Text(
            "{left} tidak lebih dari {right} ditambah {limit}%, dibulatkan ke atas",
            "{left} is no more than {right} plus {limit}%, rounded up",
        ),
        limit=True,
    ),
    "implies": Rule(
        lambda seen: total(seen.left) > 0 and not total(seen.right),
        Text(
            "bila {left} lebih dari nol, {right} juga lebih dari nol",
            "where {left} is more than zero, {right} is so, too",
        ),
    ),
    "written": Rule(
        lambda seen: total(seen.left) > 0 and is_blank(seen.right),
        Text(
            "bila {left} lebih dari nol, {right} terisi", "where {left} is more than zero, {right} is written"
        ),
    ),
    "outlier": Rule(
        _is_outlier,
        Text(
            "bagian {left} dari {right} tidak jauh dari separuh tengah TPS lain di desa ini: paling jauh {limit} angka "
            "persen, atau tiga kali lebarnya",
            "{left} as a share of {right} is not far from the middle half of this desa's other stations: at most "
            "{limit} points, or three times its width",
        ),
        limit=True,
    ),
}

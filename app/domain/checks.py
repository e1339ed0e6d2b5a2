"""What the declared checks of a form mean: evaluates them over cells and says what is broken, in sentences.

Invariants: a check never blocks, repairs or fills in; a rule that needs an unreadable or absent cell is *unknown* and
gives no finding; a blank addend counts as 0 and stays blank in the data. Thread: any, everything here is pure.

    kind      broken when                                            stands for
    sum       left sum != right sum                                  V1 = P1 + P2; B4.J = S4
    row       the same, silent while every part is blank             L + P = J: many KPPS write only the total
    at_most   left sum > right sum                                   B1 <= A1
    bound     left sum > limit                                       A1.J <= 300
    all_zero  every left cell is 0 or blank                          no valid vote at all
    ratio     left >= floor and left >= limit % of right             invalid votes
    pairs     a written left cell != the right term beside it        DPT on paper = DPT in the register
    reserve   both written, left != right + limit %, rounded up      ballots received
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

from app.domain.c1form import canonical_json
from app.domain.cell import Cells, Mark
from app.domain.form import Check, FormDefinition, Severity, Text

BLANK = Text(id="kosong", en="blank")
WRITTEN = Text(id="tertulis", en="written")
EMPTY_BOX = Text(id="kotaknya kosong", en="the box is blank")


@dataclass(frozen=True, slots=True)
class Dpt:
    """The register's (TPS list's) voters of one TPS: men and women."""

    l: int  # noqa: E741 - L and P are the form's own column names
    p: int

    @property
    def j(self) -> int:
        return self.l + self.p


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken check, ready to show.

    `fields` are lit up, in paper order; `depends_on` are all the cells the rule read: a change of any of them lapses
    an acceptance. `values` are what the rule saw (with `dpt.*`); `fingerprint` names check and values, so an
    acceptance of 191 is never taken for one of 181. 191 -> 181 -> 191 is the store's business: it lapses on change.
    """

    code: str
    severity: Severity
    fields: tuple[str, ...]
    message: Text
    values: tuple[tuple[str, int | str], ...]
    fingerprint: str
    depends_on: tuple[str, ...]


class Outcome(Enum):
    """What one check says about the cells."""

    HOLDS = auto()
    BROKEN = auto()
    UNKNOWN = auto()  # it needs a cell that is unreadable or not keyed, or a DPT that is not known


REGISTER_TERMS = ("dpt.L", "dpt.P", "dpt.J")
ELSEWHERE = "/"  # between a ballot and a box of its form
PLACEHOLDERS = frozenset({"left", "right", "written", "code", "label", "limit", "expected"})

Value: TypeAlias = int | None  # None = blank on the paper
# Ballot ("ppwp") -> what was read of the same station's other form: `ppwp/A1.L` in a rule is its box A1.L.
Others: TypeAlias = Mapping[str, Cells]
NO_OTHERS: Others = MappingProxyType({})
Values: TypeAlias = tuple[Value, ...]


def _total(values: Values) -> int:
    return sum(value or 0 for value in values)


def _is_blank(values: Values) -> bool:
    return all(value is None for value in values)


def _with_reserve(count: int, percent: float) -> int:
    """`count` plus `percent`, rounded up; in fractions, because 1.02 * 350 is not 357 to every float."""
    return math.ceil(count * (100 + Fraction(str(percent))) / 100)


def _differs(_check: Check, left: Values, right: Values) -> bool:
    return _total(left) != _total(right)


def _row_differs(check: Check, left: Values, right: Values) -> bool:
    return not _is_blank(left) and _differs(check, left, right)


def _exceeds(_check: Check, left: Values, right: Values) -> bool:
    return _total(left) > _total(right)


def _exceeds_limit(check: Check, left: Values, _right: Values) -> bool:
    return _total(left) > check.limit


def _is_all_zero(_check: Check, left: Values, _right: Values) -> bool:
    return not any(left)


def _is_large_share(check: Check, left: Values, right: Values) -> bool:
    part, whole = _total(left), _total(right)
    return whole > 0 and part >= check.floor and part * 100 >= check.limit * whole


def _differs_in_pairs(_check: Check, left: Values, right: Values) -> bool:
    return any(a is not None and a != b for a, b in zip(left, right, strict=True))


def _differs_from_reserve(check: Check, left: Values, right: Values) -> bool:
    if _is_blank(left) or _is_blank(right):
        return False
    return _total(left) != _with_reserve(_total(right), check.limit)


RULES: Mapping[str, Callable[[Check, Values, Values], bool]] = {
    "sum": _differs,
    "row": _row_differs,
    "at_most": _exceeds,
    "bound": _exceeds_limit,
    "all_zero": _is_all_zero,
    "ratio": _is_large_share,
    "pairs": _differs_in_pairs,
    "reserve": _differs_from_reserve,
}


def judge(check: Check, cells: Cells, dpt: Dpt | None = None, others: Others = NO_OTHERS) -> Outcome:
    """One check alone, without regard to what silences it."""
    left, right = _read(check.left, cells, dpt, others), _read(check.right, cells, dpt, others)
    if left is None or right is None:
        return Outcome.UNKNOWN
    return Outcome.BROKEN if RULES[check.kind](check, left, right) else Outcome.HOLDS


def evaluate(
    form: FormDefinition,
    cells: Cells,
    dpt: Dpt | None = None,
    profile: str | None = None,
    others: Others = NO_OTHERS,
) -> list[Finding]:
    """All findings in paper order of the first field they light up. With `profile`, only its cells are looked at.

    Raises KeyError for an unknown profile.
    """
    if profile is not None:
        wanted = form.profile(profile).fields
        cells = {one: cells[one] for one in wanted if one in cells}
    broken = [check for check in form.checks if judge(check, cells, dpt, others) is Outcome.BROKEN]
    codes = {check.code for check in broken}
    findings = [
        _finding(form, check, cells, dpt, others) for check in broken if codes.isdisjoint(check.silenced_by)
    ]
    return sorted(findings, key=lambda finding: form.order[finding.fields[0]])


def computed_total(form: FormDefinition, field_id: str, cells: Cells) -> int | None:
    """The sum shown beside a keyed total; None when `field_id` is no total, a part is unknown or all are blank.

    The first identity that can be computed counts, in the definition's order (column before row for A4.J).
    """
    for check in form.totals.get(field_id, ()):
        parts = _read(check.left, cells, None, NO_OTHERS)
        if parts is not None and not _is_blank(parts):
            return _total(parts)
    return None


def fields_used(check: Check) -> tuple[str, ...]:
    """The cells of this form that a check reads, each once, left before right."""
    return tuple(dict.fromkeys(term for term in check.left + check.right if is_own(term)))


def is_own(term: str) -> bool:
    """Whether it names a box of the form itself: neither the register's nor another form's."""
    return term not in REGISTER_TERMS and ELSEWHERE not in term


def _read(terms: tuple[str, ...], cells: Cells, dpt: Dpt | None, others: Others) -> Values | None:
    """The terms' values; None when one of them is unreadable, absent, an unknown DPT or on a form nobody read."""
    values: list[Value] = []
    for term in terms:
        if term in REGISTER_TERMS:
            if dpt is None:
                return None
            values.append({"dpt.L": dpt.l, "dpt.P": dpt.p, "dpt.J": dpt.j}[term])
            continue
        ballot, _, name = term.rpartition(ELSEWHERE)
        cell = (others.get(ballot, {}) if ballot else cells).get(name, Mark.UNREADABLE)
        if cell is Mark.UNREADABLE:
            return None
        values.append(None if isinstance(cell, Mark) else cell)
    return tuple(values)


def _finding(form: FormDefinition, check: Check, cells: Cells, dpt: Dpt | None, others: Others) -> Finding:
    left, right = _read(check.left, cells, dpt, others) or (), _read(check.right, cells, dpt, others) or ()
    seen = dict(zip(check.left + check.right, left + right, strict=True))
    values = tuple((term, Mark.BLANK.value if value is None else value) for term, value in seen.items())
    fields = tuple(sorted(check.mark or fields_used(check), key=form.order.__getitem__))
    return Finding(
        code=check.code,
        severity=check.severity,
        fields=fields,
        message=_message(form, check, left, right, fields[0]),
        values=values,
        fingerprint=_fingerprint(form.id, check.code, values),
        depends_on=tuple(sorted(fields_used(check), key=form.order.__getitem__)),
    )


def _fingerprint(form_id: str, code: str, values: tuple[tuple[str, int | str], ...]) -> str:
    body = {"form": form_id, "check": code, "values": dict(values)}
    return hashlib.sha256(canonical_json(body)).hexdigest()


def _message(form: FormDefinition, check: Check, left: Values, right: Values, first: str) -> Text:
    field = form.by_id[first]

    def fill(template: str, language: str) -> str:
        blank, written = BLANK.in_language(language), WRITTEN.in_language(language)
        by_pairs = check.kind == "pairs"
        return template.format(
            left=_shown(left, blank, by_pairs=by_pairs),
            right=_shown(right, blank, by_pairs=by_pairs),
            written=EMPTY_BOX.in_language(language) if _is_blank(right) else f"{written} {_total(right)}",
            code=field.code,
            label=field.label.in_language(language),
            limit=f"{check.limit:g}",
            expected=_with_reserve(_total(right), check.limit),
        )

    return Text(id=fill(check.message.id, "id"), en=fill(check.message.en, "en"))


def _shown(values: Values, blank: str, *, by_pairs: bool) -> str:
    """`181`, `97/101` for pairs, `kosong` when nothing at all is written."""
    if by_pairs:
        return "/".join(blank if value is None else str(value) for value in values)
    return blank if _is_blank(values) else str(_total(values))

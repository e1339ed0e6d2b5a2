"""What the declared checks of a form mean: evaluates them over cells and says what is broken, in sentences.

Invariants: a check never blocks, repairs or fills in; a rule that needs an unreadable or absent cell is *unknown* and
gives no finding; a blank addend counts as 0 and stays blank in the data. The kinds of rules stand in
`app.domain.rules`. Thread: any, everything here is pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeAlias

from app.domain.c1form import canonical_json
from app.domain.cell import Cells, Mark
from app.domain.form import OUTLIER, Check, FormDefinition, Severity, Text
from app.domain.rules import RULES, Seen, Spread, Values, is_blank, share, spread_of, total

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

    `message` is for whoever keys, `for_verifier` for whoever compares the entry with the scan.
    `fields` are lit up, in paper order; `depends_on` are all the cells the rule read: a change of any of them lapses
    an acceptance. `values` are what the rule saw (with `dpt.*`); `fingerprint` names check and values, so an
    acceptance of 191 is never taken for one of 181. 191 -> 181 -> 191 is the store's business: it lapses on change.
    The check's `version` is no part of the fingerprint: a better sentence opens no accepted finding again.
    """

    code: str
    version: int
    severity: Severity
    fields: tuple[str, ...]
    message: Text
    for_verifier: Text
    values: tuple[tuple[str, int | str], ...]
    fingerprint: str
    depends_on: tuple[str, ...]


class Outcome(Enum):
    """What one check says about the cells."""

    HOLDS = auto()
    BROKEN = auto()
    UNKNOWN = auto()  # it needs a cell that is unreadable or not keyed, a DPT or an area that is not known


REGISTER_TERMS = ("dpt.L", "dpt.P", "dpt.J")
ELSEWHERE = "/"  # between a ballot and a box of its form
PLACEHOLDERS = frozenset({
    "left", "right", "written", "code", "label", "limit", "expected", "share", "low", "high", "count",
})  # fmt: skip

# Ballot ("ppwp") -> what was read of the same station's other form: `ppwp/A1.L` in a rule is its box A1.L.
Others: TypeAlias = Mapping[str, Cells]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside a form's own boxes: the register, the station's other ballots, the area's stations.

    `spreads` holds an area's usual shares by the code of the check that asks for them (see `spreads_of`). Whoever
    makes it answers for what the person in front may see: see `app.services.beside`.
    """

    dpt: Dpt | None = None
    others: Others = field(default_factory=dict)
    spreads: Mapping[str, Spread] = field(default_factory=dict)


ALONE = Beside()


def judge(check: Check, cells: Cells, beside: Beside = ALONE) -> Outcome:
    """One check alone, without regard to what silences it."""
    seen = _see(check, cells, beside)
    if seen is None:
        return Outcome.UNKNOWN
    return Outcome.BROKEN if RULES[check.kind].is_broken(seen) else Outcome.HOLDS


def evaluate(
    form: FormDefinition, cells: Cells, beside: Beside = ALONE, profile: str | None = None
) -> list[Finding]:
    """All findings in paper order of the first field they light up. With `profile`, only its cells are looked at.

    Raises KeyError for an unknown profile.
    """
    if profile is not None:
        wanted = form.profile(profile).fields
        cells = {one: cells[one] for one in wanted if one in cells}
    found = {check.code: (check, seen) for check in form.checks if (seen := _broken(check, cells, beside))}
    findings = [
        _finding(form, seen) for check, seen in found.values() if found.keys().isdisjoint(check.silenced_by)
    ]
    return sorted(findings, key=lambda finding: form.order[finding.fields[0]])


def about(findings: Iterable[Finding], fields: Collection[str]) -> list[Finding]:
    """Those that rest on one of these boxes at least: what a reader of some pages can say something to."""
    return [one for one in findings if not set(fields).isdisjoint(one.depends_on)]


def finding_of(form: FormDefinition, check: Check, cells: Cells, beside: Beside = ALONE) -> Finding | None:
    """What one check says, whatever silences it; None where it holds or is unknown."""
    seen = _broken(check, cells, beside)
    return None if seen is None else _finding(form, seen)


def computed_total(form: FormDefinition, field_id: str, cells: Cells) -> int | None:
    """The sum shown beside a keyed total; None when `field_id` is no total, a part is unknown or all are blank.

    The first identity that can be computed counts, in the definition's order (column before row for A4.J).
    """
    for check in form.totals.get(field_id, ()):
        parts = _read(check.left, cells, ALONE)
        if parts is not None and not is_blank(parts):
            return total(parts)
    return None


def spreads_of(form: FormDefinition, stations: Sequence[Cells]) -> dict[str, Spread]:
    """What is usual among an area's other stations, for each check that asks; none where too few are known."""
    found: dict[str, Spread] = {}
    for check in form.outliers:
        terms = ((_read(check.left, cells, ALONE), _read(check.right, cells, ALONE)) for cells in stations)
        shares = [share(left, right) for left, right in terms if left is not None and right is not None]
        spread = spread_of([one for one in shares if one is not None])
        if spread is not None:
            found[check.code] = spread
    return found


def fields_used(check: Check) -> tuple[str, ...]:
    """The cells of this form that a check reads, each once, left before right."""
    return tuple(dict.fromkeys(term for term in check.left + check.right if is_own(term)))


def is_own(term: str) -> bool:
    """Whether it names a box of the form itself: neither the register's nor another form's."""
    return term not in REGISTER_TERMS and ELSEWHERE not in term


def _broken(check: Check, cells: Cells, beside: Beside) -> Seen | None:
    seen = _see(check, cells, beside)
    return seen if seen is not None and RULES[check.kind].is_broken(seen) else None


def _see(check: Check, cells: Cells, beside: Beside) -> Seen | None:
    """The check's values; None when something it needs is not known."""
    left, right = _read(check.left, cells, beside), _read(check.right, cells, beside)
    spread = beside.spreads.get(check.code)
    if left is None or right is None or (check.kind == OUTLIER and spread is None):
        return None
    return Seen(check, left, right, spread)


def _read(terms: tuple[str, ...], cells: Cells, beside: Beside) -> Values | None:
    """The terms' values; None when one of them is unreadable, absent, an unknown DPT or on a form nobody read."""
    values: list[int | None] = []
    for term in terms:
        if term in REGISTER_TERMS:
            if beside.dpt is None:
                return None
            values.append({"dpt.L": beside.dpt.l, "dpt.P": beside.dpt.p, "dpt.J": beside.dpt.j}[term])
            continue
        ballot, _, name = term.rpartition(ELSEWHERE)
        cell = (beside.others.get(ballot, {}) if ballot else cells).get(name, Mark.UNREADABLE)
        if cell is Mark.UNREADABLE:
            return None
        values.append(None if isinstance(cell, Mark) else cell)
    return tuple(values)


def _finding(form: FormDefinition, seen: Seen) -> Finding:
    check = seen.check
    terms = dict(zip(check.left + check.right, seen.left + seen.right, strict=True))
    values = tuple((term, Mark.BLANK.value if value is None else value) for term, value in terms.items())
    fields = tuple(sorted(check.mark or fields_used(check), key=form.order.__getitem__))
    fact = _fact(form, seen, fields[0])
    return Finding(
        code=check.code,
        version=check.version,
        severity=check.severity,
        fields=fields,
        message=_then(fact, check.asked),
        for_verifier=_then(fact, check.advised),
        values=values,
        fingerprint=_fingerprint(form.id, check.code, values),
        depends_on=tuple(sorted(fields_used(check), key=form.order.__getitem__)),
    )


def _fingerprint(form_id: str, code: str, values: tuple[tuple[str, int | str], ...]) -> str:
    body = {"form": form_id, "check": code, "values": dict(values)}
    return hashlib.sha256(canonical_json(body)).hexdigest()


def _then(fact: Text, advice: Text) -> Text:
    return Text(f"{fact.id} {advice.id}".strip(), f"{fact.en} {advice.en}".strip())


def _fact(form: FormDefinition, seen: Seen, first: str) -> Text:
    """What was found, in both languages."""
    box, check = form.by_id[first], seen.check

    def fill(language: str) -> str:
        blank, written = BLANK.in_language(language), WRITTEN.in_language(language)
        by_pairs = check.kind == "pairs"
        spread = seen.spread or _NOBODY
        return check.message.in_language(language).format(
            left=_shown(seen.left, blank, by_pairs=by_pairs),
            right=_shown(seen.right, blank, by_pairs=by_pairs),
            written=EMPTY_BOX.in_language(language)
            if is_blank(seen.right)
            else f"{written} {total(seen.right)}",
            code=box.code,
            label=box.label.in_language(language),
            limit=f"{check.limit:g}",
            expected=seen.expected,
            share=_percent(seen.share or 0, language),
            low=_percent(spread.low, language),
            high=_percent(spread.high, language),
            count=spread.count,
        )

    return Text(id=fill("id"), en=fill("en"))


_NOBODY = Spread(0, 0, 0)


def _percent(share: float, language: str) -> str:
    """Below ten with one digit behind the comma: of 1.3 % and 0.7 % the one is twice the other."""
    text = f"{share:.0f}" if share >= 10 else f"{share:.1f}".removesuffix(".0")
    return text if language == "en" else text.replace(".", ",")


def _shown(values: Values, blank: str, *, by_pairs: bool) -> str:
    """`181`, `97/101` for pairs, `kosong` when nothing at all is written."""
    if by_pairs:
        return "/".join(blank if value is None else str(value) for value in values)
    return blank if is_blank(values) else str(total(values))

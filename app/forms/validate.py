"""Does a form definition hang together? Names, boxes, texts, and every check against its own examples.

Invariant: reports all faults, each at the line it stands on; changes nothing. Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from string import Formatter

from app.domain.checks import (
    ELSEWHERE,
    PLACEHOLDERS,
    REGISTER_TERMS,
    Outcome,
    fields_used,
    is_own,
    judge,
)
from app.domain.examples import example_of
from app.domain.form import OUTLIER, Box, Check, Field, FormDefinition, Severity, Text
from app.domain.rules import RULES
from app.forms import limits
from app.forms.source import Faults, Place, Places

_FORM_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def validate(form: FormDefinition, places: Places, faults: Faults) -> None:
    """Add every fault of meaning to `faults`; the file's structure has been read without any before."""
    _names(form, faults)
    _pages(form, places, faults)
    _boxes(form, places, faults)
    _profiles(form, places, faults)
    for place, sentence in _publication(form):
        faults.add(place, sentence)
    for check in form.checks:
        place = places.checks[check.code]

        def report(key: str, sentence: str, at: Place = place, code: str = check.code) -> None:
            faults.add((*at, key), f"aturan {code}: {sentence}")

        _check(form, check, places, report)
    _silence(form, places, faults)


def _names(form: FormDefinition, faults: Faults) -> None:
    if not _FORM_ID.fullmatch(form.id):
        faults.add(("id",), f"id `{form.id}` hanya boleh huruf kecil, angka dan tanda hubung.")
    if form.version < 1:
        faults.add(("version",), "version mulai dari 1.")
    if form.readings not in (1, 2):
        faults.add(("readings",), "readings harus 1 atau 2.")


def _pages(form: FormDefinition, places: Places, faults: Faults) -> None:
    known = [page.n for page in form.pages]
    if known != list(range(1, len(known) + 1)):
        faults.add(("page", 0, "n"), f"halaman harus bernomor 1, 2, ... berurutan, bukan {known}.")
    low, high = limits.PAGE_MM
    for at, page in enumerate(form.pages):
        if not (low <= page.width_mm <= high and low <= page.height_mm <= high):
            sentence = f"halaman {page.n} harus {low:g}-{high:g} mm lebar dan tinggi."
            faults.add(("page", at, "width_mm"), sentence)
    for section in form.sections:
        if section.page not in known:
            faults.add((*places.sections[section.id], "page"), f"halaman {section.page} tidak ada.")
    for before, after in pairwise(form.sections):
        if after.page < before.page:
            sentence = (
                f"bagian {after.id} (halaman {after.page}) harus sebelum bagian {before.id}: urutan kertas."
            )
            faults.add((*places.sections[after.id], "page"), sentence)


def _boxes(form: FormDefinition, places: Places, faults: Faults) -> None:
    if len(form.fields) > limits.BOXES:
        faults.add((), f"lebih dari {limits.BOXES} kotak.")
        return
    sizes = {page.n: Box(0, 0, page.width_mm, page.height_mm) for page in form.pages}
    for section in form.sections:
        if section.page in sizes and not _contains(sizes[section.page], section.box):
            sentence = f"judul bagian {section.id} di luar halaman {section.page}."
            faults.add((*places.sections[section.id], "y"), sentence)
    for one in form.fields:
        if one.page in sizes:  # else its section's page is reported already
            for sentence in _box_faults(form, one, sizes[one.page]):
                faults.add((*places.fields[one.id], "y"), sentence)
    for upper, lower in _overlapping(form.fields):
        faults.add((*places.fields[lower.id], "y"), f"kotak {lower.id} menimpa kotak {upper.id}.")


def _box_faults(form: FormDefinition, one: Field, page: Box) -> Iterator[str]:
    for box in (one.row_box, *_inked(one)):
        if box.w <= 0 or box.h <= 0 or not _contains(page, box):
            yield f"kotak {one.id} di luar halaman {one.page}, atau tanpa luas."
    if not _contains(one.row_box, one.box):
        yield f"kotak {one.id} di luar potongan barisnya."
    for section in form.sections:
        if section.page == one.page and _overlap(section.box, one.box):
            yield f"kotak {one.id} menimpa judul bagian {section.id}."


def _overlapping(fields: tuple[Field, ...]) -> Iterator[tuple[Field, Field]]:
    """Pairs on one page whose boxes overlap; sorted by height, so 39 boxes need no 741 comparisons."""
    ordered = sorted(fields, key=lambda one: (one.page, one.box.y))
    for place, upper in enumerate(ordered):
        foot = max(_bottom(box) for box in _inked(upper))
        for lower in ordered[place + 1 :]:
            if lower.page != upper.page or lower.box.y >= foot:
                break
            if any(_overlap(a, b) for a in _inked(upper) for b in _inked(lower)):
                yield upper, lower


def _inked(one: Field) -> tuple[Box, ...]:
    return (one.box, one.words_box) if one.words_box else (one.box,)


def _bottom(box: Box) -> float:
    return box.y + box.h


def _contains(outer: Box, inner: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.w <= outer.x + outer.w
        and _bottom(inner) <= _bottom(outer)
    )


def _overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.w
        and other.x < one.x + one.w
        and one.y < _bottom(other)
        and other.y < _bottom(one)
    )


def _profiles(form: FormDefinition, places: Places, faults: Faults) -> None:
    if form.default_profile not in places.profiles:
        faults.add(("default_profile",), f"profil `{form.default_profile}` tidak ada.")
    for profile in form.profiles:
        place = (*places.profiles[profile.name], "fields")
        if not profile.fields:
            faults.add(place, f"profil {profile.name} tidak berisi kotak.")
        for one in profile.fields:
            if one not in form.by_id:
                faults.add(place, f"profil {profile.name}: kotak `{one}` tidak dikenal.")


def _publication(form: FormDefinition) -> Iterator[tuple[Place, str]]:
    for name, one in form.publication.fields.items():
        if one not in form.by_id:
            yield ("publication", "fields"), f"publikasi {name}: kotak `{one}` tidak dikenal."
    for place, candidate in enumerate(form.publication.candidates):
        if candidate.field not in form.by_id:
            sentence = f"calon {candidate.id}: kotak `{candidate.field}` tidak dikenal."
            yield ("publication", "candidate", place, "field"), sentence


def _check(form: FormDefinition, check: Check, places: Places, report: Callable[[str, str], None]) -> None:
    """One check: what it names exists, its shape fits its kind, its message can be filled, its examples behave."""
    # Of another form's boxes those are known that this one has, too: page 1, and V.
    unknown = [
        term
        for term in check.left + check.right
        if term.rpartition(ELSEWHERE)[2] not in form.by_id and term not in REGISTER_TERMS
    ]
    unknown_marks = [one for one in check.mark if one not in form.by_id]
    for term in unknown:
        report("left" if term in check.left else "right", f"kotak `{term}` tidak dikenal.")
    for one in unknown_marks:
        report("mark", f"kotak `{one}` tidak dikenal.")
    for code in check.silenced_by:
        if code not in places.checks:
            report("silenced_by", f"aturan `{code}` tidak ada.")
    for key, text in (("message", check.message), ("ask", check.ask), ("advice", check.advice)):
        for sentence in _message_faults(text, PLACEHOLDERS if key == "message" else frozenset()):
            report(key, sentence)
    shape = list(_shape_faults(check))
    for key, sentence in shape:
        report(key, sentence)
    if not (unknown or shape):
        for key, sentence in _example_faults(form, check):
            report(key, sentence)


def _shape_faults(check: Check) -> Iterator[tuple[str, str]]:
    if check.kind not in RULES:
        yield "kind", f"jenis `{check.kind}` tidak dikenal; yang ada: {', '.join(RULES)}."
        return
    rule = RULES[check.kind]
    if len(check.left) < rule.least:
        sentence = (
            "`left` tidak boleh kosong." if not check.left else f"`left` memerlukan {rule.least} kotak."
        )
        yield "left", sentence
    for key, has, needs in (("right", check.right, rule.right), ("limit", check.limit, rule.limit)):
        if bool(has) is not needs:
            yield key, f"jenis `{check.kind}` {'memerlukan' if needs else 'tidak memakai'} `{key}`."
    if check.kind == "pairs" and check.right and len(check.left) != len(check.right):
        yield "right", "jenis `pairs` memerlukan `left` dan `right` yang sama panjang."
    if check.floor and not rule.floor:
        yield "floor", f"jenis `{check.kind}` tidak memakai `floor`."
    if check.version < 1:
        yield "version", "version mulai dari 1."
    if not (check.mark or fields_used(check)):
        yield "mark", "tidak ada kotak yang dapat ditunjuk."
    if check.severity is not Severity.NOTE and _looks_elsewhere(check):
        # What is asked on one form would open again on a finished one whenever another form changes.
        yield "severity", "aturan yang melihat formulir atau TPS lain hanya boleh `note`."


def _looks_elsewhere(check: Check) -> bool:
    terms = check.left + check.right
    return check.kind == OUTLIER or any(not is_own(one) and one not in REGISTER_TERMS for one in terms)


def _message_faults(text: Text | None, known: Collection[str]) -> Iterator[str]:
    for one in (text.id, text.en) if text else ():
        try:
            pieces = list(Formatter().parse(one))
        except ValueError:
            yield "kurung kurawal pada pesan tidak berpasangan."
            continue
        for _literal, name, spec, conversion in pieces:
            if name is not None and (name not in known or spec or conversion):
                yield f"isian `{{{name}}}` tidak dikenal; yang ada: {', '.join(sorted(known)) or 'tidak ada'}."


def _example_faults(form: FormDefinition, check: Check) -> Iterator[tuple[str, str]]:
    for key, examples, expected in (
        ("pass", check.examples_pass, Outcome.HOLDS),
        ("fail", check.examples_fail, Outcome.BROKEN),
    ):
        if not examples:
            yield key, f"contoh `{key}` belum ada."
        for number, example in enumerate(examples, start=1):
            try:
                cells, beside = example_of(form, check, example)
            except ValueError as error:
                yield key, f"contoh `{key}` ke-{number}: {error}."
                continue
            outcome = judge(check, cells, beside)
            if outcome is not expected:
                yield key, f"contoh `{key}` ke-{number}: hasilnya {outcome.name}, seharusnya {expected.name}."


def _silence(form: FormDefinition, places: Places, faults: Faults) -> None:
    """No ring of silence (all would be mute); a contradiction on paper is not hidden by a mere warning, nor what asks
    for a reason by something that only some people may see."""
    severities = {check.code: check.severity for check in form.checks}
    elsewhere = {check.code for check in form.checks if _looks_elsewhere(check)}
    try:
        TopologicalSorter({check.code: check.silenced_by for check in form.checks}).prepare()
    except CycleError as error:
        ring = list(error.args[1])
        sentence = f"aturan saling membungkam: {', '.join(ring)}."
        faults.add((*places.checks[ring[0]], "silenced_by"), sentence)
    for check in form.checks:
        for code in check.silenced_by:
            is_paper = check.severity is Severity.PAPER
            if is_paper and severities.get(code, Severity.PAPER) is not Severity.PAPER:
                sentence = f"aturan {check.code}: `paper` tidak boleh dibungkam oleh {code}."
            elif check.severity is not Severity.NOTE and code in elsewhere:
                why = "yang melihat formulir atau TPS lain"
                sentence = f"aturan {check.code}: tidak boleh dibungkam oleh {code}, {why}."
            else:
                continue
            faults.add((*places.checks[check.code], "silenced_by"), sentence)

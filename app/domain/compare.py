"""What came back from the centre beside what is here: is it identical, and may it be confirmed without opening it?

A form may be confirmed in the batch only when nothing is left for an eye to find: two people read the same, every
page is here and at the centre under the same hash, every finding was accepted with a reason, and the verifier did not
key it. At the centre is a page also when its thrifty copy is there, by the centre's own receipt.
Source: design sections 4 and 7 ("identical ones confirmed in one batch by the verifier"). Pure; any thread.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from app.domain.cell import Cells
from app.domain.people import OWN_VERIFY, may_verify
from app.domain.readings import differing


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the batch rule looks at, for one form. Pages map the page number to the upload copy's SHA-256."""

    local: Cells
    centre: Cells
    is_settled: bool
    readers: int  # different people whose readings agree with the values
    readers_needed: int
    page_count: int
    pages: Mapping[int, str]
    centre_pages: Mapping[int, str]
    findings_open: int
    verifier: str
    first_readers: Collection[str]
    paper_codes: Mapping[str, str] = field(default_factory=dict)  # field id -> what is printed beside the box


def differences(evidence: Evidence) -> tuple[str, ...]:
    """Fields whose value at the centre is not the local one."""
    return differing(evidence.local, evidence.centre)


def missing_pages(page_count: int, pages: Collection[int]) -> tuple[int, ...]:
    """Page numbers that have not been scanned, in order."""
    return tuple(n for n in range(1, page_count + 1) if n not in pages)


def why_not_batch(evidence: Evidence) -> tuple[str, ...]:
    """Indonesian sentences, one per reason against confirming unseen; empty = may be confirmed in the batch."""
    reasons = []
    if not may_verify(evidence.verifier, evidence.first_readers):
        reasons.append(OWN_VERIFY)
    if not evidence.is_settled or evidence.readers < evidence.readers_needed:
        reasons.append("Belum tuntas dibaca oleh dua orang.")
    fields = differences(evidence)
    if fields:
        reasons.append(differs_sentence(fields, evidence.paper_codes))
    reasons += _page_reasons(evidence)
    if evidence.findings_open:
        reasons.append(f"{evidence.findings_open} temuan belum diberi alasan.")
    return tuple(reasons)


def differs_sentence(fields: Collection[str], paper_codes: Mapping[str, str]) -> str:
    """Which boxes differ, by the codes printed beside them: nobody in the room knows our field ids."""
    codes = ", ".join(paper_codes.get(one, one) for one in fields)
    return f"Angka di KPU RI berbeda di {codes}."


def _page_reasons(evidence: Evidence) -> list[str]:
    reasons = []
    absent = missing_pages(evidence.page_count, evidence.pages)
    if absent:
        reasons.append(f"Halaman {_numbers(absent)} belum dipindai.")
    not_there = [n for n in sorted(evidence.pages) if n not in evidence.centre_pages]
    if not_there:
        reasons.append(f"Gambar halaman {_numbers(not_there)} belum ada di KPU RI.")
    other = [n for n, sha in sorted(evidence.pages.items()) if evidence.centre_pages.get(n, sha) != sha]
    if other:
        reasons.append(f"Gambar halaman {_numbers(other)} di KPU RI bukan gambar yang ada di sini.")
    return reasons


def _numbers(pages: Collection[int]) -> str:
    return ", ".join(str(n) for n in pages)

"""What a form definition is made of (types only; `app.forms` reads them from TOML and validates).

Forms are data: fields, order, pages, boxes, identities and texts come from `resources/forms/*.toml`, never from code.
Boxes are in millimetres on the deskewed, cropped A4 page, origin top left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; `id` is what the paper or KPU says, `en` its translation."""

    id: str
    en: str

    def in_language(self, language: str) -> str:
        """`en` for English, Indonesian for anything else."""
        return self.en if language == "en" else self.id


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page in millimetres."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet side; `n` counts from 1. Width and height in millimetres."""

    n: int
    title: Text
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Column:
    """One column of numbers (`L` laki-laki, `P` perempuan, `J` jumlah) and where its digit boxes start."""

    id: str
    title: Text
    x: float


@dataclass(frozen=True, slots=True)
class Section:
    """A titled block of rows as printed on the paper, e.g. `I.A Data pemilih`."""

    id: str
    page: int
    title: Text
    box: Box = Box(0, 0, 0, 0)  # the heading's strip
    group: str = ""  # the id of the list it holds, where it is one's block


@dataclass(frozen=True, slots=True)
class Field:
    """One number on the paper. `id` is the wire's name (`A1.L`, `P1`); `row` groups L/P/J.

    `code` is printed (`I.A.1`). `label` names this one box ("Pemilih dalam DPT, laki-laki"), `row_label` its row
    ("Pemilih dalam DPT"), `printed` is the paper's own sentence, for drawing the form and for help.
    """

    id: str
    row: str
    column: str  # "L", "P", "J" or "" where the row has one number
    page: int
    section: str
    code: str
    label: Text
    box: Box  # the digit boxes
    row_box: Box  # the whole row, what the crop shows
    digits: int = 3
    maximum: int = (
        9999  # the most that can be keyed: people write a fourth digit beside the boxes; checks warn
    )
    row_label: Text = Text("", "")
    printed: str = ""
    words_box: Box | None = None  # where the number is written out ("ditulis dengan huruf")


class Severity(StrEnum):
    """How a finding is taken.

    `paper`: the paper contradicts itself (accept with a reason). `warning`: unusual (accept with a reason).
    `note`: said once, no acceptance.
    """

    PAPER = "paper"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Advice:
    """What follows a finding's sentence: a question to whoever keys, what to do to whoever verifies."""

    keyer: Text
    verifier: Text


_ASK = Text("Lihat kertas. Memang demikian?", "Look at the paper. Is it really so?")
_NOTHING = Text("", "")
ADVICE: Mapping[Severity, Advice] = {
    Severity.PAPER: Advice(
        _ASK,
        Text(
            "Bandingkan dengan gambar. Bila C1 memang demikian, biarkan: C1 dibetulkan di pleno kecamatan.",
            "Compare it with the scan. If the C1 really says so, leave it: a C1 is corrected at the kecamatan plenary.",
        ),
    ),
    Severity.WARNING: Advice(
        _ASK,
        Text(
            "Tidak lazim. Bandingkan dengan gambar; bila tertulis demikian, biarkan.",
            "Unusual. Compare it with the scan; if it is written so, leave it.",
        ),
    ),
    Severity.NOTE: Advice(_NOTHING, _NOTHING),
}

IDENTITIES = ("sum", "row")  # the kinds that state an equality of sums
OUTLIER = "outlier"  # the kind that compares with an area


@dataclass(frozen=True, slots=True)
class Check:
    """One declared rule. `kind` names its meaning (the table in `app.domain.checks`), the rest are its data.

    `left` and `right` are sums of field ids (or `dpt.L`, `dpt.P`, `dpt.J`: the register's numbers for this TPS).
    `message` says what was found, with `{left}`, `{right}`, `{code}` ... placeholders; `ask` and `advice` are what the
    keyer and the verifier hear after it (default: by severity). `mark` are the fields to light up (default: all
    used). A check stays silent while one of `silenced_by` is broken. `version` goes up when the rule's meaning changes.
    """

    code: str
    kind: str
    severity: Severity
    message: Text
    left: tuple[str, ...]
    right: tuple[str, ...] = ()
    limit: float = 0.0
    floor: float = 0.0
    mark: tuple[str, ...] = ()
    silenced_by: tuple[str, ...] = ()
    examples_pass: tuple[Mapping[str, int | str], ...] = ()
    examples_fail: tuple[Mapping[str, int | str], ...] = ()
    version: int = 1
    ask: Text | None = None
    advice: Text | None = None

    @property
    def asked(self) -> Text:
        """What the keyer hears after the finding's sentence."""
        return self.ask or ADVICE[self.severity].keyer

    @property
    def advised(self) -> Text:
        """What the verifier hears after it."""
        return self.advice or ADVICE[self.severity].verifier


@dataclass(frozen=True, slots=True)
class Profile:
    """Which fields are keyed: `lengkap` all of them, `ringkas` Situng's quick set."""

    name: str
    title: Text
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate as Situng's public tree names it: its id there ("21"), number, name and the field with its votes."""

    id: str
    number: int
    name: str
    field: str


@dataclass(frozen=True, slots=True)
class Member:
    """One person on a list: the number before the name, and the name as it is shown."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """A list people vote for or within (a party; the persons of a DPD ballot): its id in the public tree."""

    id: str
    number: int
    name: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """How this form appears in the public tree (domain notes section 6): Situng's name -> field id."""

    ballot: str  # "ppwp"
    fields: Mapping[str, str]  # {"pemilih_j": "A1.J", "pengguna_j": "B4.J", "suara_sah": "V1", ...}
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class FormDefinition:
    """A whole form. `id` is part of every C1 identity and never changes meaning."""

    id: str
    version: int
    title: Text  # "C1-PPWP"
    ballot: Text  # "Presiden dan Wakil Presiden"
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    fields: tuple[Field, ...]  # in paper order, which is keying order
    checks: tuple[Check, ...]
    profiles: tuple[Profile, ...]
    default_profile: str
    readings: int  # 2, or 1 = labelled "satu orang" for ever
    publication: Publication
    extra: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    groups: tuple[Group, ...] = ()
    areas: tuple[str, ...] = ("",)  # beginnings of the codes of the TPS that vote by it: a dapil's

    def is_for(self, tps: str) -> bool:
        """Whether this TPS votes by this form."""
        return tps.startswith(self.areas)

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """Field id -> field."""
        return {one.id: one for one in self.fields}

    @cached_property
    def totals(self) -> Mapping[str, tuple[Check, ...]]:
        """Field id -> the identities whose total it is, in the definition's order; only fields that are totals."""
        found: dict[str, tuple[Check, ...]] = {}
        for check in self.checks:
            if check.kind in IDENTITIES and len(check.right) == 1:
                found[check.right[0]] = (*found.get(check.right[0], ()), check)
        return found

    @cached_property
    def outliers(self) -> tuple[Check, ...]:
        """The checks that compare with the area's other stations."""
        return tuple(check for check in self.checks if check.kind == OUTLIER)

    @cached_property
    def lists(self) -> frozenset[str]:
        """The sections that hold a contest's lists: parties, persons."""
        return frozenset(section.id for section in self.sections if section.group)

    @cached_property
    def paper_codes(self) -> Mapping[str, str]:
        """Field id -> the code as people read it off the paper: `IV.01`, `I.A.1 L`."""
        return {one.id: f"{one.code} {one.column}".strip() for one in self.fields}

    @cached_property
    def page_of(self) -> Mapping[str, int]:
        """Field id -> the page it stands on."""
        return {one.id: one.page for one in self.fields}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """Field id -> its place in paper order, from 0."""
        return {one.id: place for place, one in enumerate(self.fields)}

    def profile(self, name: str) -> Profile:
        """Raises KeyError for an unknown profile."""
        return next((one for one in self.profiles if one.name == name), None) or _missing(name)

    def fields_of(self, profile: str, page: int | None = None) -> tuple[Field, ...]:
        """The profile's fields in paper order, of one page or of all."""
        wanted = set(self.profile(profile).fields)
        return tuple(one for one in self.fields if one.id in wanted and page in (None, one.page))

    def is_covered_by(self, fields: Collection[str]) -> bool:
        """Whether these are all boxes of one of the profiles at least; fewer are a form read in part."""
        return any(set(one.fields) <= set(fields) for one in self.profiles)


def _missing(name: str) -> Profile:
    raise KeyError(name)

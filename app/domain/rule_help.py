"""The help page of a check, from its declaration alone: what it compares, when it is silent, what to do.

The sentence shown is the one the check really says about its own first failing example, so page, message and test
cannot drift apart. Thread: any, pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.domain.cell import Mark
from app.domain.checks import ELSEWHERE, REGISTER_TERMS, finding_of
from app.domain.examples import AREA_TERMS, example_of
from app.domain.form import OUTLIER, Check, FormDefinition, Severity, Text
from app.domain.rules import LEAST_STATIONS, RULES

SHOWN = 4  # so many terms or boxes are spelt out; a party list has sixteen

_SEVERITIES: Mapping[Severity, Text] = {
    Severity.PAPER: Text("Kertas tidak cocok dengan dirinya sendiri", "The paper contradicts itself"),
    Severity.WARNING: Text("Tidak lazim", "Unusual"),
    Severity.NOTE: Text("Sekadar catatan", "A note"),
}
_REASON = Text("perlu alasan", "asks for a reason")
_NO_REASON = Text("tanpa alasan", "asks for no reason")
_REASONED = Text(
    "Bila kertas memang demikian, terima dengan alasan (1-4). Angka tidak diubah supaya cocok.",
    "If the paper really says so, accept it with a reason (1-4). No number is changed to make it fit.",
)
_READ_ON = Text("Lihat sekali lagi kotaknya, lalu lanjutkan.", "Look at the box once more, then go on.")
_KEYER, _VERIFIER = Text("Entri", "Keying"), Text("Verifikasi", "Verifying")

_SAYS = Text("Kalimatnya", "What it says")
_HOLDS = Text("Yang harus berlaku", "What must hold")
_UNKNOWN = Text("Belum dapat dinilai", "Cannot be judged")
_SILENT = Text("Kapan tidak muncul", "Silent")
_PASSES = Text("Contoh tanpa temuan", "Examples without a finding")
_FAILS = Text("Contoh dengan temuan", "Examples with a finding")
_DO = Text("Yang dilakukan", "What to do")


def help_page(form: FormDefinition, check: Check, language: str) -> str:
    """The page as Markdown, in Indonesian or English ("en")."""

    def said(text: Text) -> str:
        return text.in_language(language)

    reason = _NO_REASON if check.severity is Severity.NOTE else _REASON
    head = f"# {check.code}\n\n{said(_SEVERITIES[check.severity])}, {said(reason)}. {form.title.in_language(language)}"
    parts = [
        f"{head}, {'version' if language == 'en' else 'versi'} {check.version}.",
        f"**{said(_SAYS)}**: {sentence_of(form, check, language)}",
        f"**{said(_HOLDS)}**: {_formula(form, check, language)}",
        f"**{said(_UNKNOWN)}**: {said(_unknown(check))}",
        f"**{said(_SILENT)}**: {said(_silent(check))}",
        _bullets(said(_PASSES), (_example(form, one, language) for one in check.examples_pass)),
        _bullets(said(_FAILS), (_example(form, one, language) for one in check.examples_fail)),
        _bullets(said(_DO), _to_do(check, language)),
    ]
    return "\n\n".join(parts) + "\n"


def sentence_of(form: FormDefinition, check: Check, language: str) -> str:
    """What is said about the first failing example, whatever would silence it there."""
    said = finding_of(form, check, *example_of(form, check, check.examples_fail[0]))
    assert said is not None  # noqa: S101 - the validator lets no form through whose failing examples hold
    return said.message.in_language(language)


def _formula(form: FormDefinition, check: Check, language: str) -> str:
    rule = RULES[check.kind]
    return rule.says.in_language(language).format(
        left=_terms(form, check.left, rule.joined, language),
        right=_terms(form, check.right, rule.joined, language),
        limit=f"{check.limit:g}",
        floor=f"{check.floor:g}",
    )


def _terms(form: FormDefinition, terms: tuple[str, ...], joined: str, language: str) -> str:
    words = [_term(form, one, language) for one in terms]
    if len(words) <= SHOWN:
        return joined.join(words)
    boxes = "boxes" if language == "en" else "kotak"
    return f"{joined.join(words[:2])}{joined}...{joined}{words[-1]} ({len(words)} {boxes})"


def _term(form: FormDefinition, term: str, language: str) -> str:
    """The paper's own code: `V.A`; for what is not on this form, where it is."""
    if term in AREA_TERMS:
        names = {
            "area.n": Text("TPS lain di desa", "other stations of the desa"),
            "area.low": Text("separuh tengahnya mulai (%)", "their middle half from (%)"),
            "area.high": Text("sampai (%)", "to (%)"),
        }
        return names[term].in_language(language)
    if term in REGISTER_TERMS:
        column = term.rpartition(".")[2]
        return Text(f"DPT daftar TPS ({column})", f"DPT of the TPS list ({column})").in_language(language)
    ballot, _, box = term.rpartition(ELSEWHERE)
    code = form.paper_codes[box]
    if list(form.paper_codes.values()).count(code) > 1:  # the total of every party's block has the same code
        code = form.by_id[box].label.in_language(language)
    return f"{code} ({'form' if language == 'en' else 'formulir'} {ballot})" if ballot else code


def _unknown(check: Check) -> Text:
    texts = [Text("bila kotaknya tidak terbaca atau belum dientri", "while a box is unreadable or not keyed")]
    terms = check.left + check.right
    if any(one in REGISTER_TERMS for one in terms):
        texts.append(Text("bila DPT TPS ini tidak ada di daftar", "while the list has no DPT for this TPS"))
    if any(ELSEWHERE in one for one in terms):
        texts.append(
            Text(
                "bila formulir lain itu belum tuntas dibaca, kecuali Anda sendiri yang mengentrinya",
                "while that other form is not settled, unless you read it yourself",
            )
        )
    if check.kind == OUTLIER:
        texts.append(
            Text(
                f"bila di desa ini kurang dari {LEAST_STATIONS} TPS lain yang tuntas dibaca",
                f"while fewer than {LEAST_STATIONS} other stations of this desa are settled",
            )
        )
    return Text("; ".join(one.id for one in texts) + ".", "; ".join(one.en for one in texts) + ".")


def _silent(check: Check) -> Text:
    if not check.silenced_by:
        return Text("selalu muncul.", "never.")
    codes = ", ".join(check.silenced_by)
    return Text(f"selama salah satu ini ditemukan: {codes}.", f"while one of these is found: {codes}.")


def _bullets(title: str, lines: Iterable[str]) -> str:
    return "\n".join([f"**{title}**:", "", *(f"- {line}" for line in lines)])


def _example(form: FormDefinition, example: Mapping[str, int | str], language: str) -> str:
    marks = {
        Mark.BLANK.value: "blank" if language == "en" else "kosong",
        Mark.UNREADABLE.value: "unreadable" if language == "en" else "tidak terbaca",
    }
    words = [
        f"{_term(form, one, language)} = {marks.get(str(value), value)}" for one, value in example.items()
    ]
    return ", ".join(words if len(words) <= 2 * SHOWN else [*words[:SHOWN], "...", words[-1]])


def _to_do(check: Check, language: str) -> Iterator[str]:
    """First for whoever keys, then for whoever verifies."""
    rest = _READ_ON if check.severity is Severity.NOTE else _REASONED
    for who, words in ((_KEYER, (check.asked, rest)), (_VERIFIER, (check.advised,))):
        if who is _KEYER and check.kind == OUTLIER:
            continue  # a reader is not told what is usual
        said = " ".join(text.in_language(language) for text in words).strip()
        if said:
            yield f"{who.in_language(language)}: {said}"

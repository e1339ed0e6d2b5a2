"""What an office chose for a form: which of its boxes are keyed, and by how many people.

The form's definition says what is usual (`default_profile`, `readings`); an office may choose otherwise. One reading is
called *satu orang*, for ever: nobody compared it. Thread: any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.form import FormDefinition
from app.errors import BadInput
from app.forms import load

READINGS = (2, 1)
_WRITTEN = re.compile(r"(?P<form>[^=:]+)(=(?P<profile>[^=:]+))?(:(?P<readings>[^=:]+))?")
_BALLOTS = ("ppwp", "dprri", "dpd", "dprdprov", "dprdkab")  # the order in which KPU lists them: PPWP first


@dataclass(frozen=True, slots=True)
class FormChoice:
    """One form of an office."""

    form: str
    profile: str
    readings: int

    @property
    def boxes(self) -> int:
        """How many numbers one reading has."""
        return len(load(self.form).profile(self.profile).fields)


def usual(form_id: str, profile: str = "") -> FormChoice:
    """As the definition says, with another profile where one is named. Raises NotFound, BadInput."""
    form = load(form_id)
    return checked(FormChoice(form_id, profile or form.default_profile, form.readings))


def parse(text: str, profile: str = "") -> FormChoice:
    """`ID[=profile][:readings]`; `profile` stands in where none is written. Raises NotFound, BadInput."""
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise BadInput(
            f"Pilihan formulir {text!r} tidak dimengerti.",
            hint="Tulis ID[=profil][:pembaca], mis. ID=ringkas:1.",
        )
    choice = usual(written["form"], written["profile"] or profile)
    number = written["readings"]
    if number is None:
        return choice
    return checked(FormChoice(choice.form, choice.profile, int(number) if number in ("1", "2") else 0))


def checked(choice: FormChoice) -> FormChoice:
    """The choice itself. Raises NotFound (no such form), BadInput (no such profile; neither one nor two readings)."""
    names = [one.name for one in load(choice.form).profiles]
    if choice.profile not in names:
        raise BadInput(
            f"Profil {choice.profile!r} tidak ada pada {choice.form}.", hint=f"Pilih: {', '.join(names)}."
        )
    if choice.readings not in READINGS:
        raise BadInput(f"{choice.form} dibaca oleh 1 atau 2 orang.", hint="Biasanya 2.")
    return choice


def each_once(choices: Iterable[FormChoice]) -> list[FormChoice]:
    """Named twice is meant once. Raises BadInput where it is not the same: one reader would be for ever."""
    different = list(dict.fromkeys(choices))
    named = [one.form for one in different]
    for form in named:
        if named.count(form) > 1:
            raise BadInput(
                f"{form} dipilih dua kali dengan cara yang berbeda.", hint="Sebut tiap formulir sekali."
            )
    return different


def ballot_place(form: FormDefinition) -> int:
    """The place of its ballot as KPU lists them, PPWP 0; other ballots come last."""
    ballot = form.publication.ballot
    return _BALLOTS.index(ballot) if ballot in _BALLOTS else len(_BALLOTS)


def in_ballot_order(form_ids: Iterable[str]) -> list[str]:
    """As KPU lists the ballots; forms of other ballots last."""
    return sorted(form_ids, key=lambda form_id: (ballot_place(load(form_id)), form_id))


def is_of(form: FormDefinition, realm: str) -> bool:
    """Whether the form belongs to this election; one that names none belongs to all."""
    return form.extra.get("election", realm) == realm

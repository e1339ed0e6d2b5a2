from app.domain.c1form import C1Key
from app.domain.wilayah import TpsId
from app.ports import IntakeState
from scanner.identify import Code
from scanner.sets import Seen, SheetSet
from tests.unit.scanner.sheets import key_of, ppwp

FORM = ppwp().id
BLANK = Seen(None, "", 0, is_blank=True)
UNKNOWN = Seen(None, "", 0, is_blank=False)


def sheets() -> SheetSet:
    return SheetSet({FORM: ppwp()})


def cover(number: int) -> Seen:
    return Seen(Code(key_of(number).tps, FORM), "", 0, is_blank=False)


def page(number: int, form: str = FORM) -> Seen:
    return Seen(None, form, number, is_blank=False)


def test_a_cover_sheet_opens_a_set_for_the_pages_after_it() -> None:
    stream = sheets()
    assert stream.place(cover(1)).state is IntakeState.COVER
    assert [(one.state, one.key, one.page) for one in (stream.place(UNKNOWN), stream.place(UNKNOWN))] == [
        (IntakeState.ASSIGNED, key_of(1), 1),
        (IntakeState.ASSIGNED, key_of(1), 2),
    ]
    stream.place(cover(2))
    assert stream.place(page(1)).key == key_of(2)


def test_the_layout_names_the_page_when_sheets_come_in_another_order() -> None:
    stream = sheets()
    stream.place(cover(1))
    first = stream.place(page(2))
    assert (first.page, first.warnings) == (2, ("page_order",))
    assert (stream.place(page(1)).page, stream.key) == (1, key_of(1))


def test_without_a_set_a_page_waits_with_its_number_suggested() -> None:
    placed = sheets().place(page(2))
    assert (placed.state, placed.key, placed.page) == (IntakeState.INBOX, None, 2)
    assert placed.text


def test_a_page_that_came_twice_and_one_too_many_wait() -> None:
    stream = sheets()
    stream.place(cover(1))
    stream.place(page(1))
    assert stream.place(page(1)).warnings == ("page_twice",)
    stream.place(page(2))
    surplus = stream.place(UNKNOWN)
    assert (surplus.state, surplus.warnings) == (IntakeState.INBOX, ("extra_page",))


def test_a_page_of_another_form_waits_with_a_warning() -> None:
    stream = sheets()
    stream.place(cover(1))
    placed = stream.place(page(3, "c1-dpr-2019"))
    assert (placed.state, placed.warnings) == (IntakeState.INBOX, ("wrong_page",))
    assert placed.key == C1Key(key_of(1).tps, "c1-dpr-2019")


def test_what_the_person_said_stands_but_is_questioned() -> None:
    placed = sheets().place(page(2), key_of(5), 1)
    assert (placed.state, placed.key, placed.page) == (IntakeState.ASSIGNED, key_of(5), 1)
    assert placed.warnings == ("wrong_page",)
    assert sheets().place(page(2), key_of(5)).page == 2


def test_a_cover_sheet_of_another_tps_than_said_stops_the_assignment() -> None:
    stream = sheets()
    assert stream.place(page(1), key_of(5)).state is IntakeState.ASSIGNED
    assert stream.place(cover(6), key_of(5)).warnings == ("wrong_station",)
    following = stream.place(page(2), key_of(5))
    assert (following.state, following.warnings) == (IntakeState.INBOX, ("wrong_station",))
    assert stream.place(cover(5), key_of(5)).state is IntakeState.COVER
    assert stream.place(page(2), key_of(5)).state is IntakeState.ASSIGNED


def test_a_blank_page_is_set_aside_and_takes_no_number() -> None:
    stream = sheets()
    stream.place(cover(1))
    assert stream.place(BLANK).state is IntakeState.SET_ASIDE
    assert stream.place(UNKNOWN).page == 1


def test_a_sticker_on_a_page_opens_the_set_and_places_the_page() -> None:
    placed = sheets().place(Seen(Code(key_of(9).tps, FORM), FORM, 1, is_blank=False))
    assert (placed.state, placed.key, placed.page) == (IntakeState.ASSIGNED, key_of(9), 1)


def test_a_cover_sheet_of_a_form_not_worked_on_here_waits() -> None:
    placed = sheets().place(Seen(Code(TpsId("3204052001001"), "c1-dpd-2019"), "", 0, is_blank=False))
    assert (placed.state, placed.warnings) == (IntakeState.INBOX, ("unknown_form",))


def shared(*pages: tuple[str, int]) -> Seen:
    """A sheet whose layout several pages have; the recogniser names the first of them."""
    return Seen(None, *pages[0], is_blank=False, alike=pages)


def test_a_page_that_looks_the_same_on_every_ballot_is_no_wrong_page() -> None:
    like_all = shared(("c1-dpr-2019", 1), (FORM, 1))
    stream = sheets()
    stream.place(cover(1))
    placed = stream.place(like_all)
    assert (placed.state, placed.key, placed.page, placed.warnings) == (
        IntakeState.ASSIGNED,
        key_of(1),
        1,
        (),
    )
    told = sheets().place(like_all, key_of(5), 1)
    assert (told.page, told.warnings) == (1, ())
    assert sheets().place(like_all, key_of(5), 2).warnings == ("wrong_page",)
    assert sheets().place(like_all).page == 1, "whichever ballot it is"


def test_of_alike_pages_the_one_that_is_expected_or_has_not_come() -> None:
    alike = shared((FORM, 1), (FORM, 2))
    stream = sheets()
    stream.place(cover(1))
    assert [stream.place(alike).page, stream.place(alike).page] == [1, 2]
    assert stream.place(alike).warnings == ("extra_page",)
    assert sheets().place(alike).page is None, "without a set its number would be a guess"
    late = sheets()
    late.place(cover(1))
    late.place(page(2))
    assert (late.place(alike).page, late.key) == (1, key_of(1))

"""The first minutes: district or its own TPS list, the forms, the coordinator, the operators. No server is needed.

Invariant: nothing is on disk before the coordinator's name and PIN are complete; closing earlier leaves nothing behind.
Thread: UI; making the workplace and wrapping keys run through `ui.tasks`.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app import forms
from app.domain.people import Role
from app.errors import ExpectedError
from app.forms import wilayah
from app.forms.choice import in_ballot_order, is_of
from app.forms.wilayah import Region
from app.services import people
from app.services.people import Session
from app.services.workplace import Workplace
from ui import format as fmt
from ui import theme
from ui.page import Make
from ui.pages.people_dialog import PersonFields, suggest_id
from ui.tasks import Tasks
from ui.widgets.form_choices import FormChoices
from ui.widgets.icons import icon
from ui.widgets.scrolled import Held, PageStack, fitted

REALM = "pemilu-2019"
DISTRICT, FORMS, COORDINATOR, OPERATORS = range(4)


def shipped_districts() -> list[str]:
    """Codes of the districts whose lists come with the program."""
    return sorted(path.name.removesuffix("-areas.csv") for path in wilayah.FOLDER.glob("*-areas.csv"))


def district_of(region: Region) -> wilayah.Area:
    """The kabupaten or kota of a list."""
    return next(area for area in region.areas if area.level is wilayah.Level.KABUPATEN)


def forms_for(region: Region) -> list[str]:
    """The forms of this election that somebody in the region votes by, PPWP first."""
    ours = [form for form in map(forms.load, forms.available()) if is_of(form, REALM)]
    known = [form.id for form in ours if any(form.is_for(one.tps) for one in region.stations)]
    return in_ballot_order(known)


def _scrolled(step: QWidget) -> QScrollArea:
    """A step with much in it: at 150 % its fields would be pressed flat."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(step)
    return area


class FirstRun(QDialog):
    """Four steps. `workplace` is set when the third is done; `practice_chosen` when *Coba latihan* was pressed."""

    def __init__(self, make: Make, tasks: Tasks, *, offers_practice: bool = True, obstacle: str = "") -> None:
        super().__init__()
        self._obstacle = obstacle
        self._make, self._tasks = make, tasks
        self.workplace: Workplace | None = None
        self.practice_chosen = False
        self._region: Region | None = None
        self._session: Session | None = None
        self._taken: set[str] = set()
        self.setWindowTitle("Situng Luring")
        self.setWindowIcon(icon("situng"))
        self.setMinimumSize(fitted(self, 680, 560))
        self.place, self.title, self.lead, self.message = QLabel(), QLabel(), QLabel(), QLabel()
        theme.set_role(self.place, "small")
        theme.set_role(self.title, "title")
        theme.set_role(self.lead, "lead")
        for label in (self.lead, self.message):
            label.setWordWrap(True)
        self.steps = PageStack(is_elastic=False)
        self.back = QPushButton(self.tr("Kembali"))
        self.next = QPushButton()
        theme.set_role(self.next, "primary")
        self.next.setDefault(True)
        self._build(offers_practice)
        self._show_step(0)

    # ---- building ------------------------------------------------------------------------------------------------

    def _build(self, offers_practice: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 20)
        column.setSpacing(10)
        column.addWidget(self.place)
        column.addWidget(self.title)
        column.addWidget(self.lead)
        for step in (
            self._district_step(offers_practice),
            self._forms_step(),
            self._coordinator_step(),
            self._operators_step(),
        ):
            self.steps.addWidget(step)
        column.addWidget(Held(self.steps), 1)
        column.addWidget(self.message)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.next)
        column.addLayout(row)
        self.back.clicked.connect(lambda _checked=False: self._show_step(self.steps.currentIndex() - 1))
        self.next.clicked.connect(lambda _checked=False: self._on_next())

    def _district_step(self, offers_practice: bool) -> QWidget:
        step = QWidget()
        column = QVBoxLayout(step)
        column.setContentsMargins(0, 12, 0, 0)
        column.addWidget(QLabel(self.tr("Kabupaten/kota")))
        self.districts = QComboBox()
        self.districts.setAccessibleName(self.tr("Kabupaten/kota"))
        for code in shipped_districts():
            name = district_of(wilayah.load_region(code)).label
            self.districts.addItem(f"{code}  ·  {name}", code)
        column.addWidget(self.districts)
        own = QPushButton(self.tr("Pakai daftar TPS sendiri (CSV)…"))
        own.clicked.connect(lambda _checked=False: self._on_own_list())
        column.addWidget(own, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(24)
        if offers_practice:
            words = QLabel(
                self.tr("Ingin mencoba dulu? Latihan memakai data buatan dan tidak dapat tercampur.")
            )
            words.setWordWrap(True)
            theme.set_role(words, "lead")
            column.addWidget(words)
            practice = QPushButton(self.tr("Coba latihan"))
            practice.clicked.connect(lambda _checked=False: self.on_practice())
            column.addWidget(practice, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return step

    def _forms_step(self) -> QWidget:
        self.forms = FormChoices()
        return _scrolled(self.forms)

    def _coordinator_step(self) -> QWidget:
        self.coordinator = PersonFields((), ())
        return self.coordinator

    def _operators_step(self) -> QWidget:
        step = QWidget()
        row = QHBoxLayout(step)
        row.setContentsMargins(0, 12, 0, 0)
        row.setSpacing(20)
        left = QVBoxLayout()
        self.operator = PersonFields((Role.SCAN, Role.KEY, Role.VERIFY, Role.WATCH), {Role.KEY})
        left.addWidget(self.operator)
        self.add = QPushButton(self.tr("Tambahkan orang ini"))
        self.add.clicked.connect(lambda _checked=False: self._on_add())
        left.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        left.addStretch(1)
        row.addLayout(left, 3)
        self.added = QListWidget()
        self.added.setAccessibleName(self.tr("Orang yang sudah ditambahkan"))
        row.addWidget(self.added, 2)
        return _scrolled(step)

    # ---- steps ---------------------------------------------------------------------------------------------------

    def _show_step(self, number: int) -> None:
        words = (
            (
                self.tr("Di mana Anda bekerja?"),
                self.tr("Server KPU RI belum diperlukan; akun dapat ditambahkan nanti di Pengaturan."),
                self.tr("Lanjut"),
            ),
            (
                self.tr("Formulir mana yang dibaca di sini?"),
                self.tr(
                    "PPWP dahulu; yang lain dapat ditambahkan nanti di Pengaturan, juga profil dan pembacanya."
                ),
                self.tr("Lanjut"),
            ),
            (
                self.tr("Siapa koordinatornya?"),
                self.tr("Koordinator mengatur orang dan akun. Tempat kerja dibuat setelah langkah ini."),
                self.tr("Buat tempat kerja"),
            ),
            (
                self.tr("Siapa saja yang bekerja di sini?"),
                self.tr(
                    "Dua orang berbeda diperlukan untuk entri pertama dan entri kedua. Dapat ditambah nanti."
                ),
                self.tr("Mulai bekerja"),
            ),
        )[number]
        self.place.setText(
            self.tr("Situng Luring · langkah %1 dari %2")
            .replace("%1", str(number + 1))
            .replace("%2", str(self.steps.count()))
        )
        self.title.setText(words[0])
        self.lead.setText(words[1])
        self.next.setText(words[2])
        self.steps.setCurrentIndex(number)
        self.back.setVisible(number in (FORMS, COORDINATOR))
        self._say(self._obstacle)
        if number == FORMS:
            self.forms.take_focus()
        else:
            (self.districts, self.forms, self.coordinator.name, self.operator.name)[number].setFocus()

    def _say(self, words: str, role: str = "bad") -> None:
        theme.set_role(self.message, role)
        self.message.setText(words)

    def _on_next(self) -> None:
        step = self.steps.currentIndex()
        if self._obstacle:
            self._say(self._obstacle)
        elif step == DISTRICT:
            code = str(self.districts.currentData())
            self._tasks.run(self, lambda: wilayah.load_region(code), self._on_region, self._on_failed)
        elif step == FORMS:
            self._on_forms()
        elif step == COORDINATOR:
            self._make_workplace()
        elif self.operator.name.text().strip():  # Enter after the PIN means this person, not the end
            self._on_add()
        else:
            self.accept()

    def _on_own_list(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(self, self.tr("Daftar TPS"), "", "CSV (*.csv)")
        if name:
            self.use_list(Path(name))

    def use_list(self, path: Path) -> None:
        """Take a district's own list instead of a shipped one."""
        self._tasks.run(self, lambda: wilayah.read_tps_csv(path), self._on_region, self._on_failed)

    def _on_region(self, region: Region) -> None:
        if self._obstacle:
            self._say(self._obstacle)
            return
        if region is not self._region:
            self._region = region
            self.forms.offer(forms_for(region))
        self._show_step(FORMS)
        self._say(
            self.tr("%1: %2 TPS.")
            .replace("%1", district_of(region).label)
            .replace("%2", fmt.number(len(region.stations))),
            "good",
        )

    def _on_forms(self) -> None:
        if self.forms.choices():
            self._show_step(COORDINATOR)
        else:
            self._say(self.tr("Pilih paling sedikit satu formulir."))

    def on_practice(self) -> None:
        self.practice_chosen = True
        self.reject()

    def _make_workplace(self) -> None:
        region, problem = self._region, self.coordinator.problem()
        if problem or region is None:
            self._say(problem)
            return
        self.next.setEnabled(False)
        self._say(self.tr("Tempat kerja sedang dibuat…"), "lead")
        name, pin = self.coordinator.name.text().strip(), self.coordinator.pins.take()
        if self.workplace is None:
            self._tasks.run(
                self,
                lambda: self._create(region),
                lambda wp: self._add_coordinator(wp, name, pin),
                self._on_failed,
            )
        else:  # made before, but the coordinator was refused then
            self._add_coordinator(self.workplace, name, pin)

    def _create(self, region: Region) -> Workplace:
        return self._make(
            realm=REALM,
            district=district_of(region).code,
            region=region,
            choices=self.forms.choices(),
        )

    def _add_coordinator(self, wp: Workplace, name: str, pin: str) -> None:
        self.workplace = wp
        person_id = suggest_id(name, self._taken)

        def operation() -> Session:
            people.add_person(wp, id=person_id, name=name, roles=frozenset({Role.COORDINATE}), pin=pin)
            return people.sign_in(wp, person_id, pin)

        self._tasks.run(self, operation, self._on_made, self._on_failed)

    def _on_made(self, session: Session) -> None:
        self._session = session
        self.next.setEnabled(True)
        self._taken.add(session.person.id)
        self.added.addItem(f"{session.person.name} – {Role.COORDINATE}")
        self._show_step(OPERATORS)

    def _on_add(self) -> None:
        problem, wp = self.operator.problem(), self.workplace
        self._say(problem)
        if problem or wp is None:
            return
        name, roles, pin = self.operator.name.text().strip(), self.operator.roles(), self.operator.pins.take()
        person_id = suggest_id(name, self._taken)
        self.add.setEnabled(False)
        self._tasks.run(
            self,
            lambda: people.add_person(wp, id=person_id, name=name, roles=roles, pin=pin, by=self._session),
            lambda person: self._on_added(person.id, name, roles),
            self._on_failed,
        )

    def _on_added(self, person_id: str, name: str, roles: frozenset[Role]) -> None:
        self._taken.add(person_id)
        self.add.setEnabled(True)
        self.added.addItem(f"{name} – {', '.join(sorted(roles))}")
        self.operator.clear()
        self.operator.name.setFocus()
        self._say(self.tr("%1 ditambahkan.").replace("%1", name), "good")

    def _on_failed(self, error: ExpectedError) -> None:
        self.next.setEnabled(True)
        self.add.setEnabled(True)
        self._say(error.sentence())

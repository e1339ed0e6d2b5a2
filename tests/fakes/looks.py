"""What somebody meets in a window who cannot see, uses no mouse or has a small screen. Each function tells faults.

Widgets are asked as Qt's own accessibility and layout see them; nothing of the window is changed for good. Thread: UI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTableView,
    QWidget,
)

from ui.widgets.cell_edit import CellEdit
from ui.widgets.elided import ElidedButton, ElidedLabel
from ui.widgets.findings_panel import FindingsPanel

Role = QAccessible.Role
# What a person acts on; each wants a name. Cells and list items are named by their text.
CONTROLS = {
    *(
        Role.Button,
        Role.ButtonMenu,
        Role.CheckBox,
        Role.RadioButton,
        Role.ComboBox,
        Role.EditableText,
        Role.SpinBox,
    ),
    *(
        Role.List,
        Role.Table,
        Role.Tree,
        Role.PageTab,
        Role.PageTabList,
        Role.Slider,
        Role.ProgressBar,
        Role.Link,
    ),
    *(Role.MenuItem, Role.Chart, Role.Canvas, Role.Dial, Role.HotkeyField),
}
NO_ROLE = {Role.NoRole, Role.Client}  # what Qt says of a bare QWidget
# Tab is no way through a form (decision 060): Enter, Up and Down lead from box to box, from the last to the findings.
OWN_WAY = (CellEdit, FindingsPanel)
_KEY = re.compile(r"\bF\d{1,2}\b|\b(?:Ctrl|Alt|Enter|Esc|Del|Backspace)\b|^\d\b|&\w|[↑↓]|^\?$")


def shown(root: QWidget) -> Iterator[QWidget]:
    """The root and everything that is drawn in it."""
    yield root
    for widget in root.findChildren(QWidget):
        if widget.isVisibleTo(root) and not _is_of_another(widget, root):
            yield widget


def _is_of_another(widget: QWidget, root: QWidget) -> bool:
    return widget.window() is not root.window()


def name_of(widget: QWidget) -> str:
    """How a fault names it: class, object or text."""
    text = getattr(widget, "text", None)
    words = text() if callable(text) else ""
    return f"{type(widget).__name__} {widget.objectName() or widget.accessibleName() or words!r}"


# ---- names and roles -------------------------------------------------------------------------------------------------


def nameless(root: QWidget) -> list[str]:
    """Controls without a name, and places that take the focus without saying what they are."""
    return sorted(set(_nameless(root)))


def _nameless(root: QWidget) -> Iterator[str]:
    for widget in shown(root):
        if _is_inside_of_one(widget):
            continue
        node = QAccessible.queryAccessibleInterface(widget)
        role, has_name = node.role(), bool(spoken_name(node))
        if role in NO_ROLE and _is_control(widget):
            yield f"no role: {name_of(widget)}"
        takes_focus = widget.isEnabled() and widget.focusPolicy() is not Qt.FocusPolicy.NoFocus
        if (role in CONTROLS or takes_focus) and not has_name and not isinstance(widget, QScrollArea):
            yield f"no name: {name_of(widget)} ({role.name})"


def spoken_name(node: QAccessibleInterface) -> str:
    """Its name, or that of the label it belongs to."""
    return node.text(QAccessible.Text.Name).strip()


def _is_inside_of_one(widget: QWidget) -> bool:
    """Parts of Qt's own: viewports, headers, scroll bars, the line of a combo box, the buttons of a line."""
    parent = widget.parentWidget()
    if widget.objectName().startswith("qt_") or isinstance(widget, QHeaderView):
        return True
    return isinstance(parent, QAbstractScrollArea | QComboBox | QLineEdit) and not isinstance(
        parent, QScrollArea
    )


# ---- the keyboard ----------------------------------------------------------------------------------------------------


def unreachable(root: QWidget) -> list[str]:
    """Controls that neither Tab nor a key of their own reaches."""
    reached = _by_tab(root)
    for widget in shown(root):
        if _says_its_key(widget) and widget.isEnabled() and not isinstance(widget, OWN_WAY):
            reached |= {widget} | (_by_tab(root, widget) - reached if widget not in reached else set())
    return sorted(
        {
            name_of(widget)
            for widget in shown(root)
            if widget is not root
            and widget.isEnabled()
            and not _is_inside_of_one(widget)
            and _is_control(widget)
            if not isinstance(widget, OWN_WAY)
            and not _says_its_key(widget)
            and not _is_reached(widget, reached)
        }
    )


def _is_control(widget: QWidget) -> bool:
    if isinstance(widget, QScrollArea):
        return False
    return isinstance(widget, QAbstractButton) or bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _is_reached(widget: QWidget, reached: set[QWidget]) -> bool:
    """By Tab, or by the arrow keys from the one of its group that Tab reaches."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return widget in reached or (
        group is not None and group.exclusive() and bool(reached & set(group.buttons()))
    )


def _says_its_key(widget: QWidget) -> bool:
    """A button for the mouse that names the key which does the same."""
    words = [widget.accessibleName(), widget.toolTip()]
    if isinstance(widget, QAbstractButton):
        if not widget.shortcut().isEmpty():
            return True
        words.append(widget.text())
    window = widget.window()
    words += [one.text() for one in window.findChildren(QLabel) if one.buddy() is widget]
    return any(_KEY.search(one) for one in words)


def _by_tab(root: QWidget, start: QWidget | None = None) -> set[QWidget]:
    """Round the window by Tab, and by Shift+Tab; the focus goes back to where it was."""
    before = QApplication.focusWidget()
    found: set[QWidget] = set()
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        passed: set[QWidget] = set()
        if start is not None:
            start.setFocus()
        now = QApplication.focusWidget()
        if now is None:
            root.window().focusNextPrevChild(True)
            now = QApplication.focusWidget()
        while now is not None and now not in passed:
            passed.add(now)
            QTest.keyClick(now, key)
            now = QApplication.focusWidget()
        found |= passed
    if before is not None:
        before.setFocus()
    return found


def unmarked(root: QWidget, known: set[tuple[str, ...]]) -> list[str]:
    """Places that look the same with the focus and without. Of each kind one is tried; `known` keeps the kinds."""
    faults = set()
    before = QApplication.focusWidget()
    for widget in _by_tab(root):
        kind = (type(widget).__name__, str(widget.property("role")), type(widget.parentWidget()).__name__)
        if kind in known or not widget.isVisibleTo(root) or isinstance(widget, (QLineEdit, *OWN_WAY)):
            continue  # a line has its cursor, the boxes and the findings a mark of their own
        known.add(kind)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        with_it = _picture(root, widget)
        widget.clearFocus()
        if with_it == _picture(root, widget):
            faults.add(name_of(widget))
    if before is not None:
        before.setFocus()
    return sorted(faults)


def _picture(root: QWidget, widget: QWidget) -> QImage:
    QApplication.processEvents()
    around = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size()).adjusted(-4, -4, 4, 4)
    return root.grab(around & root.rect()).toImage()


# ---- room ------------------------------------------------------------------------------------------------------------


def cut(root: QWidget) -> list[str]:
    """Words that do not fit where they stand, and have no tooltip that says them whole."""
    faults = []
    for widget in shown(root):
        if _is_inside_of_one(widget) or not widget.isVisible():
            continue
        missing = _missing(widget)
        if missing:
            faults.append(f"{name_of(widget)}: {missing}")
        if isinstance(widget, QTableView):
            faults += [f"{name_of(widget)}: heading {one!r} is cut" for one in _cut_headings(widget)]
    return sorted(set(faults))


def _missing(widget: QWidget) -> str:
    if isinstance(widget, ElidedButton):
        return "" if widget.text() in widget.toolTip() else "shortened without a tooltip"
    if isinstance(widget, ElidedLabel):
        return "" if widget.toolTip() == widget.text() or _fits(widget) else "shortened without a tooltip"
    if isinstance(widget, QLabel) and widget.text() and widget.pixmap().isNull():
        return _label_lacks(widget)
    if isinstance(widget, QAbstractButton | QComboBox):
        lack = widget.minimumSizeHint().width() - widget.width()
        return f"{lack} px too narrow" if lack > 1 else _hidden(widget)
    return ""


def _fits(label: QLabel) -> bool:
    return label.fontMetrics().horizontalAdvance(label.text()) <= label.width()


def _label_lacks(label: QLabel) -> str:
    if label.wordWrap():
        lack = label.heightForWidth(label.width()) - label.height()
        if lack > 1:
            return f"{lack} px too low for its lines"
    else:
        wanted = label.minimumSizeHint()
        if wanted.width() > label.width() + 1:
            return f"{wanted.width() - label.width()} px too narrow"
    return _hidden(label)


def _hidden(widget: QWidget) -> str:
    """Outside what its parents show; a scroll area brings it back, but not a control its own bar is too low for."""
    seen, place = widget.rect(), widget
    above = place.parentWidget()
    while above is not None and not place.isWindow():
        if isinstance(above.parentWidget(), QAbstractScrollArea):
            if isinstance(widget, QLabel):
                return ""
            break
        seen = seen.translated(place.pos()) & above.rect()
        place, above = above, above.parentWidget()
    lack = widget.size() - seen.size()
    return (
        f"{lack.width()} x {lack.height()} px outside the window"
        if max(lack.width(), lack.height()) > 1
        else ""
    )


def _cut_headings(table: QTableView) -> Iterator[str]:
    header, model = table.horizontalHeader(), table.model()
    for section in range(header.count()):
        words = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        wanted = header.sectionSizeFromContents(section).width()
        if not header.isSectionHidden(section) and wanted > header.sectionSize(section):
            yield words


def outgrown(root: QWidget, width: int, height: int) -> str:
    """How much larger than the screen it wants to be; empty when it fits."""
    least = root.minimumSizeHint().expandedTo(root.minimumSize())
    layout = root.layout()
    if isinstance(root, QDialog) and layout is not None:
        least = least.expandedTo(layout.minimumSize())
    lack_w, lack_h = least.width() - width, least.height() - height
    return f"{max(0, lack_w)} x {max(0, lack_h)} px too large" if lack_w > 0 or lack_h > 0 else ""

"""Forms: one column of fields, labels to their left, what is wrong under each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from ui.theme import tokens
from ui.widgets.announce import announce
from ui.widgets.labels import PlainLabel
from ui.widgets.meaning import mean


class FieldRow:
    """A field with its label and its error line, which keeps its place when empty."""

    def __init__(self, field: QWidget, parent: QWidget) -> None:
        self.field = field
        self.label = PlainLabel("label", parent=parent)
        self.error = PlainLabel("error", wraps=True, parent=parent)
        self.label.setBuddy(field)
        self.label.setFixedWidth(tokens.LABEL)
        self.error.setMinimumHeight(tokens.SMALL + tokens.GAP)

    def set_label(self, text: str) -> None:
        """Name the field, for eyes and for screen readers."""
        self.label.setText(text)
        self.field.setAccessibleName(text)

    def set_error(self, text: str) -> None:
        """Say what is wrong with the field; empty when nothing is."""
        if text != self.error.text():
            announce(self.field, text)
        self.error.setText(text)
        self.field.setAccessibleDescription(text)
        mean(self.field, level="act" if text else "plain")

    def set_visible(self, *, visible: bool) -> None:
        """Show or hide all three parts."""
        for part in (self.label, self.field, self.error):
            part.setVisible(visible)


class Form(QWidget):
    """A column of field rows. Enter in a one-line field goes to the next; in the last it says `completed`."""

    completed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[FieldRow] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(tokens.SPACE)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)

    def add(self, field: QWidget) -> FieldRow:
        """Append `field`; name it through the row that comes back."""
        row = FieldRow(field, self)
        line = 2 * len(self._rows)
        self._grid.addWidget(row.label, line, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(field, line, 1)
        self._grid.addWidget(row.error, line + 1, 1)
        row.label.setFixedHeight(tokens.FIELD)
        self._rows.append(row)
        if isinstance(field, QLineEdit):
            field.returnPressed.connect(lambda: self.advance_from(field))
        return row

    def advance_from(self, field: QWidget) -> None:
        """Put the cursor into the next field that can be filled in, or say `completed`."""
        fields = [row.field for row in self._rows]
        later = fields[fields.index(field) + 1 :]
        following = next((one for one in later if one.isEnabled() and not one.isHidden()), None)
        if following is None:
            self.completed.emit()
        else:
            following.setFocus(Qt.FocusReason.TabFocusReason)

    def clear_errors(self) -> None:
        """Forget what was wrong before the next act."""
        for row in self._rows:
            row.set_error("")

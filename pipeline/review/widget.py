"""The widget on which a person judges a sample in Jupyter: right, wrong, or what it should be."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import Any

import pandas as pd

import pipeline
from pipeline import i18n
from pipeline.corrections.fields import DELETE, FIELDS, LINKS
from pipeline.corrections.verdicts import record
from pipeline.review.sampling import ORIGIN_TABLE
from pipeline.tables.frame import ORIGIN
from pipeline.tables.schema import FACTS
from pipeline.view.labels import LANGUAGES, label
from pipeline.view.marks import shortened
from pipeline.view.numbers import grouped

_WORDS = {
    "right": ("✓ Right", "✓ Đúng"),
    "wrong": ("✗ Wrong", "✗ Sai"),
    "delete": ("✗ Not a fact", "✗ Không phải"),
    "save": ("Save correction", "Lưu sửa đổi"),
    "back": ("← Back", "← Trước"),
    "skip": ("Skip →", "Bỏ qua →"),
    "done": ("All rows of this sample are judged.", "Đã xem xong mẫu này."),
}
_STYLES = {"right": "success", "wrong": "danger", "delete": "danger", "save": "primary"}


def judge(rows: pd.DataFrame, language: str | None = None, reviewer: str | None = None) -> Any:
    """A widget over a sample of :func:`sample`; the sample itself where ipywidgets is not installed.

    Every click is written at once, and the widget opens at the first row without a verdict, so nothing is lost when the
    kernel restarts. Without the widget call :func:`record` on a row. ``language`` is ``en`` or ``vi``; that of
    TRICHLUC_LANG or the locale unless given.
    """
    if rows.empty:
        return rows
    try:
        import ipywidgets  # noqa: F401
    except ModuleNotFoundError:
        return rows
    return Judge(rows, language, reviewer).box


class Judge:
    """State and controls of the widget; ``box`` is what Jupyter shows."""

    def __init__(self, rows: pd.DataFrame, language: str | None = None, reviewer: str | None = None) -> None:
        import ipywidgets as widgets

        self.rows, self.language, self.reviewer = rows, language or i18n.language(), reviewer
        self.table: str = rows.attrs[ORIGIN_TABLE]
        self.verdicts: list[str | None] = [None if pd.isna(v) else str(v) for v in rows["verdict"]]
        self.place = next((i for i, verdict in enumerate(self.verdicts) if verdict is None), 0)
        self._projects = pipeline.read(rows.attrs[ORIGIN], corrections=False)["projects"]
        self.progress = widgets.HTML()
        self.report = widgets.HTML(layout=widgets.Layout(border="1px solid #e2e5e9"))
        self.buttons = {name: self._button(widgets, name) for name in _WORDS if name != "done"}
        self.fields: dict[str, Any] = {}
        self._form = widgets.GridBox(
            layout=widgets.Layout(grid_template_columns="repeat(auto-fit, minmax(310px, 1fr))")
        )
        bar = widgets.HBox([self.buttons[name] for name in ("right", "wrong", "delete", "back", "skip")])
        self.box = widgets.VBox([self.progress, self.report, bar, self._form, self.buttons["save"]])
        self._widgets = widgets
        self._show()

    def _button(self, widgets: Any, name: str) -> Any:
        words = _WORDS[name][LANGUAGES.index(self.language)]
        button = widgets.Button(description=words, button_style=_STYLES.get(name, ""))
        button.on_click(lambda _: self.press(name))
        return button

    @property
    def row(self) -> pd.Series[Any]:
        """The row that is being judged."""
        return self.rows.iloc[self.place]

    def press(self, name: str) -> None:
        """What a click on a button does."""
        if name == "save":
            correction = self.changed()
            if not correction:
                return
            try:
                self._record("corrected", correction)
            except ValueError as error:  # a figure that is none: say so, and stay
                self.progress.value = f'<b style="color:#b00020">{escape(str(error))}</b>'
                return
        elif name == "delete":
            self._record("wrong", {DELETE: True})
        elif name in ("right", "wrong"):
            self._record(name, {})
        self.place = max(self.place - 1, 0) if name == "back" else min(self.place + 1, len(self.rows) - 1)
        self._show()

    def _record(self, verdict: str, correction: dict[str, Any]) -> None:
        record(self.row, verdict, correction, table=self.table, out=self.rows.attrs[ORIGIN], reviewer=self.reviewer)
        self.verdicts[self.place] = verdict

    def changed(self) -> dict[str, Any]:
        """The columns that the form changes, with their new values."""
        return {
            name: field.value if field.value != "" else None
            for name, field in self.fields.items()
            if field.value != _text(self.row[name])
        }

    def _show(self) -> None:
        judged = sum(verdict is not None for verdict in self.verdicts)
        done = f" · {_WORDS['done'][LANGUAGES.index(self.language)]}" if judged == len(self.rows) else ""
        now = f" · {self.verdicts[self.place]}" if self.verdicts[self.place] else ""
        self.progress.value = f"<b>{self.place + 1} / {len(self.rows)}</b> · ✓ ✗ {judged}{now}{done}"
        self.report.value = str(pipeline.show(self.row, self.rows.attrs[ORIGIN], language=self.language))
        self.fields = {name: self._field(name) for name in FIELDS[self.table]}
        self._form.children = tuple(self.fields.values())

    def _field(self, name: str) -> Any:
        words = {"description": self._word(name), "style": {"description_width": "130px"}, "layout": {"width": "97%"}}
        value = _text(self.row[name])
        options = self._options(name)
        if options is None:
            return self._widgets.Text(value=value, continuous_update=False, **words)
        return self._widgets.Dropdown(options=options, value=value, **words)

    def _word(self, name: str) -> str:
        return label("field", {"project_id": "belongs", "parent_id": "part_of"}.get(name, name), self.language)

    def _options(self, name: str) -> list[tuple[str, str]] | None:
        """Choices of a field: the words of a category, or the report's undertakings; None for free text."""
        if name in LINKS:
            of_report = self._projects[self._projects["doc_id"] == self.row["doc_id"]]
            own = self.row[FACTS[self.table]] if self.table == "projects" else None
            pairs = zip(of_report["text"], of_report["project_id"], strict=True)
            return [("–", ""), *((shortened(text, 50), key) for text, key in pairs if key != own)]
        dtype = self.rows[name].dtype
        if not isinstance(dtype, pd.CategoricalDtype) or name == "programme":
            return None
        return [(label(name, str(word), self.language), str(word)) for word in dtype.categories]


def _text(value: Any) -> str:
    """A value as the form shows it: missing is empty, long figures have blanks between thousands, which a
    person may type as well; dots and commas would be read in two ways.

    >>> _text(Decimal("1750000000.0000")), _text(2023), _text(None)
    ('1 750 000 000', '2023', '')
    """
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, str):
        return value
    return grouped(Decimal(str(value))).replace(",", " " if abs(value) > 9999 else "")

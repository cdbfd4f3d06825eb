"""Groups and their parts: "9 đề án", of which "1 đề án thông tin tuyên truyền" and "7 đề án …"."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rules.layout import Layout
from rules.project.lexicon import pattern
from rules.project.lists import list_intro
from rules.project.mention import Project, sentence_around

_FRAME = ("ke_hoach", "chuong_trinh")
_MEMORY = 100
_COMPONENT = "project.component"
_MORE = pattern(r"\s+{others}(?!\w)")  # "còn 2 đề án nữa" are not of the group before
_LIST_ITEM = pattern(r",\s(?:{and}\s)?(?:{part_places}\.?\s)?(?:[{UPPER}]\w*\s){1,4}")
_EXAMPLE = pattern(r"{Example_of_group}(?!\w)")
_WORKS = {"du_an", "cong_trinh"}


def complete(found: Sequence[Project], layout: Layout) -> list[Project]:
    """``found`` in text order, with their groups as ``parent``, and with the year and programme that a part or a bare
    count takes over from the plan or the group before it."""
    projects = sorted(found, key=lambda p: (p.mentions[0], p.start))  # a group is mentioned before its parts
    joined: list[Project] = []
    for i, p in enumerate(projects):
        joined.append(replace(p, parent=_parent([*joined, *projects[i:]], i, layout)))
    out: list[Project] = []
    for i, p in enumerate(joined):
        frame = _frame(joined, out, i, layout)
        q = _with_frame(p, frame) if frame else p
        out.append(replace(q, programme=q.programme or _host_programme(out, p, layout)))
    return _by_best_mention(out)


def _with_frame(p: Project, frame: Project) -> Project:
    """``p`` with the year and the programme that it takes over from the plan or group ``frame``."""
    dated = frame.kind != "chuong_trinh" or p.rule == _COMPONENT
    programme = p.programme or (None if _dated_apart(p, frame) else frame.programme)
    return replace(p, year=p.year or (frame.year if dated else None), programme=programme)


def _dated_apart(p: Project, frame: Project) -> bool:
    """Whether a count with a year of its own is no part of the count ``frame``, nor a single one of another year."""
    if frame.kind != p.kind or p.parent is not None or p.year is None:
        return False
    return p.year != frame.year if p.n_projects > 1 else frame.year is not None and p.year != frame.year


def _by_best_mention(projects: Sequence[Project]) -> list[Project]:
    """``projects`` in the order of their fullest mentions; parents point into the new order."""
    order = sorted(range(len(projects)), key=lambda i: (projects[i].start, projects[i].end, i))
    place = {old: new for new, old in enumerate(order)}
    return [replace(projects[i], parent=None if (up := projects[i].parent) is None else place[up]) for i in order]


def _parent(projects: Sequence[Project], i: int, layout: Layout) -> int | None:
    """Index of the group that ``projects[i]`` is a part of: the nearest larger count before it that enumerates it, or
    whose count the entries after it add up to exactly."""
    p = projects[i]
    for j in range(i - 1, max(-1, i - 30), -1):
        g = projects[j]
        classes = g.rule == "project.counted.classes"
        if g.n_projects < 2 or (g.n_projects <= p.n_projects and not classes):
            continue
        if not _kind_fits(g, p) and not (_is_model_of(g, p) and _lists(layout, g, p)):
            continue
        if _lists(layout, g, p) or (g.parent is None and _adds_up(projects, j, i, layout)):
            return j
    return None


def _kind_fits(group: Project, part: Project) -> bool:
    return group.kind == part.kind or {group.kind, part.kind} <= _WORKS


def _is_model_of(group: Project, part: Project) -> bool:
    """Đề án are counted with the mô hình among them: "2 đề án, gồm: đề án A và mô hình B"."""
    return group.kind == "de_an" and part.kind == "mo_hinh" and part.n_projects == 1


def _lists(layout: Layout, group: Project, part: Project) -> bool:
    """Whether ``part`` stands in the enumeration that a mention of ``group`` opens: behind a colon, "gồm" or a bracket
    in its sentence, or in the lines below it."""
    start, end = max((m for m in group.mentions if m[1] <= part.start), default=(part.start, part.start))
    if start == part.start:
        return False
    if layout.sentence_at(start) != layout.sentence_at(part.start):
        intro = list_intro(layout, part.start)
        return intro is not None and intro[0] <= start < intro[1]
    between = layout.text[end : part.start].lower()
    if between.count("(") > between.count(")"):
        return True
    if group.parent is not None and ";" in between:  # the next item of the list that the group is itself in
        return False
    return any(word in between for word in (":", "gồm", "trong đó", "đó là", "như "))


def _beside(projects: Sequence[Project], j: int, layout: Layout) -> bool:
    """Whether the next count stands beside ``projects[j]`` in a list, both of them parts: "A 6 đề án, B 5 đề án"."""
    if j + 1 == len(projects):
        return False
    end, start = projects[j].mentions[0][1], projects[j + 1].mentions[0][0]
    between = layout.text[end:start]
    return end <= start and len(between) < 40 and _LIST_ITEM.fullmatch(between) is not None


def _adds_up(projects: Sequence[Project], j: int, i: int, layout: Layout) -> bool:
    """Whether a run of entries after group ``j`` that holds entry ``i`` has exactly its count together. One group may
    be broken down twice ("98 đề án: 27 quốc gia, 71 địa phương; 52 máy móc, 19 dạy nghề, 27 còn lại")."""
    whole = projects[j].n_projects
    if projects[i].kind != projects[j].kind or _beside(projects, j, layout):
        return False
    total, run = 0, 0
    for k in range(j + 1, min(len(projects), j + 20)):
        if projects[j].kind != projects[k].kind:
            continue
        total, run = total + projects[k].n_projects, run + 1
        if total > whole:
            return False
        if total == whole:
            if k >= i:
                return run > 1
            total, run = 0, 0
    return False


def _frame(projects: Sequence[Project], done: Sequence[Project], i: int, layout: Layout) -> Project | None:
    """The plan or group whose year and programme ``projects[i]`` shares, where it prints none of its own."""
    p = projects[i]
    if p.parent is not None:
        return done[p.parent]
    if p.kind in _FRAME or _MORE.match(layout.text, p.end):
        return None
    if p.rule == _COMPONENT:  # "Dự án 1: …" under a programme
        return next((q for q in reversed(done) if q.kind == "chuong_trinh"), None)
    if component := _component(done, p, layout):
        return component
    intro = list_intro(layout, p.start)
    here = layout.paragraph_at(intro[1] - 1 if intro else p.start)
    if p.rule.startswith("project.work") and not _is_example(layout, p):
        # "Kế hoạch … năm 2022 …. Xong trước có: Trường A (…); Trường B (…)"
        return next((q for q in _plans(reversed(done)) if layout.paragraph_at(q.start) == here), None)
    if p.n_projects == 1:
        return _count_of_single(done[-_MEMORY:], p, layout, here)
    return _count_before(done[-_MEMORY:], p, layout, here) or next(_plans(projects[i + 1 : i + 3]), None)


def _plans(projects: Iterable[Project]) -> Iterator[Project]:
    return (q for q in projects if q.kind == "ke_hoach")


def _counts(recent: Sequence[Project], p: Project) -> list[Project]:
    """The counts of what ``p`` is, or may be called."""
    like = _WORKS if p.rule.startswith("project.work") else {p.kind}
    return [q for q in recent if q.kind in like and q.n_projects > 1 and q.parent is None]


def _count_of_single(recent: Sequence[Project], p: Project, layout: Layout, here: int) -> Project | None:
    """The count of its kind that a single one stands soon after: "3 đề án … Đề án “A” …"."""
    counts = _counts(recent, p)
    return counts[-1] if counts and _close(layout, counts[-1], here, 2 if p.kind == "de_an" else 1) else None


def _count_before(recent: Sequence[Project], p: Project, layout: Layout, here: int) -> Project | None:
    """The plan or count told last before ``p``, in paragraph ``here``, that ``p`` may be of."""
    counts = _counts(recent, p)
    plans = [q for q in _plans(recent) if p.name is None and _close(layout, q, here)]
    frame = max((*plans, *counts), key=lambda q: q.start, default=None)
    if frame is None:
        return None
    # "5 đề án quốc gia và 13 đề án địa phương. … nghiệm thu 4 đề án": those four may be of either
    sentence = layout.sentence_at(frame.start)
    programmes = {q.programme for q in counts if layout.sentence_at(q.start) == sentence}
    return frame if len(programmes) < 2 else replace(frame, programme=None)


def _is_example(layout: Layout, p: Project) -> bool:
    """Whether the sentence of ``p`` gives examples of what was counted before ("Tiêu biểu là cầu A …")."""
    return _EXAMPLE.match(layout.text, sentence_around(layout, p.start)[0]) is not None


def _component(done: Sequence[Project], p: Project, layout: Layout) -> Project | None:
    """The component that heads the paragraphs in which ``p`` stands ("Dự án 3: …" on a line of its own)."""
    heads = [q for q in done[-_MEMORY:] if q.rule == _COMPONENT]
    if not heads or layout.paragraph_at(p.start) - layout.paragraph_at(heads[-1].start) > 2:
        return None
    return heads[-1]


def _close(layout: Layout, q: Project, here: int, reach: int = 1) -> bool:
    """Whether ``q`` is named in paragraph ``here`` or in the ``reach`` paragraphs before."""
    return any(0 <= here - layout.paragraph_at(start) <= reach for start, _ in q.mentions)


def _host_programme(done: Sequence[Project], p: Project, layout: Layout) -> str | None:
    """The programme of an undertaking named or meant before ``p`` in its sentence ("dự án xây dựng được mô hình …"),
    or of a chương trình meant before it in its paragraph ("… một mảng của chương trình. Xã A có dự án …")."""
    first = sentence_around(layout, p.start)[0]
    opening = layout.paragraphs[layout.paragraph_at(p.start)][0]
    hosts = [
        (start, q.programme or "")
        for q in done[-_MEMORY:]
        for start, _ in q.mentions
        if q.kind != p.kind and (opening if q.kind == "chuong_trinh" else first) <= start < p.start
    ]
    return (max(hosts)[1] or None) if hosts else None

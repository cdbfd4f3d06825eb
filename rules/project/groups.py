"""Groups and their parts: "9 đề án", of which "1 đề án thông tin tuyên truyền" and "7 đề án …"."""

from dataclasses import replace

from rules.layout import Layout
from rules.project.mention import Project

_FRAME = ("ke_hoach", "chuong_trinh")


def complete(projects: list[Project], layout: Layout) -> list[Project]:
    """``projects`` (in text order) with their groups as ``parent``, and with the year and programme that a part or
    a bare count takes over from the plan or the group before it."""
    joined = [replace(p, parent=_parent(projects, i, layout)) for i, p in enumerate(projects)]
    out: list[Project] = []
    for i, p in enumerate(joined):
        frame = _frame(joined, out, i, layout)
        if frame is not None:
            p = replace(p, year=p.year or frame.year, programme=p.programme or frame.programme)
        out.append(p)
    return out


def _parent(projects: list[Project], i: int, layout: Layout) -> int | None:
    """Index of the group that ``projects[i]`` is a part of: the nearest larger count before it whose parts follow
    in its own sentence, or add up to it exactly."""
    p = projects[i]
    for j in range(i - 1, max(-1, i - 30), -1):
        g = projects[j]
        if g.n_projects < 2 or g.n_projects <= p.n_projects or not _kind_fits(g, p):
            continue
        if _lists(layout, g, p) or _adds_up(projects, j, i):
            return j
    return None


def _kind_fits(group: Project, part: Project) -> bool:
    return group.kind == part.kind or {group.kind, part.kind} <= {"du_an", "cong_trinh"}


def _lists(layout: Layout, group: Project, part: Project) -> bool:
    """Whether ``part`` stands in the enumeration that ``group`` opens: behind a colon, "gồm" or a bracket."""
    if layout.sentence_at(group.start) != layout.sentence_at(part.start) or part.start < group.end:
        return False
    between = layout.text[group.end : part.start].lower()
    return any(word in between for word in (":", "gồm", "trong đó", "(", "đó là", "như "))


def _adds_up(projects: list[Project], j: int, i: int) -> bool:
    """Whether a run of entries after group ``j`` that holds entry ``i`` has exactly its count together."""
    total, run = 0, []
    for k in range(j + 1, min(len(projects), j + 15)):
        if not _kind_fits(projects[j], projects[k]) or projects[k].n_projects >= projects[j].n_projects:
            continue
        total += projects[k].n_projects
        run.append(k)
        if total >= projects[j].n_projects:
            break
    return total == projects[j].n_projects and i in run and len(run) > 1


def _frame(projects: list[Project], done: list[Project], i: int, layout: Layout) -> Project | None:
    """The plan or group whose year and programme ``projects[i]`` shares, where it prints none of its own."""
    p = projects[i]
    if p.parent is not None and p.parent < len(done):
        return done[p.parent]
    if p.n_projects < 2 and p.kind not in _FRAME and p.parent is None:
        return None
    if p.kind in _FRAME:
        return None
    here = layout.paragraph_at(p.start)
    before = [
        q
        for q in done
        if (q.kind == "ke_hoach" and here - layout.paragraph_at(q.start) <= 1)
        or (q.kind == p.kind and q.n_projects > 1)
    ]
    if before:
        return before[-1]
    return next((q for q in projects[i + 1 : i + 3] if q.kind == "ke_hoach"), None)

"""Which undertaking a sentence goes on about, where it names none itself."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rules.link.mention import NO_LINK, Link
from rules.link.page import Noun
from rules.link.scene import Scene
from rules.link.words import TAKEN_UP, pattern, starts, within

_OWN_KIND = {"dự án": "du_an", "công trình": "cong_trinh", "đề án": "de_an", "mô hình": "mo_hinh"}
_STANDING = {"kế hoạch", "chương trình"}
_BUILT = {"cong_trinh", "du_an"}
_FRAMES = {"chuong_trinh", "ke_hoach"}
_CONTINUES, _OPENS, _TURNS, _SUMS_UP = starts("continues"), starts("opens"), starts("turns"), starts("sums_up")
_PLACE_ACTS = pattern(r"{Until}[^,;]{0,40},\s{places_as_subject}\s(?:[{UPPER}]\w*\s){0,4}(?:{already}\s)?{places_act}")
_CARRIES = within("carries")
_FLOWS = pattern(r"\W*(?:{flows}|{sum}(?:\s\w+){1,3}\s{this})(?!\w)", re.IGNORECASE)
_GIVER = pattern(r"\W*{givers}(?!\w)[^.;]{0,90}?(?<!\w){gives}(?!\w)", re.IGNORECASE)
# "Quỹ A tài trợ 2,1 tỷ đồng, huyện lo phần còn lại": of the cost told before, no other gift
_REST = pattern(r"(?<!\w){parts_of_sum} (?:{money} )?{left}(?!\w)", re.IGNORECASE)
_OF = pattern(r"\s{of}\s", re.IGNORECASE)

_SHORT = 6  # sentences of a short paragraph
_LIST = 100  # sentences of a list that are run through to its head
_NEAR, _FAR, _RECALL = 1, 4, 12  # sentences over which a topic holds: plain, with a word that goes on, by its kind word


class Topics:
    """What each sentence is about: what it names, what a bare kind word takes up, what its sums were linked to."""

    def __init__(self, scene: Scene, named: Sequence[int] = ()) -> None:
        """``named`` are the offsets of named receivers: two sentences in a row about two of them are parallel."""
        self._scene = scene
        self._named = frozenset(map(scene.layout.sentence_at, named))
        self._topics: list[tuple[int, ...]] = []
        self._loose: set[int] = set()
        for sentence, (left, right) in enumerate(scene.layout.sentences):
            named = scene.topic_of(left, right)
            if not named and (taken := self._recalled(sentence, left, right)) and taken[0] is not None:
                named = (taken[0],)
            self._topics.append(named)

    def pass_over(self, offset: int) -> None:
        """Remember that a sum at ``offset`` belongs to none: what its sentence names behind it is not its topic."""
        self._loose.add(self._scene.layout.sentence_at(offset))

    def of(self, sentence: int) -> tuple[int, ...]:
        """The undertakings that ``sentence`` leaves open."""
        return self._topics[sentence]

    def note(self, offset: int, project: int) -> None:
        """Remember that something at ``offset`` was linked to ``project``: a sentence that names none is about it."""
        sentence = self._scene.layout.sentence_at(offset)
        self._topics[sentence] = self._topics[sentence] or (project,)

    def continued(self, offset: int, end: int | None = None, *, plain: str = "all") -> Link:
        """The undertaking that the sentence (or item) goes on about up to ``offset``.

        ``end`` is where the mention at ``offset`` ends: "45 triệu đồng của chương trình" takes up what follows it.
        ``plain`` says what a sentence without any word of going on may take up, right behind the one that tells of
        the undertaking: "all" topics, a "single" undertaking but no group, or "none".
        """
        scene, layout = self._scene, self._scene.layout
        sentence = layout.sentence_at(offset)
        first, _ = scene.page.sentence(offset)
        left, _ = scene.page.item(offset)
        head = layout.text[left:offset]
        if _TURNS.match(head):
            return NO_LINK
        if _SUMS_UP.match(head):
            return self._roof(sentence)
        if named := list(dict.fromkeys(a.project for a in scene.open(first, left))):
            parallel = len(named) > 1 or head.lstrip()[:1].isupper()  # "…; Công ty B 60 triệu đồng"
            return NO_LINK if parallel and not _CONTINUES.match(head) else (named[-1], "link.item")
        if scene.page.bullet(sentence) and not self._opened(sentence):
            return self._list_head(sentence)
        return NO_LINK if self.elsewhere(offset) else self._taken_up(offset, end, plain)

    def _taken_up(self, offset: int, end: int | None, plain: str) -> Link:
        """What a kind word behind or before a mention takes up, else what the sentences before it are about."""
        scene, text = self._scene, self._scene.layout.text
        sentence, (first, _) = scene.layout.sentence_at(offset), scene.page.sentence(offset)
        of = _OF.match(text, end) if end is not None else None
        if of and scene.page.nouns(of.end(), of.end() + 1):
            return self._recalled(sentence, of.end(), of.end() + 1) or NO_LINK
        return self._recalled(sentence, first, offset) or self._before(sentence, text[first:offset], plain)

    def flows_into(self, offset: int) -> int | None:
        """Where the next sentence says what the thing at ``offset`` is for: "Số tiền này dùng để thực hiện dự án X"."""
        sentences, following = self._scene.layout.sentences, self._scene.layout.sentence_at(offset) + 1
        if following >= len(sentences) or len(topic := self._topics[following]) != 1:
            return None
        return topic[0] if _FLOWS.match(self._scene.layout.text, *sentences[following]) else None

    def next_about(self, offset: int) -> tuple[int, ...]:
        """What the next sentence of the paragraph tells of, if it names no receiver of its own.

        "Nơi thứ hai là Công ty A. Nơi này đã làm mô hình B"
        """
        owner = self._scene.layout.sentence_paragraph
        following = self._scene.layout.sentence_at(offset) + 1
        if following >= len(owner) or owner[following] != owner[following - 1] or following in self._named:
            return ()
        return self._topics[following]

    def elsewhere(self, offset: int) -> bool:
        """Whether the sentence turns to something else, or names an undertaking that is none of ours."""
        text = self._scene.layout.text
        first = self._scene.page.sentence(offset)[0]
        if _TURNS.match(text[self._scene.page.item(offset)[0] : offset]):
            return True
        for noun in self._scene.page.nouns(first, offset):
            if noun.agency:
                continue
            standing = noun.word in _STANDING and not noun.several and noun.end < offset and not noun.alone
            if noun.named or standing:
                return True
        return False

    def _roof(self, sentence: int) -> Link:
        """The group to which all belong that the sentences before told of."""
        if sentence and self._scene.page.bullet(sentence - 1):
            return self._list_head(sentence)
        owner = self._scene.layout.sentence_paragraph
        told: set[int] = set()
        here: set[int] = set()
        for back in range(sentence - 1, max(-1, sentence - 1 - _RECALL), -1):
            told.update(self._topics[back])
            roofs = {self._scene.projects[i].parent for i in told} - {None}
            if len(roofs) == 1:
                return roofs.pop(), "link.roof"
            here = told.copy() if owner[back] == owner[sentence] else here
        return (here.pop(), "link.roof") if len(here) == 1 else NO_LINK  # its own parts are added up

    def _opened(self, sentence: int) -> bool:
        """Whether an earlier sentence of the paragraph has a topic."""
        owner = self._scene.layout.sentence_paragraph
        back = sentence - 1
        while back >= max(0, sentence - _LIST) and owner[back] == owner[sentence]:
            if self._topics[back]:
                return True
            back -= 1
        return False

    def _list_head(self, sentence: int) -> Link:
        """The topic of the paragraph that introduces a list set in lines."""
        layout, page = self._scene.layout, self._scene.page
        back, dashed = sentence - 1, page.dash(sentence)
        while back >= max(0, sentence - _LIST) and page.bullet(back):
            if dashed and not page.dash(back):  # "1. Đề án A" over "- Tổng kinh phí: …"
                return self._single(back)
            back -= 1
        if back < 0:
            return NO_LINK
        head = layout.sentence_paragraph[back]
        if _CARRIES.search(layout.text, *layout.sentences[back]):
            head -= 1
        while back >= 0 and layout.sentence_paragraph[back] >= head:
            if self._topics[back]:
                return self._single(back)
            back -= 1
        return NO_LINK

    def _single(self, sentence: int) -> Link:
        """The one topic of the sentence over a list."""
        topic = self._topics[sentence]
        return (topic[0], "link.list") if len(topic) == 1 else NO_LINK

    def _recalled(self, sentence: int, first: int, offset: int) -> Link | None:
        """What a bare kind word takes up ("dự án này", "dự toán cho đề án"): the last topic of that kind.

        None where the text holds no such word or nothing of its kind was told before.
        """
        for noun in reversed(self._scene.page.nouns(first, offset)):
            if not (noun.alone or noun.end >= offset) or (noun.several and not noun.this):
                continue
            if (meant := self._meant(noun, sentence)) is not None:
                return meant
        return None

    def _meant(self, noun: Noun, sentence: int) -> Link | None:
        """The undertaking of the kind of ``noun`` that was told of last before ``sentence``."""
        projects, kinds = self._scene.projects, TAKEN_UP.get(noun.word, _BUILT)
        for back in range(sentence - 1, max(-1, sentence - 1 - _RECALL), -1):
            topic = self._topics[back]
            if topic and not noun.several and (meant := self._of_that_kind(back, noun.word)) is not None:
                return meant, "link.recalled"
            fit = [i for i in topic if self._one(i) != noun.several and projects[i].kind in kinds]
            if fit:
                return (fit[-1], "link.recalled") if len(fit) == 1 or noun.this else NO_LINK
        return self._only(noun, kinds)

    def _only(self, noun: Noun, kinds: set[str]) -> Link | None:
        """The only undertaking of the report, named far off or only later."""
        if noun.several or len(self._scene.named) != 1:
            return None
        only = next(iter(self._scene.named))
        return (only, "link.recalled") if self._one(only) and self._scene.projects[only].kind in kinds else None

    def _of_that_kind(self, sentence: int, word: str) -> int | None:
        """The roof that the sentence names with this very word, where it tells of parts with another ("trong khuôn khổ
        Dự án A, tỉnh làm 3 công trình …. Tổng vốn của dự án …")."""
        projects = self._scene.projects
        first, last = self._scene.layout.sentences[sentence]
        own = _OWN_KIND.get(word)
        if own is None or any(projects[i].kind == own for i in self._topics[sentence]):
            return None
        told = {a.project for a in self._scene.between(first, last) if projects[a.project].kind == own and a.side}
        return told.pop() if len(told) == 1 else None

    def _one(self, project: int) -> bool:
        return self._scene.projects[project].n_projects == 1

    def _before(self, sentence: int, head: str, plain: str) -> Link:
        layout = self._scene.layout
        paragraph = layout.sentence_paragraph[sentence]
        opens = bool(_OPENS.match(head))
        general = opens and _PLACE_ACTS.match(head) is not None
        strong = opens or bool(_CONTINUES.match(head))
        if not strong and self._is_other_gift(sentence, head):
            return NO_LINK
        first = bisect_left(layout.sentence_paragraph, paragraph)
        strong = strong or bool(first and self._heading(first - 1))
        reach = max(_FAR if strong else 0, self._span(sentence) if strong or plain != "none" else 0)
        for back in range(sentence - 1, max(-1, sentence - 1 - reach), -1):
            apart = layout.sentence_paragraph[back] != paragraph
            if apart and not opens and not self._heading(back):
                return NO_LINK
            if topic := self._topics[back]:
                other = not strong and self._is_parallel(back, sentence, plain)
                other = other or (general and apart and self._scene.projects[topic[0]].kind not in _FRAMES)
                return (topic[0], "link.topic") if len(topic) == 1 and not other else NO_LINK
        return NO_LINK

    def _is_other_gift(self, sentence: int, head: str) -> bool:
        """Whether a sentence begins with a giver of its own, and does not speak of what is left of the cost."""
        layout = self._scene.layout
        return _GIVER.match(head) is not None and not _REST.search(layout.text, *layout.sentences[sentence])

    def _is_parallel(self, back: int, sentence: int, plain: str) -> bool:
        """Whether a sentence without a word of going on tells of something beside the topic of the one ``back``."""
        layout, first = self._scene.layout, self._topics[back][0]
        if back in self._loose or {back, sentence} <= self._named or (plain == "single" and not self._one(first)):
            return True
        single_out = layout.text.startswith("Riêng ", layout.sentences[back][0])
        return single_out and self._scene.projects[first].kind in _FRAMES

    def _span(self, sentence: int) -> int:
        """Over how many sentences a topic holds by itself: one, or a whole short paragraph that names no other."""
        owner = self._scene.layout.sentence_paragraph
        first = bisect_left(owner, owner[sentence])
        if first and self._heading(first - 1) and len(self._topics[first - 1]) == 1:
            return sentence - first + 1
        if bisect_right(owner, owner[sentence]) - first > _SHORT:
            return _NEAR
        told = {t for i in range(first, sentence) for t in self._topics[i]}
        return max(_NEAR, sentence - first) if len(told) == 1 else _NEAR

    def _heading(self, sentence: int) -> bool:
        """Whether ``sentence`` is a line of its own that ends without a stop: it heads the paragraph below."""
        layout = self._scene.layout
        span = layout.paragraphs[layout.sentence_paragraph[sentence]]
        line = layout.text[slice(*span)]
        return (
            layout.sentences[sentence] == span and span != layout.title and len(line) < 160 and line[-1] not in ".;,!?…"
        )

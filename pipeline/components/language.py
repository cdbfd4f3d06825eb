"""spaCy's Vietnamese, with underthesea's words.

Installed as the language ``vi`` by entry point, so that ``spacy.blank("vi")`` works without pyvi. A saved
pipeline that names another tokenizer in its config keeps it.
"""

from collections.abc import Callable

from spacy.lang.vi import VietnameseDefaults
from spacy.language import Language
from spacy.util import load_config_from_str, registry

from pipeline.components.tokenise import Tokenizer


@registry.tokenizers("trichluc.Tokenizer")
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    return lambda nlp: Tokenizer(nlp.vocab)


class Defaults(VietnameseDefaults):
    config = load_config_from_str('[nlp]\n\n[nlp.tokenizer]\n@tokenizers = "trichluc.Tokenizer"\n')


class Vietnamese(Language):
    lang = "vi"
    Defaults = Defaults

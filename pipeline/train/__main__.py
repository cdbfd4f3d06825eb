"""``make train``: write the weights of every decider anew from annotated documents.

    python -m pipeline.train [GOLD ...] [--only NAME] [--no-own] [--check]

GOLD are folders of ``NAME.txt`` with ``NAME.json`` (``docs/corpus.md``) besides the repository's own, ``corpus/``.
Prints for each decider the share of right decisions by 5-fold cross-validation over the documents.
"""

from pathlib import Path
from typing import Annotated as Arg

import typer

from pipeline.analysis.gold import GoldError
from pipeline.train.annotated import read
from pipeline.train.linear import share_right
from pipeline.train.trainers import ROOT, TRAINERS


def main(
    gold: Arg[list[Path] | None, typer.Argument(help="Folders of more gold facts.", show_default=False)] = None,
    only: Arg[list[str] | None, typer.Option(help="Train this decider only; may be given again.")] = None,
    own: Arg[bool, typer.Option(help="Learn from the repository's own reports too.")] = True,
    check: Arg[bool, typer.Option("--check", help="Only cross-validate; write nothing.")] = False,
) -> None:
    """Write the weights of every decider anew."""
    folders = [*([ROOT / "corpus"] if own else []), *(gold or [])]
    unknown = set(only or ()) - {trainer.name for trainer in TRAINERS}
    if unknown:
        raise _refused(f"no decider {', '.join(sorted(unknown))}: there are {', '.join(t.name for t in TRAINERS)}")
    try:
        documents = read(folders)
    except GoldError as error:
        raise _refused(str(error)) from None
    learnt_from = f"{len(documents)} documents"
    for trainer in TRAINERS:
        if only and trainer.name not in only:
            continue
        judged = trainer.judge(documents)
        typer.echo(f"{trainer.name}: {share_right(judged):.3f} of {len(judged)} right by cross-validation")
        if not check:
            trainer.write(trainer.fit(documents), trainer.path, learnt_from)
            typer.echo(f"  -> {trainer.path.relative_to(ROOT)}")


def _refused(message: str) -> typer.Exit:
    typer.echo(f"trichluc: {message}", err=True)
    return typer.Exit(2)


if __name__ == "__main__":
    typer.run(main)

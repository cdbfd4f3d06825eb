"""``make train``: write the weights of every decider anew from annotated documents.

    python -m pipeline.train [GOLD ...] [--only NAME] [--no-own] [--check] [--kept-apart FOLDER] [--to FOLDER]

GOLD are folders of ``NAME.txt`` with ``NAME.json`` (``docs/corpus.md``) besides the repository's own, ``corpus/``.
Prints for each decider the share of right decisions by 5-fold cross-validation over the documents; with ``--check``
also, for each folder, how well whole rows come out by weights that never saw the document, and writes nothing.
``--kept-apart`` names folders that nothing is learnt from, to see how well their rows come out by the weights of all
others. A folder that is given twice counts twice. ``--keep 0.5`` writes the mean of the new weights and those at hand.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated as Arg

import typer

from pipeline.analysis.evaluate import Report
from pipeline.analysis.gold import GoldError
from pipeline.train.annotated import read
from pipeline.train.chain import ALL, Chain, measure
from pipeline.train.linear import mean, share_right
from pipeline.train.trainers import ROOT, TRAINERS, Trainer
from rules.decide import parse

_MOST = 8000  # features of a mean of two models
_FIGURES = ("records.f1", "projects.f1", "beneficiaries.f1", "amount.role", "amount.project", "beneficiary.project")


def main(
    gold: Arg[list[Path] | None, typer.Argument(help="Folders of more gold facts.", show_default=False)] = None,
    only: Arg[list[str] | None, typer.Option(help="Train this decider only; may be given again.")] = None,
    own: Arg[bool, typer.Option(help="Learn from the repository's own reports too.")] = True,
    check: Arg[bool, typer.Option("--check", help="Only judge; leave the weights of the rules as they are.")] = False,
    kept_apart: Arg[list[Path] | None, typer.Option(help="Judge the rows of this folder; may be given again.")] = None,
    keep: Arg[float, typer.Option(help="This share of the weights at hand stays: the mean is written.")] = 0.0,
    to: Arg[Path | None, typer.Option(help="Keep all weights in this folder, those of each fold too.")] = None,
) -> None:
    """Write the weights of every decider anew."""
    unknown = set(only or ()) - {trainer.name for trainer in TRAINERS}
    if unknown:
        raise _refused(f"no decider {', '.join(sorted(unknown))}: there are {', '.join(t.name for t in TRAINERS)}")
    try:
        documents = read([*([ROOT / "corpus"] if own else []), *(gold or [])])
        apart = [document for folder in kept_apart or () for document in read([folder])]
    except GoldError as error:
        raise _refused(str(error)) from None
    if mixed := {d.name for d in documents} & {d.name for d in apart}:
        raise _refused(f"kept apart, but learnt from: {', '.join(sorted(mixed))}")
    trainers = [trainer for trainer in TRAINERS if not only or trainer.name in only]
    with TemporaryDirectory() as scratch:
        chain = Chain(documents, to or Path(scratch), f"{len(documents)} documents")
        for done in chain.fit(trainers):
            right = share_right(done.judged)
            typer.echo(f"{done.trainer.name}: {right:.3f} of {len(done.judged)} right by cross-validation")
        if check:
            _tell(chain.records(), "by cross-validation")
        reports: dict[str, Report] = {}
        measure(apart, chain.folder / ALL, reports)
        _tell(reports, "kept apart")
        for trainer in [] if check else trainers:
            _write(trainer, chain.folder / ALL / trainer.own_name, keep)
            typer.echo(f"  -> {trainer.path.relative_to(ROOT)}")


def _write(trainer: Trainer, path: Path, keep: float) -> None:
    """Put weights beside the rules, ``keep`` of them those that lie there."""
    if not keep:
        shutil.copyfile(path, trainer.path)
        return
    old, new = (path.read_text("utf-8").splitlines() for path in (trainer.path, path))
    learnt_from = f"{_source(new)}; {keep:.2f} of each weight from {_source(old)}"
    blended = mean(parse(old, trainer.classes), parse(new, trainer.classes), keep, _MOST)
    trainer.write(blended, trainer.path, learnt_from)


def _source(lines: Sequence[str]) -> str:
    """What weights were learnt from, as their first line tells."""
    return lines[0].partition(", from ")[2].rstrip(".")


def _tell(reports: dict[str, Report], how: str) -> None:
    for folder, report in reports.items():
        values = report.values()
        counts = report.counts["projects"]
        figures = " ".join(f"{name} {values.get(name, 0):.3f}" for name in _FIGURES)
        typer.echo(f"{folder} {how}: {figures} of {counts.hit + counts.missed} undertakings")


def _refused(message: str) -> typer.Exit:
    typer.echo(f"trichluc: {message}", err=True)
    return typer.Exit(2)


if __name__ == "__main__":
    typer.run(main)

"""The command line: parses, then loads what it needs. `pellucid --help` never imports torch.

The flags of `train`, `compare` and `summary` come from the room's configuration; nothing is listed twice.
Exit codes: 0 done; 2 the user can mend it; 1 our fault; 130 interrupted.
"""

from __future__ import annotations

import codecs
import functools
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pellucid import __version__, catalog
from pellucid.addcommand import add
from pellucid.askcommand import Asking, predict, verbs
from pellucid.core.errors import Interrupted, UserError
from pellucid.datacommand import data
from pellucid.homeworkcommand import homework
from pellucid.options import AS_JSON, RUNS, find
from pellucid.roomcommand import PerRoom, body_of
from pellucid.runscommand import runs

# as somebody needs them: look around, train, ask, see inside, ship; what is not here comes last
ORDER = "studio list train runs predict similar search look evaluate summary compare export serve data homework".split()
RESUME = click.option("--resume", metavar="RUN", help="Go on with a run that was interrupted or killed.")


class Main(click.Group):
    """Turns our errors into one line and an exit code, for every command alike."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        _write_any_text(sys.argv if not args else args[0] or ())
        try:
            code = super().main(*args, **(kwargs | {"standalone_mode": False}))
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            code = 2
        except click.ClickException as error:
            code = _fail(error.format_message(), 2)
        except (UserError, Interrupted) as error:
            code = _fail(str(error), error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            code = _fail("interrupted", Interrupted.exit_code)
        sys.exit(code if isinstance(code, int) else 0)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.commands, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # `pellucid … | head` has seen enough
            _drop_output()
            return 0
        except OSError as error:
            from pellucid.core.data.download import NO_ROOM

            if error.errno not in NO_ROOM:
                raise
            _drop_output()
            where = error.filename or "the output"
            raise UserError(f"{where}: cannot be written: {error.strerror}; make room, then run it again") from None


def _drop_output() -> None:
    """What was not written yet goes nowhere, or Python complains when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_any_text(words: Sequence[str]) -> None:
    """A terminal or a file in an old encoding gets `?` for what it cannot hold, and not a traceback. JSON loses
    nothing: where it is not UTF-8, it is written in ASCII, which has escapes for all else."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
            if "--json" in words and stream is sys.stdout and codecs.lookup(stream.encoding).name != "utf-8":
                codecs.register_error("json", _escaped)
                stream.reconfigure(encoding="ascii", errors="json")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _fail(message: str, code: int) -> int:
    click.echo(f"pellucid: {' '.join(message.split())}", err=True)
    return code


@click.group(cls=Main, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, message="pellucid %(version)s")
def main() -> None:
    """Learn deep learning, run it, look inside it, ship it.

    \b
    pellucid studio                               everything below, in the browser
    pellucid list                                 the systems that there are
    pellucid train spam_detector                  train on the built-in data
    pellucid runs                                 what was trained, and what came of it
    pellucid predict spam_detector "Win a prize"  ask the newest run
    pellucid look spam_detector "Win a prize"     see every number it computed, checked
    pellucid export spam_detector --to onnx       a bundle that runs without torch
    pellucid serve spam_detector                  answer over HTTP
    pellucid homework start day1                  exercises, checked on this machine

    A RUN is a run's name or folder, or a system's name for its newest run. `pellucid COMMAND --help` has examples.
    """


@main.command("list")
@AS_JSON
def list_(as_json: bool) -> None:
    """The course's systems, built and not yet built.

    \b
    pellucid list
    pellucid list --json
    """
    if as_json:
        rows = [{"name": e.name, "day": e.day, "title": e.title, "built": e.built} for e in catalog.CATALOG]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for entry in catalog.CATALOG:
        about = catalog.card(entry.name).summary["en"] if entry.built else "not built yet"
        day = f"day {entry.day}" if entry.day != "bonus" else "bonus"
        click.echo(f"{day:6} {entry.name:18} {entry.title['en']:22} {about}")


main.add_command(runs)
main.add_command(homework)
main.add_command(data)
main.add_command(predict)
main.add_command(add)
for _verb in verbs():
    main.add_command(_verb)


# train


@main.group(
    cls=PerRoom,
    invoke_without_command=True,
    common=[RESUME, RUNS],
    short_help="Train a system, or go on with a training.",
)
@RESUME
@RUNS
@click.pass_context
def train(ctx: click.Context, resume: str | None, runs: str | None) -> None:
    """Train a system; every field of its configuration is a flag.

    \b
    pellucid train spam_detector
    pellucid train spam_detector --cell gru --bidirectional --epochs 5
    pellucid train spam_detector --data mine.csv --text-column body --label-column class
    pellucid train --resume runs/spam_detector/20261123-101500-amber
    torchrun --nproc_per_node 2 -m pellucid train spam_detector
    """
    if ctx.invoked_subcommand is None:
        if resume is None:
            raise click.exceptions.NoArgsIsHelpError(ctx)
        from pellucid import api, terminal

        terminal.trained(api.resume(resume, runs=runs))
    elif resume is not None:
        raise click.UsageError("--resume: write it behind the system, or leave the system out")


@body_of(train)
def train_room(room: str, fields: dict[str, Any], resume: str | None, runs: str | None) -> None:
    from pellucid import api, terminal

    if resume is None:
        terminal.trained(api.train(room, runs=runs, **fields))
    elif fields:
        raise UserError(f"--resume takes its configuration from the run: leave out {', '.join(fields)}")
    else:
        terminal.trained(api.resume(resume, runs=runs, room=room))


@main.group(cls=PerRoom, common=[], short_help="Layers and parameters, each count with its formula.")
def summary() -> None:
    """The layers of a system, their parameters, and the formula of each count.

    \b
    pellucid summary spam_detector --vocabulary 7297 --length 162
    """


@body_of(summary)
def summary_room(room: str, fields: dict[str, Any]) -> None:
    from pellucid import api, terminal

    for table in api.summary(room, **fields):
        terminal.layers(table)


@main.group(
    cls=PerRoom,
    common=[
        click.option("--vary", multiple=True, required=True, metavar="FIELD=A,B,…", help="What differs; may repeat."),
        click.option("--seeds", type=click.IntRange(min=1), default=3, show_default=True, help="Trainings of each."),
        RUNS,
        AS_JSON,
    ],
    short_help="Train variants side by side, over several seeds.",
)
def compare() -> None:
    """Train variants of a system side by side, and print speed, scores and scores per second of training.

    \b
    pellucid compare spam_detector --vary cell=rnn,lstm,gru --seeds 3
    """


@body_of(compare)
def compare_room(
    room: str, fields: dict[str, Any], vary: tuple[str, ...], seeds: int, runs: str | None, as_json: bool
) -> None:
    from pellucid import api, terminal

    varied: dict[str, list[str]] = {}
    for text in vary:
        name, equals, values = text.partition("=")
        if not equals or not name or not all(values.split(",")):
            raise UserError(f"--vary: {text!r} is not FIELD=A,B,…; for example cell=lstm,gru")
        if varied.setdefault(name.replace("-", "_"), values.split(",")) != values.split(","):
            raise UserError(f"--vary: {name} is there twice; write all its values into one")
    say = functools.partial(click.echo, err=True)
    variants = list(api.compare(room, varied, seeds=seeds, runs=runs, say=say, **fields))
    terminal.comparison(variants, as_json=as_json)


# use


@main.command(short_help="Scores on data that training did not see.")
@click.argument("run")
@click.option(
    "--split",
    type=click.Choice(["train", "validation", "test"]),
    default="test",
    show_default=True,
    help="Which part of the run's own data.",
)
@click.option("--data", metavar="FILE", help="Evaluate on all of this file instead.")
@click.option("--read", multiple=True, metavar="FIELD=VALUE", help="How to read it, where not as the run's own data.")
@RUNS
@AS_JSON
def evaluate(run: str, split: str, data: str | None, read: tuple[str, ...], runs: str | None, as_json: bool) -> None:
    """The scores of a RUN on data that training did not see.

    \b
    pellucid evaluate spam_detector --json
    pellucid evaluate spam_detector --data mine.csv --read text_column=body --read encoding=cp950
    """
    from pellucid import terminal

    if read and data is None:
        raise UserError("--read says how to read a file: name it with --data")
    fields = {}
    for text in read:
        name, equals, value = text.partition("=")
        if not equals:
            raise UserError(f"--read: {text!r} is not FIELD=VALUE; for example text_column=body")
        fields[name.replace("-", "_")] = value
    scores = find(run, runs).evaluate(split, data, **fields)
    terminal.scores(scores, as_json=as_json)


@main.command(cls=Asking, short_help="See every number that was computed, checked.")
@click.argument("run", metavar="RUN|FILE.py:FUNCTION")
@click.argument("value", metavar="[INPUT]", required=False, callback=Asking.unmarked)
@click.option(
    "--input", "inputs", multiple=True, metavar="[NAME=]FILE", help="An input from a file; a module may take several."
)
@click.option("--out", metavar="FILE", help="Save the trace: one safetensors file (see docs/trace.md).")
@click.option("--html", "page", metavar="FILE", help="Save a page that shows it; it opens from disk, without a server.")
@click.option("--backward", is_flag=True, help="Also the gradients: back-propagation.")
@RUNS
@AS_JSON
def look(
    run: str,
    value: str | None,
    inputs: tuple[str, ...],
    out: str | None,
    page: str | None,
    backward: bool,
    runs: str | None,
    as_json: bool,
) -> None:
    """See what a RUN computes for one INPUT, every number recomputed and checked.

    FILE.py:FUNCTION in place of a run looks into a module of your own, and RUNS THAT FILE: name none that you do not
    trust. FUNCTION returns an nn.Module, or (module, example inputs); an --input is a picture, an .npy or an .npz file.

    \b
    pellucid look spam_detector "WINNER!! claim your prize"
    pellucid look spam_detector "See you at five" --html page.html
    pellucid look spam_detector "See you at five" --backward --out trace.safetensors
    pellucid look image_classifier digit.png --html page.html
    pellucid look my_file.py:build --input digit.png --html page.html
    """
    from pellucid import lookcommand

    lookcommand.check_places(out, page)
    trace, story = lookcommand.looked(run, value, inputs, lambda: find(run, runs), backward=backward)
    title = str(trace.meta.get("text", run)) if value is None else value
    lookcommand.show(trace, story, title, out=out, page=page, as_json=as_json)


# ship


@main.command(short_help="Make a bundle that works without torch.")
@click.argument("run")
@click.option("--to", "targets", default="onnx", show_default=True, metavar="onnx,litert", help="Run times, or files.")
@click.option(
    "--quantize",
    type=click.Choice(["dynamic", "static"]),
    help="LiteRT: 8-bit integers; dynamic: weights only, static: all numbers (for convolutions).",
)
@click.option("--out", metavar="DIR", help="Where the bundle goes. [default: RUN/exports]")
@RUNS
def export(run: str, targets: str, quantize: str | None, out: str | None, runs: str | None) -> None:
    """Make a bundle of a RUN that works without torch, and hold it against the trained model.

    Some systems have files for other tools as well: word_vectors has word2vec, word2vec-binary and projector.

    \b
    pellucid export spam_detector
    pellucid export image_classifier --to onnx,litert --quantize static
    pellucid export word_vectors --to word2vec --out vectors
    """
    found = find(run, runs)
    names = [name.strip() for name in targets.split(",")]
    if quantize and "litert" not in names:
        raise UserError(f"--quantize {quantize} is for LiteRT: add --to litert, or leave it out")
    known: tuple[str, ...] = ("onnx", "litert")
    if not set(names) <= set(known):
        known += tuple(found.system.files())
    if unknown := [name for name in names if name not in known]:
        raise UserError(f"--to: {unknown[0]!r} is not one of {', '.join(known)}")
    for name in names:
        folder = None if out is None else Path(out) / name if len(names) > 1 else Path(out)
        bundle = found.export(name, folder, quantize=quantize if name == "litert" else None)
        report = bundle / "PARITY.txt"
        click.echo(f"{bundle}\n{report.read_text(encoding='utf-8') if name in known[:2] else ''}", nl=False)


@main.command(short_help="Answer over HTTP, without torch.")
@click.argument("run")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8600, show_default=True, help="0: any free one.")
@click.option("--rate", type=click.FloatRange(min=0), default=100, show_default=True, help="Requests/s a client.")
@RUNS
def serve(run: str, host: str, port: int, rate: float, runs: str | None) -> None:
    """Answer over HTTP: a RUN or an exported bundle, by ONNX Runtime, without torch.

    Made for one's own machine and network. On the open internet it belongs behind a proxy that ends idle connections.

    \b
    pellucid serve spam_detector
    pellucid serve bundle/onnx --port 9000
    curl http://127.0.0.1:8600/predict -H 'Content-Type: application/json' -d '{"input": "Claim your prize"}'
    """
    from pellucid.server import serve_bundle

    serve_bundle(_bundle(run, runs), host=host, port=port, rate=rate)


def _bundle(name: str, runs: str | None) -> Path:
    """A bundle's folder; a run without one is exported first, in a process of its own, so that this one stays small."""
    import subprocess

    from pellucid.ship.bundle import made_from

    if (Path(name) / "bundle.json").is_file():
        return Path(name)
    found = find(name, runs)
    if found.card.ships_nothing:
        raise UserError(f"{found.run.room} ships nothing: {found.card.ships_nothing['en']}")
    folder = found.export_folder("onnx", runs)
    if made_from(folder) != found.fingerprint:  # none yet, or of weights that are not the newest
        click.echo("exporting to ONNX first …", err=True)
        command = [sys.executable, "-m", "pellucid", "export", str(found.path), "--out", str(folder)]
        if subprocess.run(command, stdout=sys.stderr, check=False).returncode:
            raise UserError(f"{found.path}: could not be exported; see above")
    return folder


# studio


@main.command(short_help="Open the studio in the browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=8601, show_default=True, help="0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--token", help="What the URL must carry; a random one unless given.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Trainings at the same time.")
@click.option("--browser/--no-browser", default=True, help="Whether to open it in the browser.")
@RUNS
def studio(port: int, host: str, token: str | None, workers: int, browser: bool, runs: str | None) -> None:
    """Open the studio in the browser: lessons, training, looking, trying and shipping, on one's own runs.

    \b
    pellucid studio
    pellucid studio --runs ~/course/runs --port 8700 --no-browser
    """
    from pellucid import api
    from pellucid.server.studio import serve_studio

    if token is not None and (len(token) < 8 or not token.isascii() or not token.isprintable() or " " in token):
        raise UserError("--token: needs 8 or more letters, digits or signs, no spaces; leave it out for a random one")
    folder = api.runs_folder(runs)
    if folder.exists() and not folder.is_dir():
        raise UserError(f"--runs: {str(folder)!r} is a file; name a folder, a new one will do")
    serve_studio(folder, host=host, port=port, token=token or "", workers=workers, browser=browser)


if __name__ == "__main__":
    main()

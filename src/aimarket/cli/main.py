"""The ``aimarket`` command: which verbs there are, and what becomes of errors.

Verbs import what they need when they run, so that ``aimarket --help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from aimarket.cli import (
    check_strategy,
    compare,
    configs,
    dictionary,
    events,
    explain,
    league,
    new_strategy,
    query,
    report,
    run,
    schema,
    strategies,
    theory,
    validate,
    viz,
)

__all__ = ["app", "main"]

_INTERRUPTED = 130

app = typer.Typer(
    name="aimarket",
    help="Simulate the AI industry: who sells what to whom, at which price, and who holds the power.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and leave.")) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(installed("aimarket"))
        raise typer.Exit


app.command("run")(run.run)
app.command("compare")(compare.compare)
app.command("explain")(explain.explain)
app.command("league")(league.league)
app.command("strategies")(strategies.strategies)
app.command("events")(events.events)
app.command("new-strategy")(new_strategy.new_strategy)
app.command("check-strategy")(check_strategy.check_strategy)
app.command("theory")(theory.theory)
app.command("configs")(configs.configs)
app.command("validate")(validate.validate)
app.command("viz")(viz.viz)
app.command("schema")(schema.schema)
app.command("query")(query.query)
app.command("report")(report.report)
app.command("dictionary")(dictionary.dictionary)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    0 done; 1 the run failed; 2 the input is wrong; 130 interrupted.  An error is one line on standard
    error; ``AIMARKET_TRACEBACK=1`` adds the traceback of an unexpected one.
    """
    given = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    command = typer.main.get_command(app)
    try:
        status = command.main(given, prog_name="aimarket", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except BrokenPipeError:  # the reader, e.g. `head`, has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - lives until the interpreter ends
        return 0
    except SystemExit:  # never ours: without this, a plug-in's exit(0) would pass for a finished run
        return _say("a plug-in ended the program", 1)
    except Exception as error:
        return _report(error)
    if status == _INTERRUPTED:  # typer turns the interrupt of a verb into this status
        return _say("interrupted", _INTERRUPTED)
    return status if isinstance(status, int) else 0


def _report(error: Exception) -> int:
    from aimarket.errors import AimarketError, ConfigError

    if hasattr(error, "format_message"):  # usage errors of typer, whichever click it carries
        return _say(f"{error.format_message()} Try 'aimarket --help'.", 2)
    if isinstance(error, ConfigError):
        return _say(str(error), 2)
    if isinstance(error, AimarketError):
        return _say(str(error), 1)
    if os.environ.get("AIMARKET_TRACEBACK") == "1":
        import traceback

        traceback.print_exception(error)
    return _say(f"unexpected {type(error).__name__}: {error}; AIMARKET_TRACEBACK=1 shows where", 1)


def _say(message: str, status: int) -> int:
    line = " ".join(message.split())
    print("aimarket:", "".join(c if c.isprintable() else "?" for c in line), file=sys.stderr)
    return status


def script() -> None:
    """Entry point of the console command."""
    sys.exit(main())


if __name__ == "__main__":
    script()

"""The command line: ``passerelle serve | worker | demo | story | emulators | doctor | verify-pass | openapi | …``.

Imports stand inside the commands: ``serve`` is a small parent that must start at once.
"""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from passerelle.kit.config import settings

app: Final = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")]


@app.command()
def serve(
    *,
    worker: Annotated[bool, typer.Option(help="Also run the worker, as small installations want.")] = True,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
) -> None:
    """Run the server: database (embedded unless a DSN is set), API processes and worker."""
    from passerelle.entry import supervisor  # noqa: PLC0415

    changes = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    supervisor.serve(settings().model_copy(update=changes), with_worker=worker)


@app.command()
def worker() -> None:
    """Run a worker beside servers that share a database."""
    from passerelle.entry import processes  # noqa: PLC0415

    processes.run_worker(settings())


@app.command()
def demo(
    *,
    play: Annotated[bool, typer.Option(help="Play the story once before serving.")] = True,
    stay: Annotated[bool, typer.Option(help="Go on serving until interrupted.")] = True,
) -> None:
    """Set everything up with emulators of Apple and Google, play the story, and go on serving."""
    from passerelle.entry import demo as demonstration  # noqa: PLC0415

    sys.exit(demonstration.run(settings(), play=play, stay=stay))


@app.command()
def story(
    *,
    json: Json = False,
    base_url: Annotated[str | None, typer.Option(help="A running server; none: a temporary one.")] = None,
    emulators_url: Annotated[str | None, typer.Option(help="Where the running server's emulators are.")] = None,
) -> None:
    """Play the main job without a person: from a QR code to a card that changes. Non-zero when a step fails."""
    from passerelle.entry import demo as demonstration  # noqa: PLC0415

    sys.exit(demonstration.play_story(settings(), as_json=json, base_url=base_url, emulators_url=emulators_url))


@app.command()
def emulators(
    directory: Annotated[Path, typer.Option(help="Where certificates and credentials are written.")] = Path(
        "data/emulators"
    ),
    port: Annotated[int, typer.Option(help="Port of the Google Wallet emulator and the phone page.")] = 8010,
    apns_port: Annotated[int, typer.Option(help="Port of the APNs emulator.")] = 8011,
) -> None:
    """Run emulators of APNs, an iPhone and Google Wallet; prints the settings that point a server at them."""
    from passerelle.entry import demo as demonstration  # noqa: PLC0415

    sys.exit(demonstration.run_emulators(directory, port, apns_port))


@app.command()
def doctor(*, json: Json = False) -> None:
    """Examine this installation and say each fault in a sentence. Non-zero when there is one."""
    from passerelle.entry import doctor as examination  # noqa: PLC0415

    sys.exit(examination.run(settings(), as_json=json))


@app.command(name="verify-pass")
def verify_pass(
    file: Annotated[Path, typer.Argument(help="A .pkpass file, of any origin.")],
    *,
    json: Json = False,
    trust: Annotated[list[Path] | None, typer.Option(help="PEM with further trusted roots.")] = None,
    language: Annotated[str, typer.Option(help="en, fr or ar.")] = "en",
) -> None:
    """Judge a pass: structure, hashes, signature, chain, Apple's rules. Non-zero when Wallet would refuse it."""
    from passerelle.entry import verify_pass as judgement  # noqa: PLC0415

    sys.exit(judgement.run(file, trust=trust or [], language=language, as_json=json))


@app.command()
def openapi(
    *,
    html: Annotated[bool, typer.Option("--html/--json", help="A page to read, or the document itself.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep both for the server instead of printing one.")] = False,
) -> None:
    """Print the OpenAPI document of this release."""
    from passerelle.entry import docs_page  # noqa: PLC0415
    from passerelle.entry.api import describe  # noqa: PLC0415

    document = describe()
    if keep:
        docs_page.keep(document)
    else:
        print(docs_page.page(document) if html else docs_page.as_json(document).decode())


@app.command()
def migrate() -> None:
    """Bring the database to this release's schema."""
    from passerelle.entry.databases import open_database  # noqa: PLC0415
    from passerelle.kit.schema import head  # noqa: PLC0415

    with open_database(settings()):
        print(f"The database is at revision {head()}.")


@app.command(name="reset-password")
def reset_password(email: Annotated[str, typer.Argument(help="With which the operator signs in.")]) -> None:
    """Print a link with which an operator who forgot the password chooses a new one. It works once, for two hours."""
    from passerelle.entry import operators  # noqa: PLC0415

    sys.exit(operators.reset_password(settings(), email))


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where to write; contains no master key.")]) -> None:
    """Write the whole database to one file (pg_dump's custom format)."""
    from passerelle.entry import backups  # noqa: PLC0415

    sys.exit(backups.backup(settings(), file))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that backup wrote.")],
    *,
    replace: Annotated[bool, typer.Option(help="Replace what the database holds now.")] = False,
) -> None:
    """Bring a backup into an empty database, or with --replace over the present one."""
    from passerelle.entry import backups  # noqa: PLC0415

    sys.exit(backups.restore(settings(), file, replace=replace))


def main() -> None:
    """Run a command; what an operator can mend is said in a sentence, not in a traceback."""
    import asyncpg  # noqa: PLC0415  for its errors
    from pydantic import ValidationError  # noqa: PLC0415  for its errors

    from passerelle.kit.crypto import WrongMasterKey  # noqa: PLC0415

    try:
        app()
    except ValidationError as fault:
        for error in fault.errors():
            name = "_".join(str(part) for part in error["loc"]).upper()
            print(f"PASSERELLE_{name}: {error['msg']}", file=sys.stderr)
        sys.exit(2)
    except (OSError, asyncpg.PostgresError, WrongMasterKey) as fault:
        print(f"{fault}\nRun “passerelle doctor” to see what is wrong.", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()

"""How the command line fails: what the user reads and the exit code the shell gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import click
import pytest

from posture import __version__
from posture.cli import COMMANDS, cli, failure, main
from posture.errors import CameraUnavailable, PostureError, SourceNotFound


def ends(error: BaseException, *words: str) -> int:
    """The exit code of a command line that raises *error*."""
    with failure.told(words) as outcome:
        raise error
    return outcome.exit_code


def test_a_known_failure_is_one_line_with_its_own_code(capsys: pytest.CaptureFixture[str]) -> None:
    error = SourceNotFound("There is no file\nclip.mp4.", "Check the name.")
    assert ends(error, "analyze", "clip.mp4") == 20
    out, err = capsys.readouterr()
    assert (out, err) == ("", "posture: There is no file clip.mp4. Check the name.\n")


def test_a_name_cannot_give_the_terminal_orders(capsys: pytest.CaptureFixture[str]) -> None:
    ends(SourceNotFound("There is no file \x1b[2J\u202e\udcffä🪑.", "Check it."))

    expected = r"posture: There is no file \x1b[2J\u202e\udcffä🪑. Check it."
    assert capsys.readouterr().err == f"{expected}\n"


@pytest.mark.parametrize("option", ["--json", "--jsonl"])
def test_with_json_asked_for_a_failure_is_an_object(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    error = CameraUnavailable("The camera is busy.", "Close the other program.")
    assert ends(error, "status", option) == 22
    out, err = capsys.readouterr()
    assert out == ""
    assert json.loads(err) == {
        "error": {
            "code": "camera_unavailable",
            "exit_code": 22,
            "what": "The camera is busy.",
            "do": "Close the other program.",
        }
    }


def test_json_after_the_end_of_options_is_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert ends(SourceNotFound("No file --json.", ""), "analyze", "--", "--json") == 20
    assert capsys.readouterr().err == "posture: No file --json.\n"


def test_a_bug_says_so_in_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(failure.DEBUG_VARIABLE, raising=False)
    assert ends(ZeroDivisionError("division by zero")) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert err.startswith("posture: This is a bug in posture: ZeroDivisionError: division by zero.")
    assert failure.DEBUG_VARIABLE in err


def test_a_bug_shows_its_traceback_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(failure.DEBUG_VARIABLE, "1")
    assert ends(ZeroDivisionError("division by zero"), "log", "--json") == 1
    *traceback, last = capsys.readouterr().err.splitlines()
    assert traceback[0].startswith("Traceback")
    assert json.loads(last)["error"]["code"] == "bug"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_ctrl_c_is_quiet(error: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    assert ends(error) == 130
    assert capsys.readouterr() == ("", "")


def test_an_exit_code_asked_for_is_given() -> None:
    assert ends(click.exceptions.Exit(3)) == 3


def test_every_failure_has_a_code_of_its_own_in_json() -> None:
    codes = [failure.as_object(kind("a", "b"))["code"] for kind in PostureError.__subclasses__()]
    assert len(set(codes)) == len(codes)
    assert "bug" not in codes


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dance"]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "'dance'" in err
    assert "posture --help" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("statsu", "No such command 'statsu'. Did you mean 'status'?"),
        ("data exprot", "No such command 'exprot'. Did you mean 'export'?"),
        ("run --for soon", "Invalid value for '--for': 'soon' is no number."),
        ("config show siting.nudge", "There is no setting siting.nudge. Did you mean"),
        ("run --source film.mp4 --no-tray", "There is no file or folder film.mp4. Check the path."),
    ],
)
def test_what_was_mistyped_is_answered_with_what_may_be_meant(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) != 0

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"posture: {said}")
    assert err.count("\n") == 1


def test_an_unknown_option_is_a_usage_error_in_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--polka", "--json"]) == 2
    error = json.loads(capsys.readouterr().err)["error"]
    assert error["code"] == "usage_error"
    assert "--polka" in error["what"]


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Usage: posture" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"posture {__version__}\n"


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from posture.cli import main; assert main(['--help']) == 0;"
        "print([name for name in ('cv2', 'mediapipe', 'numpy', 'sqlite3') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *help_, imported = done.stdout.splitlines()
    assert imported == "[]"
    listed = {line.split()[0] for line in help_ if line.startswith("  ") and line.split()}
    assert set(COMMANDS) <= listed


def test_the_list_of_commands_says_what_each_command_says() -> None:
    context = click.Context(cli)
    said = {}
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        said[name] = command.get_short_help_str(limit=200)
    assert said == {name: summary for name, (_, summary) in COMMANDS.items()}


def test_a_reader_that_went_away_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "posture", "--help"],
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_terminal_without_the_letters_gets_question_marks() -> None:
    environment = dict(os.environ, PYTHONIOENCODING="latin-1")
    code = (
        "from posture.cli import main, cli; cli.help = '20° − fine';"
        "raise SystemExit(main(['--help']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        encoding="latin-1",
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "20° ? fine" in done.stdout


def test_without_any_stream_it_still_works() -> None:
    program = (
        "import sys; sys.stdin = sys.stdout = sys.stderr = None;"
        "from posture.cli import main; sys.exit(main({}))"
    )
    for words, code in ((["config", "path"], 0), (["analyze", "none.mp4"], 20)):
        done = subprocess.run([sys.executable, "-c", program.format(words)], check=False)
        assert done.returncode == code


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("run demo", "posture run takes no demo. A camera, a file or demo is named with --source."),
        ("stop now please", "posture stop takes no now please."),
    ],
)
def test_a_word_too_many_is_named_and_where_it_might_belong(
    words: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 2
    command = " ".join(["posture", words.split(maxsplit=1)[0]])
    assert capsys.readouterr().err == f"posture: {told} See: {command} --help\n"

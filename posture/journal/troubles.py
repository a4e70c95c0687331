"""What the user is told when the log is in trouble: what happened, then what to do."""

from __future__ import annotations

from pathlib import Path

from posture.journal.file import Trouble

_WRITING = {
    Trouble.LOCKED: "Another program is using the log {name}; it is written as soon as it is free.",
    Trouble.READ_ONLY: "The log {path} cannot be written. Check who may write to its folder.",
    Trouble.DISK_FULL: "The disk is full: the log waits in memory. Free some space.",
    Trouble.NEWER: "The log {name} was taken over by a newer posture. Restart this one.",
    Trouble.IO_ERROR: "The log {path} cannot be reached. Check the disk.",
}
LOSING = "Too much waits for the log: its oldest records are being dropped."
_READING = {
    Trouble.LOCKED: ("Another program is using the log {name}.", "Try again in a moment."),
    Trouble.READ_ONLY: ("The log {path} cannot be opened.", "Check who may read it."),
    Trouble.DISK_FULL: ("The disk is full.", "Free some space."),
    Trouble.NEWER: ("The log {name} was written by a newer posture.", "Update posture."),
    Trouble.IO_ERROR: ("The log {path} cannot be read.", "Check the disk."),
}


def trouble(kind: Trouble, path: Path) -> str:
    """One line for the user of a monitor that cannot write its log."""
    return _WRITING[kind].format(name=path.name, path=path)


def over(lost: int) -> str:
    """The trouble has passed."""
    missing = f"{lost} records are missing" if lost else "nothing was lost meanwhile"
    return f"The log is being written again; {missing}."


def unwritten(waiting: int) -> str:
    """The program ends while the log is in trouble."""
    return f"The last {waiting} records could not be written to the log."


def unreadable(path: Path, kind: Trouble) -> tuple[str, str]:
    """What happened and what to do when the log cannot be read."""
    what, do = _READING[kind]
    return what.format(name=path.name, path=path), do


def unwritable(path: Path, kind: Trouble) -> tuple[str, str]:
    """What happened and what to do when the log cannot be changed."""
    if kind is Trouble.READ_ONLY:
        return f"The log {path} cannot be written.", "Check who may write to its folder."
    if kind is Trouble.DISK_FULL:
        return "The disk is full: nothing in the log was changed.", "Free some space."
    return unreadable(path, kind)


def traces_remain(path: Path, kind: Trouble) -> tuple[str, str]:
    """Rows are gone, but a reader or a full disk keeps the pages they stood on."""
    why, do = (
        ("the disk is full", "Free some space")
        if kind is Trouble.DISK_FULL
        else (f"another program keeps {path.name} open", "Close that program")
    )
    return (
        f"Deleted, but {why}: what was deleted can still be found in {path} and its -wal file.",
        f"{do}, then delete once more.",
    )


def set_aside(aside: Path, why: str) -> str:
    """The log was damaged; a new one has begun."""
    return f"The log was damaged ({why}). It was kept as {aside} and a new one begun."


def damaged(path: Path, why: str) -> tuple[str, str]:
    """The log is broken and is only being read."""
    return (
        f"The log {path} is damaged ({why}).",
        "Start posture run: it keeps the damaged file beside and begins a new one.",
    )


def damaged_to_delete(path: Path, why: str) -> tuple[str, str]:
    """The log is broken: nothing can be taken out of it."""
    return (
        f"The log {path} is damaged ({why}).",
        "Delete the file yourself, with the -wal and -shm files beside it.",
    )


def no_folder(directory: Path) -> tuple[str, str]:
    """The log is looked for in a file."""
    return f"{directory} is not a folder.", "Name the folder of a log with --data-dir."


def foreign(path: Path) -> tuple[str, str]:
    """The file is a database, but of another program."""
    return f"{path} is not a log of posture.", "Choose another file or folder."


def no_journal(directory: Path) -> tuple[str, str]:
    """Nothing was recorded here yet."""
    return (
        f"There is no log in {directory} yet.",
        "Start one with: posture run. Or look at an example: posture report --demo",
    )

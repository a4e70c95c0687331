"""The model bundles: where they are, whether they are the ones shipped, their bytes."""

from __future__ import annotations

import contextlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from posture.errors import ModelError
from posture.plain_file import open_plain, refuse_device
from posture.without import without_openssl

with without_openssl():
    import hashlib

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Bundle:
    """One shipped ``.task`` file: its name, its size in bytes, its SHA-256, what is inside."""

    file_name: str
    size: int
    sha256: str
    members: tuple[str, ...]


# Made by scripts/build_models.py; origin and licence in models/README.md.
POSE = Bundle(
    "pose_landmarker_full.task",
    12_426_294,
    "0d2267ded6aa21fc4ed3cca0a23b05d954843a2480e2163be777a7b754ad24d8",
    ("pose_detector.tflite", "pose_landmarks_detector.tflite"),
)
FACE = Bundle(
    "face_landmarker.task",
    2_733_542,
    "e4f1d2c0325b44c0081965d2809822c53971935a5478480e15e16065cb008ceb",
    ("face_detector.tflite", "face_landmarks_detector.tflite"),
)
BUNDLES = (POSE, FACE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found for one bundle; ``problem`` is None when it is the file that was shipped."""

    bundle: Bundle
    path: Path
    problem: str | None


def bundle_path(bundle: Bundle) -> Path:
    """Where *bundle* should be: beside the installed package's code, else in the source tree."""
    installed = _PACKAGE / "models" / bundle.file_name
    source_tree = _PACKAGE.parent / "models" / bundle.file_name
    return source_tree if source_tree.is_file() and not installed.is_file() else installed


def open_bundle(bundle: Bundle, path: Path | None = None) -> BufferedReader:
    """Open *bundle* and check it: what was checked is what is returned.

    Without *path* the shipped file is opened and must match its size and SHA-256. With *path* the
    user's own file is; it must be a task bundle with the members MediaPipe looks for.
    Raises ModelError.
    """
    if path is None:
        return _open_shipped(bundle, bundle_path(bundle))
    remedy = "Check the path in the settings."
    with _closed_unless_good(_open(path, remedy), path, remedy) as file:
        _demand_task_bundle(file, bundle, path)
        return file


def verify() -> list[Verdict]:
    """Check every shipped bundle; never raises."""
    verdicts = []
    for bundle in BUNDLES:
        path = bundle_path(bundle)
        problem = None
        try:
            _open_shipped(bundle, path).close()
        except ModelError as error:
            problem = error.what
        verdicts.append(Verdict(bundle, path, problem))
    return verdicts


def _open_shipped(bundle: Bundle, path: Path) -> BufferedReader:
    remedy = "Install posture again."
    with _closed_unless_good(_open(path, remedy), path, remedy) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if size != bundle.size:
            raise ModelError(
                f"The model {path} is damaged: {size} bytes instead of {bundle.size}.", remedy
            )
        if hashlib.file_digest(file, "sha256").hexdigest() != bundle.sha256:
            raise ModelError(f"The model {path} is not the file that was shipped.", remedy)
        return file


@contextlib.contextmanager
def _closed_unless_good(file: BufferedReader, path: Path, remedy: str) -> Iterator[BufferedReader]:
    try:
        yield file
    except BaseException as error:
        file.close()
        if isinstance(error, OSError):
            raise _unreadable(path, remedy, error) from error
        raise


def _open(path: Path, remedy: str) -> BufferedReader:
    try:
        refuse_device(path)
        return open_plain(path)
    except FileNotFoundError:
        raise ModelError(f"The model {path} is missing.", remedy) from None
    except OSError as error:
        raise _unreadable(path, remedy, error) from error


def _unreadable(path: Path, remedy: str, error: OSError) -> ModelError:
    return ModelError(f"The model {path} cannot be read: {error.strerror}.", remedy)


def _demand_task_bundle(file: BufferedReader, bundle: Bundle, path: Path) -> None:
    remedy = f"Give a MediaPipe bundle that can replace {bundle.file_name}."
    try:
        with zipfile.ZipFile(file) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
    except zipfile.BadZipFile:
        raise ModelError(f"The model {path} is not a task bundle.", remedy) from None
    for name in bundle.members:
        if name not in entries:
            raise ModelError(f"The model {path} does not contain {name}.", remedy)
        # MediaPipe maps the members where they lie.
        if entries[name].compress_type != zipfile.ZIP_STORED:
            raise ModelError(f"The model {path} holds {name} compressed, not stored.", remedy)

"""The model bundles: where they are, whether they are the ones shipped, their bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from posture.errors import ModelError

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
    9_380_070,
    "243dc8ff7329c8e23beef159395f01d02d99114bcb244cd6542224fde5615291",
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


def load(bundle: Bundle, path: Path | None = None) -> bytes:
    """The bytes of *bundle*, checked. The bytes that are checked are the bytes that are returned.

    Without *path* the shipped file is read and must match its size and SHA-256. With *path* the
    user's own file is read; it must be a task bundle with the members MediaPipe looks for.
    Raises ModelError.
    """
    if path is None:
        return _load_shipped(bundle, bundle_path(bundle))
    data = _read(path, "Check the path in the settings.")
    _demand_task_bundle(data, bundle, path)
    return data


def verify() -> list[Verdict]:
    """Check every shipped bundle; never raises."""
    verdicts = []
    for bundle in BUNDLES:
        path = bundle_path(bundle)
        problem = None
        try:
            _load_shipped(bundle, path)
        except ModelError as error:
            problem = error.what
        verdicts.append(Verdict(bundle, path, problem))
    return verdicts


def _load_shipped(bundle: Bundle, path: Path) -> bytes:
    remedy = "Install posture again."
    data = _read(path, remedy)
    if len(data) != bundle.size:
        raise ModelError(
            f"The model {path} is damaged: {len(data)} bytes instead of {bundle.size}.", remedy
        )
    if hashlib.sha256(data).hexdigest() != bundle.sha256:
        raise ModelError(f"The model {path} is not the file that was shipped.", remedy)
    return data


def _read(path: Path, remedy: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelError(f"The model {path} is missing.", remedy) from None
    except OSError as error:
        raise ModelError(f"The model {path} cannot be read: {error.strerror}.", remedy) from error


def _demand_task_bundle(data: bytes, bundle: Bundle, path: Path) -> None:
    remedy = f"Give a MediaPipe bundle that can replace {bundle.file_name}."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
    except zipfile.BadZipFile:
        raise ModelError(f"The model {path} is not a task bundle.", remedy) from None
    for name in bundle.members:
        if name not in entries:
            raise ModelError(f"The model {path} does not contain {name}.", remedy)
        # MediaPipe maps the members where they lie.
        if entries[name].compress_type != zipfile.ZIP_STORED:
            raise ModelError(f"The model {path} holds {name} compressed, not stored.", remedy)

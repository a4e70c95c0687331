"""The model files: found, checked, refused with one line when they are not what was shipped."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from posture.errors import ModelError
from posture.sense import models
from posture.sense.landmarker import Landmarker
from posture.sense.models import BUNDLES, FACE, POSE, Bundle

BOTH = pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.file_name)


def whole(bundle: Bundle, path: Path | None = None) -> bytes:
    with models.open_bundle(bundle, path) as file:
        file.seek(0)
        return file.read()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of both bundles where an installed package has them; the program looks there."""
    folder = tmp_path / "posture" / "models"
    folder.mkdir(parents=True)
    for bundle in BUNDLES:
        (folder / bundle.file_name).write_bytes(whole(bundle))
    monkeypatch.setattr(models, "_PACKAGE", tmp_path / "posture")
    return folder


def assert_refused(bundle: Bundle, said: str, path: Path | None = None) -> None:
    with pytest.raises(ModelError) as caught:
        models.open_bundle(bundle, path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.do
    assert caught.value.exit_code == 23


@BOTH
def test_shipped_bundle_is_read_whole(bundle: Bundle, installed: Path) -> None:
    assert models.bundle_path(bundle) == installed / bundle.file_name
    assert whole(bundle) == (installed / bundle.file_name).read_bytes()


def test_all_bundles_are_verified(installed: Path) -> None:
    assert [(v.bundle, v.problem) for v in models.verify()] == [(POSE, None), (FACE, None)]


def test_source_tree_is_used_when_nothing_is_installed(installed: Path) -> None:
    tree = installed.parent.parent / "models"
    installed.rename(tree)
    assert models.bundle_path(POSE) == tree / POSE.file_name
    assert len(whole(POSE)) == POSE.size


@BOTH
def test_one_changed_bit_is_refused(bundle: Bundle, installed: Path) -> None:
    path = installed / bundle.file_name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert_refused(bundle, f"{path} is not the file that was shipped.")
    problems = {verdict.bundle: verdict.problem for verdict in models.verify()}
    assert [b for b, problem in problems.items() if problem] == [bundle]


@BOTH
def test_cut_off_file_is_refused(bundle: Bundle, installed: Path) -> None:
    path = installed / bundle.file_name
    path.write_bytes(path.read_bytes()[:1000])
    assert_refused(bundle, f"1000 bytes instead of {bundle.size}")


@BOTH
def test_missing_file_is_refused(bundle: Bundle, installed: Path) -> None:
    (installed / bundle.file_name).unlink()
    assert_refused(bundle, "is missing. Install posture again.")
    assert "missing" in str([v.problem for v in models.verify()])


def test_folder_in_place_of_the_file_is_refused(installed: Path) -> None:
    (installed / FACE.file_name).unlink()
    (installed / FACE.file_name).mkdir()
    assert_refused(FACE, "cannot be read")


def test_landmarker_refuses_a_damaged_model(installed: Path) -> None:
    (installed / FACE.file_name).write_bytes(b"\0" * FACE.size)
    with pytest.raises(ModelError, match="not the file that was shipped"):
        Landmarker()


def write_bundle(path: Path, members: dict[str, bytes], compression: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_users_own_bundle_needs_no_known_hash(tmp_path: Path) -> None:
    path = write_bundle(tmp_path / "own.task", dict.fromkeys(FACE.members, b"x"))
    assert whole(FACE, path) == path.read_bytes()


def test_users_own_file_must_be_a_fitting_bundle(tmp_path: Path) -> None:
    text = tmp_path / "text.task"
    text.write_text("not a zip")
    assert_refused(FACE, "is not a task bundle", text)
    assert_refused(FACE, "is missing. Check the path", tmp_path / "none.task")
    assert_refused(FACE, "does not contain face_detector.tflite", models.bundle_path(POSE))
    packed = write_bundle(
        tmp_path / "packed.task", dict.fromkeys(FACE.members, b"x"), zipfile.ZIP_DEFLATED
    )
    assert_refused(FACE, "compressed, not stored", packed)


def assert_mediapipe_refuses(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ModelError, match=r"does not accept the model .*own\.task") as caught:
        Landmarker(face_model=path)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_bundle_of_nonsense_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = write_bundle(tmp_path / "own.task", dict.fromkeys(FACE.members, b"xxxx" * 64))
    assert_mediapipe_refuses(path, capfd)


def test_bundle_with_another_detector_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with zipfile.ZipFile(models.bundle_path(POSE)) as archive:
        wrong = archive.read("pose_detector.tflite")
    with zipfile.ZipFile(models.bundle_path(FACE)) as archive:
        right = archive.read("face_landmarks_detector.tflite")
    members = {"face_detector.tflite": wrong, "face_landmarks_detector.tflite": right}
    assert_mediapipe_refuses(write_bundle(tmp_path / "own.task", members), capfd)

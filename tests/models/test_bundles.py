"""The committed bundles: what they hold, and that the face model gives the published numbers."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np
import pytest

from posture.sense.frame import Image
from posture.sense.mediapipe_tasks import LandmarkTask
from posture.sense.models import BUNDLES, FACE

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "models"
FACES = ROOT / "tests" / "data" / "faces"
# Operators of the published pose landmark model that landmarks depend on (of 332).
PUBLISHED_WITHOUT_SILHOUETTE = 286
FACE_MODEL = "face_landmarks_detector.tflite"


@pytest.fixture(scope="session")
def builder() -> ModuleType:
    """``scripts/build_models.py`` as a module."""
    spec = importlib.util.spec_from_file_location(
        "build_models", ROOT / "scripts" / "build_models.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def members(file_name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(MODELS / file_name) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def whole_picture_detector(builder: ModuleType, detector: bytes) -> bytes:
    """*detector* made blind: whatever it is shown, it finds one face that fills the picture."""
    model = builder.load_model(detector)
    graph = model.subgraphs[0]
    boxes = np.zeros((1, 896, 16), "<f4")
    scores = np.full((1, 896, 1), -50, "<f4")
    scores[0, 0] = 50
    # The first of 16 × 16 anchors lies half a cell inside the corner; 128 is the input's width.
    # The landmarker widens a box by half, so two thirds make the whole picture.
    boxes[0, 0, :4] = (*((np.array((0.5, 0.5)) - 0.5 / 16) * 128), 128 * 2 / 3, 128 * 2 / 3)
    level_eyes = np.array(((0.35, 0.4), (0.65, 0.4)))
    boxes[0, 0, 4:8] = ((level_eyes - 0.5 / 16) * 128).ravel()
    edit = builder.GraphEditor(model)
    names = [graph.tensors[index].name.decode() for index in graph.outputs]
    constants = {"regressors": boxes, "classificators": scores}
    graph.outputs = np.array(
        [edit.tensor(n, constants[n].shape, 0, constants[n].tobytes()) for n in names], np.int32
    )
    graph.operators = []
    return bytes(builder.dump_model(model))


@pytest.fixture(scope="module")
def face_model(builder: ModuleType) -> Iterator[LandmarkTask]:
    """The shipped face landmark model, shown the whole picture without a search for a face."""
    parts = members(FACE.file_name)
    name = "face_detector.tflite"
    parts[name] = whole_picture_detector(builder, parts[name])
    task = LandmarkTask("face", io.BytesIO(builder.pack_bundle(parts)), "image", 1, "test bundle")
    yield task
    task.close()


def face_pictures() -> list[Path]:
    return sorted(FACES.glob("*.png"))


def read_rgb(path: Path) -> Image:
    bgr = cv2.imread(str(path))
    assert bgr is not None
    return np.ascontiguousarray(bgr[:, :, ::-1]).astype(np.uint8)


@pytest.mark.parametrize("number", range(6), ids=lambda n: face_pictures()[n].stem)
def test_merged_face_model_gives_the_numbers_of_the_published_one(
    face_model: LandmarkTask, number: int
) -> None:
    published = np.load(FACES / "reference.npz")["landmarks"][number]
    (merged,) = face_model.find(read_rgb(face_pictures()[number]), 0)
    # In pixels of the model's 192 × 192 input; what is left is single-precision rounding.
    assert np.abs(merged - published).max() * 192 < 1e-3


def test_reference_faces_differ_from_each_other() -> None:
    published = np.load(FACES / "reference.npz")["landmarks"]
    assert len(published) == len(face_pictures()) == 6
    for one in range(6):
        for other in range(one):
            assert np.abs(published[one] - published[other]).max() * 192 > 5


def test_packing_again_gives_the_committed_bytes(builder: ModuleType) -> None:
    for bundle in BUNDLES:
        packed = builder.pack_bundle(members(bundle.file_name))
        assert packed == (MODELS / bundle.file_name).read_bytes()


def test_writing_a_model_again_gives_the_same_bytes(builder: ModuleType) -> None:
    for bundle in BUNDLES:
        for data in members(bundle.file_name).values():
            assert builder.dump_model(builder.load_model(data)) == data


def test_members_are_stored_and_aligned(builder: ModuleType) -> None:
    for bundle in BUNDLES:
        data = (MODELS / bundle.file_name).read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert tuple(archive.namelist()) == bundle.members
            for info in archive.infolist():
                assert info.compress_type == zipfile.ZIP_STORED
                assert info.date_time == builder.ZIP_EPOCH
                start = data.index(archive.read(info), info.header_offset)
                assert start % builder.ALIGNMENT == 0


def test_normalisation_and_outputs_are_described(builder: ModuleType) -> None:
    for bundle, sources in builder.BUNDLES.items():
        for name, source in sources.items():
            model = builder.load_model(members(bundle)[name])
            entries = {entry.name: entry.buffer for entry in model.metadata}
            described = builder.meta.ModelMetadataT.InitFromPackedBuf(
                bytes(model.buffers[entries[b"TFLITE_METADATA"]].data)
            )
            (subgraph,) = described.subgraphMetadata
            (picture,) = subgraph.inputTensorMetadata
            options = picture.processUnits[0].options
            assert (list(options.mean), list(options.std)) == ([source.mean], [source.std])
            assert len(subgraph.outputTensorMetadata) == len(model.subgraphs[0].outputs)


def test_readme_names_the_hashes_of_code_and_files(builder: ModuleType) -> None:
    table = dict(
        re.findall(
            r"^\| (?:· )?`([\w.]+)` \| \d+ \| `([0-9a-f]{64})` \|$",
            (MODELS / "README.md").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    found: dict[str, str] = {}
    for bundle in BUNDLES:
        data = (MODELS / bundle.file_name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (bundle.size, bundle.sha256)
        found[bundle.file_name] = bundle.sha256
        for name, part in members(bundle.file_name).items():
            found[name] = hashlib.sha256(part).hexdigest()
    assert table == found
    readme = (MODELS / "README.md").read_text(encoding="utf-8")
    assert builder.WHEEL_SHA256 in readme
    for sources in builder.BUNDLES.values():
        assert all(source.sha256 in readme for source in sources.values())


def test_only_what_the_silhouette_alone_needs_is_dropped(builder: ModuleType) -> None:
    published = builder.load_model(members("pose_landmarker_full.task")[builder.PRUNED])
    edit = builder.GraphEditor(published)
    landmarks, _, silent = (int(i) for i in edit.graph.outputs[:3])
    before = [edit.graph.tensors[int(i)].name for i in edit.graph.outputs]
    # The silhouette is computed from what landmarks need too, and from something of its own.
    own = edit.mean(landmarks, 1, "own", [1])
    drawn = edit.mean(own, 0, before[2].decode(), [])
    edit.graph.outputs = np.array([drawn if i == silent else i for i in edit.graph.outputs])
    assert len(edit.graph.operators) == PUBLISHED_WITHOUT_SILHOUETTE + 2

    builder.silence_output(published, builder.SILHOUETTE)

    graph = published.subgraphs[0]
    assert len(graph.operators) == PUBLISHED_WITHOUT_SILHOUETTE
    assert [graph.tensors[int(i)].name for i in graph.outputs] == before
    assert not any(tensor.name == b"own" for tensor in graph.tensors)
    again = builder.load_model(builder.dump_model(published))
    assert len(again.subgraphs[0].operators) == PUBLISHED_WITHOUT_SILHOUETTE


def sparse_tensor(builder: ModuleType, block: bool = False) -> Any:
    """A tensor of shape (3, 1, 4): two numbers in row 0, none in row 1, one in row 2."""
    tfl = builder.tfl
    tensor, sparsity = tfl.TensorT(), tfl.SparsityParametersT()
    tensor.shape = np.array((3, 1, 4), np.int32)
    rows, middle, columns = (tfl.DimensionMetadataT() for _ in range(3))
    rows.format = middle.format = tfl.DimensionType.DENSE
    rows.denseSize, middle.denseSize = 3, 1
    columns.format = tfl.DimensionType.SPARSE_CSR
    columns.arraySegments, columns.arrayIndices = tfl.Uint8VectorT(), tfl.Uint8VectorT()
    columns.arraySegments.values, columns.arrayIndices.values = [0, 2, 2, 3], [1, 3, 0]
    sparsity.traversalOrder, sparsity.blockMap = [0, 1, 2], [0] if block else None
    sparsity.dimMetadata = [rows, middle, columns]
    tensor.sparsity = sparsity
    return tensor


def test_weights_without_their_zeros_are_unfolded(builder: ModuleType) -> None:
    whole = builder.unfold(sparse_tensor(builder), np.array((1.5, -2, 8), "<f2").tobytes())
    assert whole.tolist() == [[[0, 1.5, 0, -2]], [[0, 0, 0, 0]], [[8, 0, 0, 0]]]


def test_weights_in_blocks_are_refused(builder: ModuleType) -> None:
    with pytest.raises(builder.BuildError, match="in blocks"):
        builder.unfold(sparse_tensor(builder, block=True), b"")


def test_no_shipped_weights_lack_their_zeros(builder: ModuleType) -> None:
    for bundle in BUNDLES:
        for data in members(bundle.file_name).values():
            (graph,) = builder.load_model(data).subgraphs
            assert [tensor.name for tensor in graph.tensors if tensor.sparsity is not None] == []


def test_every_landmark_has_its_source(builder: ModuleType) -> None:
    mapping: dict[str, Any] = {
        "output_lips": [2],
        "output_left_iris": [*range(468, 473)],
        "output_right_iris": [*range(473, 478)],
        "iris_z_is_mean_of": {"output_left_iris": [0], "output_right_iris": [1]},
    }
    starts = {"output_lips": 1404, "output_left_iris": 1406, "output_right_iris": 1416}
    index = builder.merged_index(mapping, starts, 1426)
    assert index[:9] == [0, 1, 2, 3, 4, 5, 1404, 1405, 8]
    assert index[3 * 468 : 3 * 468 + 6] == [1406, 1407, 1426, 1408, 1409, 1426]
    assert index[3 * 473 : 3 * 473 + 3] == [1416, 1417, 1427]
    mapping["output_left_iris"].pop()
    with pytest.raises(builder.BuildError, match="without a source"):
        builder.merged_index(mapping, starts, 1426)


def test_another_wheel_is_refused(
    builder: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wheel = tmp_path / "mediapipe.whl"
    wheel.write_bytes(b"PK")
    assert builder.main(["--wheel", str(wheel), "--out", str(tmp_path)]) == 1
    assert "SHA-256" in capsys.readouterr().err
    assert builder.main(["--wheel", str(tmp_path / "none.whl"), "--out", str(tmp_path)]) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mediapipe.whl"]


def test_check_tells_missing_and_changed_bundles(builder: ModuleType, tmp_path: Path) -> None:
    built = {"a.task": b"one", "b.task": b"two", "c.task": b"three"}
    (tmp_path / "a.task").write_bytes(b"one")
    (tmp_path / "b.task").write_bytes(b"2")
    changed, missing = builder.differences(built, tmp_path)
    assert "b.task differs" in changed
    assert "c.task is missing" in missing

"""Build the two model bundles in ``models/`` from the weights MediaPipe published.

    python scripts/build_models.py [--wheel PATH] [--out models] [--check]

The weights are in the wheel ``mediapipe==0.10.21``, read as a zip and never installed. Without
``--wheel`` pip fetches it. Every input is checked against its SHA-256, and the same inputs give
the same bytes. ``--check`` builds in memory and compares with the files in ``--out``.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from mediapipe.tasks.metadata import metadata_schema_py_generated as meta
from mediapipe.tasks.metadata import schema_py_generated as tfl

ROOT = Path(__file__).resolve().parent.parent
INDICES = Path(__file__).with_name("attention_mesh_indices.json")

WHEEL = "mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl"
WHEEL_SHA256 = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"

# The Tasks API maps members into memory; 16 is what TensorFlow Lite asks for its weights.
ALIGNMENT = 16
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
LOCAL_HEADER_BYTES = 30
MESH_POINTS = 468
FACE_POINTS = 478


class BuildError(Exception):
    """The bundles cannot be built from what was given."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One published model: where it is in the wheel and how its input is normalised."""

    member: str
    sha256: str
    title: str
    mean: float
    std: float


# Normalisation: pixels 0..255 to -1..1 for the detectors, to 0..1 for the landmark models, as the
# graphs of the same release set it (TensorConverter and ImageToTensor options).
BUNDLES: dict[str, dict[str, Weights]] = {
    "pose_landmarker_full.task": {
        "pose_detector.tflite": Weights(
            "mediapipe/modules/pose_detection/pose_detection.tflite",
            "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
            "Pose detector",
            127.5,
            127.5,
        ),
        "pose_landmarks_detector.tflite": Weights(
            "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
            "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
            "Pose landmarks, full",
            0.0,
            255.0,
        ),
    },
    "face_landmarker.task": {
        "face_detector.tflite": Weights(
            "mediapipe/modules/face_detection/face_detection_short_range.tflite",
            "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
            "Face detector, short range",
            127.5,
            127.5,
        ),
        "face_landmarks_detector.tflite": Weights(
            "mediapipe/modules/face_landmark/face_landmark_with_attention.tflite",
            "e06a804e0144f9929eda782122916b35d60c697c3c9344013ca2bbe76a6ce2b4",
            "Face landmarks with attention, outputs merged",
            0.0,
            255.0,
        ),
    },
}
MERGED = "face_landmarks_detector.tflite"
# The body's silhouette is never asked for and costs almost half of the pose model's time.
PRUNED, SILHOUETTE = "pose_landmarks_detector.tflite", "Identity_2"


def sha256(data: bytes) -> str:
    """SHA-256 of *data* as hexadecimal text."""
    return hashlib.sha256(data).hexdigest()


def _demand(data: bytes, expected: str, name: str) -> bytes:
    found = sha256(data)
    if found != expected:
        raise BuildError(f"{name} has SHA-256 {found}, expected {expected}.")
    return data


def fetch_wheel(folder: Path) -> Path:
    """Let pip download the wheel with the weights into *folder*; returns its path."""
    command = [sys.executable, "-m", "pip", "download", "mediapipe==0.10.21", "--no-deps"]
    command += ["--only-binary=:all:", "--platform=manylinux_2_28_x86_64", "--python-version=3.11"]
    command += ["--implementation=cp", "--abi=cp311", f"--dest={folder}"]
    if subprocess.run(command, check=False).returncode != 0:
        raise BuildError("pip could not download mediapipe==0.10.21; give the file with --wheel.")
    return folder / WHEEL


def read_weights(wheel: Path) -> dict[str, dict[str, bytes]]:
    """The published models out of *wheel*, by bundle and member name, all hashes checked."""
    try:
        data = wheel.read_bytes()
    except OSError as error:
        raise BuildError(f"{wheel} cannot be read: {error.strerror}.") from error
    _demand(data, WHEEL_SHA256, wheel.name)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            bundle: {
                name: _demand(archive.read(source.member), source.sha256, source.member)
                for name, source in members.items()
            }
            for bundle, members in BUNDLES.items()
        }


class AlignedBuffer(tfl.BufferT):  # type: ignore[misc]  # generated code without types
    """A model buffer written on a 16-byte boundary, as the schema's ``force_align`` wants.

    The generated packer leaves that attribute out.
    """

    def __init__(self, source: Any) -> None:
        super().__init__()
        self.data, self.offset, self.size = source.data, source.offset, source.size

    def Pack(self, builder: flatbuffers.Builder) -> int:  # noqa: N802 - name given by flatbuffers
        """Write this buffer and return its offset."""
        vector: int | None = None
        if self.data is not None:
            data = bytes(self.data)
            builder.StartVector(1, len(data), ALIGNMENT)
            builder.head -= len(data)
            builder.Bytes[builder.head : builder.head + len(data)] = data
            vector = builder.EndVector()
        tfl.BufferStart(builder)
        if vector is not None:
            tfl.BufferAddData(builder, vector)
        return int(tfl.BufferEnd(builder))


def load_model(data: bytes) -> Any:
    """A TensorFlow Lite model as an object tree."""
    return tfl.ModelT.InitFromObj(tfl.Model.GetRootAs(data, 0))


def dump_model(model: Any) -> bytes:
    """The object tree as TensorFlow Lite bytes."""
    model.buffers = [AlignedBuffer(buffer) for buffer in model.buffers]
    builder = flatbuffers.Builder(1 << 16)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def _tensor_metadata(name: bytes) -> Any:
    entry = meta.TensorMetadataT()
    entry.name = name
    return entry


def metadata(model: Any, source: Weights) -> bytes:
    """The metadata the Tasks API needs: an RGB image input with its normalisation, the outputs."""
    graph = model.subgraphs[0]
    normalization = meta.NormalizationOptionsT()
    normalization.mean, normalization.std = [source.mean], [source.std]
    unit = meta.ProcessUnitT()
    unit.optionsType = meta.ProcessUnitOptions.NormalizationOptions
    unit.options = normalization
    image = meta.ImagePropertiesT()
    image.colorSpace = meta.ColorSpaceType.RGB
    content = meta.ContentT()
    content.contentPropertiesType = meta.ContentProperties.ImageProperties
    content.contentProperties = image
    entry = _tensor_metadata(graph.tensors[graph.inputs[0]].name)
    entry.content, entry.processUnits = content, [unit]

    subgraph = meta.SubGraphMetadataT()
    subgraph.inputTensorMetadata = [entry]
    subgraph.outputTensorMetadata = [
        _tensor_metadata(graph.tensors[index].name) for index in graph.outputs
    ]
    whole = meta.ModelMetadataT()
    whole.name = source.title
    whole.description = f"{source.member} of the wheel {WHEEL}"
    whole.author = "The MediaPipe Authors"
    whole.license = "Apache-2.0"
    whole.subgraphMetadata = [subgraph]
    builder = flatbuffers.Builder(1024)
    builder.Finish(whole.Pack(builder), file_identifier=b"M001")
    return bytes(builder.Output())


def _new_buffer(model: Any, data: bytes) -> int:
    buffer = tfl.BufferT()
    buffer.data = np.frombuffer(data, np.uint8)
    model.buffers.append(buffer)
    return len(model.buffers) - 1


def set_metadata(model: Any, data: bytes) -> None:
    """Put *data* in as the model's ``TFLITE_METADATA``, in place of what was there."""
    for entry in model.metadata or []:
        if entry.name == b"TFLITE_METADATA":
            model.buffers[entry.buffer].data = np.frombuffer(data, np.uint8)
            return
    entry = tfl.MetadataT()
    entry.name, entry.buffer = b"TFLITE_METADATA", _new_buffer(model, data)
    model.metadata = [*(model.metadata or []), entry]


class GraphEditor:
    """Appends tensors and operators to a model's only subgraph."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.graph = model.subgraphs[0]

    def tensor(self, name: str, shape: Sequence[int], kind: int, data: bytes | None = None) -> int:
        """Add a tensor (a constant when *data* is given) and return its index."""
        tensor = tfl.TensorT()
        tensor.name, tensor.type = name.encode(), kind
        tensor.shape = np.array(shape, np.int32)
        # Buffer 0 is the empty one by the format's convention.
        tensor.buffer = 0 if data is None else _new_buffer(self._model, data)
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def indices(self, name: str, values: Sequence[int] | Sequence[Sequence[int]]) -> int:
        """Add a constant of whole numbers and return its index."""
        array = np.array(values, np.int32)
        return self.tensor(name, array.shape, tfl.TensorType.INT32, array.astype("<i4").tobytes())

    def operator(
        self, code: int, inputs: Sequence[int], output: int, kind: int, options: Any
    ) -> int:
        """Add one built-in operator (version 1) and return its output tensor."""
        entry = tfl.OperatorCodeT()
        # Old readers look at the first field, new ones at the larger of the two.
        entry.deprecatedBuiltinCode = entry.builtinCode = code
        entry.version = 1
        self._model.operatorCodes.append(entry)
        operator = tfl.OperatorT()
        operator.opcodeIndex = len(self._model.operatorCodes) - 1
        operator.inputs = np.array(inputs, np.int32)
        operator.outputs = np.array([output], np.int32)
        operator.builtinOptionsType, operator.builtinOptions = kind, options
        self.graph.operators.append(operator)
        return output

    def gather(self, source: int, index: int, name: str, shape: Sequence[int]) -> int:
        """Add a GATHER along the last of four axes; *shape* is the result's."""
        options = tfl.GatherOptionsT()
        options.axis = 3
        output = self.tensor(name, shape, tfl.TensorType.FLOAT32)
        return self.operator(
            tfl.BuiltinOperator.GATHER,
            [source, index],
            output,
            tfl.BuiltinOptions.GatherOptions,
            options,
        )

    def mean(self, source: int, axis: int, name: str, shape: Sequence[int]) -> int:
        """Add a MEAN over *axis*; *shape* is the result's."""
        options = tfl.ReducerOptionsT()
        options.keepDims = False
        output = self.tensor(name, shape, tfl.TensorType.FLOAT32)
        return self.operator(
            tfl.BuiltinOperator.MEAN,
            [source, self.indices(f"{name}_axis", [axis])],
            output,
            tfl.BuiltinOptions.ReducerOptions,
            options,
        )

    def concatenation(self, sources: Sequence[int], name: str, shape: Sequence[int]) -> int:
        """Add a CONCATENATION along the last of four axes; *shape* is the result's."""
        options = tfl.ConcatenationOptionsT()
        options.axis = 3
        output = self.tensor(name, shape, tfl.TensorType.FLOAT32)
        return self.operator(
            tfl.BuiltinOperator.CONCATENATION,
            sources,
            output,
            tfl.BuiltinOptions.ConcatenationOptions,
            options,
        )


def merged_index(mapping: dict[str, Any], starts: dict[str, int], iris_z: int) -> list[int]:
    """Where each of the 478 × (x, y, z) numbers lies in the concatenated outputs.

    *starts*: first element of each output; *iris_z*: of the two mean eye depths.
    """
    index = list(range(3 * MESH_POINTS)) + [-1] * (3 * (FACE_POINTS - MESH_POINTS))
    for name, start in starts.items():
        for place, point in enumerate(mapping.get(name, ())):
            index[3 * point] = start + 2 * place
            index[3 * point + 1] = start + 2 * place + 1
    for eye, name in enumerate(mapping["iris_z_is_mean_of"]):
        for point in mapping[name]:
            index[3 * point + 2] = iris_z + eye
    if min(index) < 0:
        raise BuildError("the index lists leave a landmark without a source.")
    return index


def merge_outputs(model: Any, mapping: dict[str, Any]) -> None:
    """Turn the seven outputs of the attention model into landmarks and presence.

    The Tasks API's face graph reads exactly two outputs, 478 × (x, y, z) and presence. The
    result holds the same numbers MediaPipe's own refinement step gives.
    """
    edit = GraphEditor(model)
    tensors = {edit.graph.tensors[i].name.decode(): int(i) for i in edit.graph.outputs}
    parts = [name for name in tensors if name != "conv_faceflag"]
    widths = {name: int(edit.graph.tensors[tensors[name]].shape[-1]) for name in parts}
    starts, total = {}, 0
    for name in parts:
        starts[name], total = total, total + widths[name]

    contours = [[3 * point + 2 for point in eye] for eye in mapping["iris_z_is_mean_of"].values()]
    depths = edit.gather(
        tensors["output_mesh_identity"],
        edit.indices("eye_contour_z_index", contours),
        "eye_contour_z",
        [1, 1, 1, len(contours), len(contours[0])],
    )
    iris_z = edit.mean(depths, 4, "iris_z", [1, 1, 1, len(contours)])
    everything = edit.concatenation(
        [*(tensors[name] for name in parts), iris_z],
        "all_landmark_outputs",
        [1, 1, 1, total + len(contours)],
    )
    landmarks = edit.gather(
        everything,
        edit.indices("merged_index", merged_index(mapping, starts, total)),
        "landmarks",
        [1, 1, 1, 3 * FACE_POINTS],
    )
    edit.graph.outputs = np.array([landmarks, tensors["conv_faceflag"]], np.int32)
    model.signatureDefs = None


def silence_output(model: Any, name: str) -> None:
    """Give the output called *name* one constant number and drop all that was computed for it.

    The Tasks API counts the outputs, so it stays; the others give the same numbers as before.
    """
    graph = model.subgraphs[0]
    made_by = {int(made): op for op in graph.operators for made in op.outputs}
    silent = next(int(i) for i in graph.outputs if graph.tensors[i].name.decode() == name)
    needed: list[Any] = []
    wanted = [int(i) for i in graph.outputs if i != silent]
    while wanted:
        operator = made_by.get(wanted.pop())
        if operator is not None and not any(operator is other for other in needed):
            needed.append(operator)
            wanted += [int(i) for i in operator.inputs if i >= 0]
    graph.operators = [op for op in graph.operators if any(op is other for other in needed)]
    tensor = graph.tensors[silent]
    tensor.shape, tensor.shapeSignature = np.ones(4, np.int32), None
    tensor.buffer = _new_buffer(model, bytes(4))
    _drop_unused(model)
    model.signatureDefs = None


def _drop_unused(model: Any) -> None:
    """Drop tensors and buffers that nothing refers to, and number the others anew."""
    graph = model.subgraphs[0]
    ends = [*graph.inputs, *graph.outputs]
    inside = [i for op in graph.operators for i in (*op.inputs, *op.outputs) if i >= 0]
    kept = sorted({int(i) for i in (*ends, *inside)})
    place = {old: new for new, old in enumerate(kept)} | {-1: -1}

    def renumbered(indices: Any) -> Any:
        return np.array([place[int(i)] for i in indices], np.int32)

    graph.tensors = [graph.tensors[i] for i in kept]
    graph.inputs, graph.outputs = renumbered(graph.inputs), renumbered(graph.outputs)
    for operator in graph.operators:
        operator.inputs = renumbered(operator.inputs)
        operator.outputs = renumbered(operator.outputs)
    # Buffer 0 is the empty one by the format's convention.
    users = [*graph.tensors, *(model.metadata or [])]
    buffers = sorted({0, *(int(user.buffer) for user in users)})
    for user in users:
        user.buffer = buffers.index(int(user.buffer))
    model.buffers = [model.buffers[i] for i in buffers]


def unfold(sparse: Any, data: Any) -> Any:
    """The half-precision weights of the tensor *sparse* with their zeros, as the tensor's array.

    *data*: what its buffer holds, the numbers that are not zero in the order of the sparsity
    description: axis after axis, each whole or with the list of its places.
    """
    described = sparse.sparsity
    blocks = described.blockMap is not None and len(described.blockMap) > 0
    if blocks or list(described.traversalOrder) != list(range(len(sparse.shape))):
        raise BuildError("weights in blocks or in another order are not known here.")
    places = np.zeros((1, 0), np.int64)
    for axis in described.dimMetadata:
        if axis.format == tfl.DimensionType.DENSE:
            counts, along = axis.denseSize, np.tile(np.arange(axis.denseSize), len(places))
        else:
            counts = np.diff(np.asarray(axis.arraySegments.values, np.int64))
            along = np.asarray(axis.arrayIndices.values, np.int64)
        places = np.column_stack((np.repeat(places, counts, axis=0), along))
    whole = np.zeros(sparse.shape, "<f2")
    whole[tuple(places.T)] = np.frombuffer(bytes(data), "<f2")
    return whole


def store_zeros(model: Any) -> None:
    """Write weights that are stored without their zeros in full.

    MediaPipe makes the full form when it loads the model, and keeps both.
    """
    graph = model.subgraphs[0]
    operators = []
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        if max(code.builtinCode, code.deprecatedBuiltinCode) != tfl.BuiltinOperator.DENSIFY:
            operators.append(operator)
            continue
        (short,), (full,) = operator.inputs, operator.outputs
        sparse = graph.tensors[short]
        whole = unfold(sparse, model.buffers[sparse.buffer].data)
        graph.tensors[full].buffer = _new_buffer(model, whole.tobytes())
    if len(operators) < len(graph.operators):
        graph.operators = operators
        _drop_unused(model)
        model.signatureDefs = None


def prepare(name: str, data: bytes, source: Weights) -> bytes:
    """One published model as a member of a bundle."""
    model = load_model(data)
    store_zeros(model)
    if name == MERGED:
        merge_outputs(model, json.loads(INDICES.read_text(encoding="utf-8")))
    if name == PRUNED:
        silence_output(model, SILHOUETTE)
    set_metadata(model, metadata(model, source))
    return dump_model(model)


def pack_bundle(members: dict[str, bytes]) -> bytes:
    """A ``.task`` file: a zip of stored members, aligned, with one fixed time stamp."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, ZIP_EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            # Aligned by an extra field (id 0xD935: the alignment, then padding), as Android's
            # zipalign does it: the file stays a valid zip for every reader.
            start = target.tell() + LOCAL_HEADER_BYTES + len(name.encode()) + 6
            padding = -start % ALIGNMENT
            info.extra = struct.pack("<HHH", 0xD935, 2 + padding, ALIGNMENT) + b"\0" * padding
            archive.writestr(info, data)
    return target.getvalue()


def build(wheel: Path) -> dict[str, bytes]:
    """Both bundles, by file name."""
    return {
        bundle: pack_bundle(
            {name: prepare(name, data, BUNDLES[bundle][name]) for name, data in members.items()}
        )
        for bundle, members in read_weights(wheel).items()
    }


def describe(bundle: str, data: bytes) -> list[str]:
    """Lines with size and SHA-256 of a bundle and its members."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    return [
        f"{bundle}  {len(data)} bytes  {sha256(data)}",
        *(f"  {name}  {len(part)} bytes  {sha256(part)}" for name, part in members),
    ]


def differences(built: dict[str, bytes], folder: Path) -> list[str]:
    """One line for each bundle in *folder* that is not the one built."""
    lines = []
    for name, data in built.items():
        path = folder / name
        if not path.is_file():
            lines.append(f"{path} is missing.")
        elif path.read_bytes() != data:
            lines.append(f"{path} differs from what the published weights give.")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the script; returns its exit code."""
    parser = argparse.ArgumentParser(description="Build models/*.task from the published weights.")
    parser.add_argument("--wheel", type=Path, help=f"{WHEEL}; fetched with pip when not given")
    parser.add_argument("--out", type=Path, default=ROOT / "models", help="folder of the bundles")
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            built = build(options.wheel or fetch_wheel(Path(folder)))
    except BuildError as error:
        print(f"build_models: {error}", file=sys.stderr)
        return 1
    if options.check:
        problems = differences(built, options.out)
        print("\n".join(problems) or "The bundles are the published weights, byte for byte.")
        return 1 if problems else 0
    options.out.mkdir(parents=True, exist_ok=True)
    for name, data in built.items():
        (options.out / name).write_bytes(data)
        print("\n".join(describe(name, data)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

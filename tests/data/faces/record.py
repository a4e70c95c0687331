"""Record ``reference.npz`` with MediaPipe 0.10.21 and its unchanged face model.

Needs an environment of its own with ``mediapipe==0.10.21``: ``python record.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import mediapipe
import numpy as np
from mediapipe.framework.formats import rect_pb2
from mediapipe.python._framework_bindings import resource_util

GRAPH = """
input_stream: "image"
input_stream: "roi"
input_side_packet: "with_attention"
output_stream: "landmarks"
node {
  calculator: "FaceLandmarkCpu"
  input_stream: "IMAGE:image"
  input_stream: "ROI:roi"
  input_side_packet: "WITH_ATTENTION:with_attention"
  output_stream: "LANDMARKS:landmarks"
}
"""


def main() -> None:
    """Run the published graph on each picture as a whole and store the landmarks."""
    folder = Path(__file__).parent
    resource_util.set_resource_dir(str(Path(mediapipe.__file__).parent.parent))
    create, read = mediapipe.packet_creator, mediapipe.packet_getter
    found: list[Any] = []
    graph = mediapipe.CalculatorGraph(graph_config=GRAPH)
    graph.observe_output_stream(
        "landmarks", lambda _, packet: found.append(read.get_proto(packet).landmark)
    )
    graph.start_run({"with_attention": create.create_bool(True)})
    whole = rect_pb2.NormalizedRect(x_center=0.5, y_center=0.5, width=1, height=1)
    for stamp, path in enumerate(sorted(folder.glob("*.png"))):
        bgr = cv2.imread(str(path))
        assert bgr is not None
        image = create.create_image_frame(
            data=np.ascontiguousarray(bgr[:, :, ::-1]),
            image_format=mediapipe.ImageFormat.SRGB,
        )
        graph.add_packet_to_input_stream("roi", create.create_proto(whole).at(stamp))
        graph.add_packet_to_input_stream("image", image.at(stamp))
    graph.close_all_packet_sources()
    graph.wait_until_done()
    points = np.array([[(p.x, p.y, p.z) for p in face] for face in found], np.float32)
    np.savez_compressed(folder / "reference.npz", landmarks=points)


if __name__ == "__main__":
    main()

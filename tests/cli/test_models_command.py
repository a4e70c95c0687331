"""``posture models verify``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from posture.cli import main
from posture.sense import models
from posture.sense.models import BUNDLES, bundle_path


def test_the_shipped_models_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "verify"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split() for line in lines] == [
        ["ok", bundle.file_name, "sha256", bundle.sha256] for bundle in BUNDLES
    ]


def test_a_damaged_model_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    package = tmp_path / "posture"
    (package / "models").mkdir(parents=True)
    for bundle in BUNDLES:
        shutil.copy(bundle_path(bundle), package / "models")
    damaged = package / "models" / BUNDLES[1].file_name
    data = bytearray(damaged.read_bytes())
    data[1000] ^= 1
    damaged.write_bytes(data)
    monkeypatch.setattr(models, "_PACKAGE", package)

    assert main(["models", "verify"]) == 23
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines()] == ["ok", "wrong"]
    assert err.count("\n") == 1
    assert damaged.name in err

    assert main(["models", "verify", "--json"]) == 23
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert [(model["name"], model["ok"]) for model in document["models"]] == [
        (BUNDLES[0].file_name, True),
        (BUNDLES[1].file_name, False),
    ]
    assert json.loads(err)["error"]["code"] == "model_error"

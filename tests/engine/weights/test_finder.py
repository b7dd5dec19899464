"""Model files: order of the sources, joining, sums, and what is said when they are missing."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from huntgroup.domain.errors import DataMissing
from huntgroup.engine.weights import SILERO, Bundle, Part, WeightFile, Weights, WeightsDamaged, WeightsMissing
from huntgroup.engine.weights.finder import sha256_of
from huntgroup.engine.weights.hub import Hub

SOUND = b"first half, second half"
BUNDLE = Bundle(
    "toy",
    (
        WeightFile(
            "model.bin",
            hashlib.sha256(SOUND).hexdigest(),
            (Part("one", "data/a"), Part("two", "data/b")),
            hub_path="model.bin",
        ),
    ),
    hub_repo="someone/toy",
)


def packages(root: Path, content: Mapping[str, bytes]):
    """Pretend packages with the given files; returns what finds their folders."""
    for name, data in content.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return lambda package: root / package if (root / package).is_dir() else None


@pytest.fixture
def halves(tmp_path: Path):
    return packages(tmp_path / "site", {"one/data/a": SOUND[:11], "two/data/b": SOUND[11:]})


def test_parts_of_two_packages_become_one_file(tmp_path, halves):
    folder = Weights(tmp_path, packages=halves).locate(BUNDLE)
    assert (folder / "model.bin").read_bytes() == SOUND


def test_a_second_look_assembles_nothing(tmp_path, halves):
    Weights(tmp_path, packages=halves).locate(BUNDLE)
    told: list[str] = []
    Weights(tmp_path, packages=lambda name: None, progress=told.append).locate(BUNDLE)
    assert told == []


def test_the_operators_folder_comes_first(tmp_path, halves):
    own = tmp_path / "own" / "toy"
    own.mkdir(parents=True)
    (own / "model.bin").write_bytes(SOUND)
    assert Weights(tmp_path, models_dir=tmp_path / "own", packages=halves).locate(BUNDLE) == own


def test_a_wrong_sum_in_the_operators_folder_is_named(tmp_path, halves):
    (tmp_path / "model.bin").write_bytes(b"something else")
    with pytest.raises(WeightsDamaged) as caught:
        Weights(tmp_path / "data", models_dir=tmp_path, packages=halves).locate(BUNDLE)
    assert "model.bin of toy is damaged" in str(caught.value)


def test_a_damaged_assembled_copy_is_made_anew(tmp_path, halves):
    folder = Weights(tmp_path, packages=halves).locate(BUNDLE)
    (folder / "model.bin").write_bytes(b"half a fi")
    Weights(tmp_path, packages=halves).locate(BUNDLE)
    assert (folder / "model.bin").read_bytes() == SOUND


def test_damaged_packages_are_named(tmp_path):
    found = packages(tmp_path / "site", {"one/data/a": b"x", "two/data/b": b"y"})
    with pytest.raises(WeightsDamaged):
        Weights(tmp_path, packages=found).locate(BUNDLE)


def test_missing_says_where_it_looked(tmp_path):
    with pytest.raises(WeightsMissing) as caught:
        Weights(tmp_path, packages=lambda name: None).locate(BUNDLE)
    assert "package one, package two" in str(caught.value)
    assert isinstance(caught.value, DataMissing)


def test_the_hub_is_the_last_resort(tmp_path):
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, content=SOUND)

    hub = Hub("https://hub.invalid", transport=httpx.MockTransport(answer))
    folder = Weights(tmp_path, hub=hub, packages=lambda name: None).locate(BUNDLE)
    assert (folder / "model.bin").read_bytes() == SOUND
    assert asked == ["/someone/toy/resolve/main/model.bin"]


def test_a_hub_that_does_not_have_it_leaves_nothing_behind(tmp_path):
    hub = Hub("https://hub.invalid", transport=httpx.MockTransport(lambda request: httpx.Response(404)))
    with pytest.raises(WeightsMissing, match="model hub"):
        Weights(tmp_path, hub=hub, packages=lambda name: None).locate(BUNDLE)
    assert not any((tmp_path / "models" / "toy").iterdir())


def test_a_file_whole_in_one_package_stays_there(tmp_path):
    folder = Weights(tmp_path).locate(SILERO)
    assert folder.name == "assets"
    assert sha256_of(folder / "silero_vad_v6.onnx") == SILERO.files[0].sha256
    assert not (tmp_path / "models").exists()

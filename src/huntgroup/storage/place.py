"""Where the embedded server keeps its data, and as which user it runs.

PostgreSQL refuses to run as root, so root runs it as the owner of the data, at first `nobody`. That user must reach the
data; the permissions of folders that are not ours are never changed for it: the data goes elsewhere instead.
"""

import hashlib
import os
import pwd
import tempfile
from dataclasses import dataclass
from pathlib import Path

from huntgroup.domain.errors import SettingsError
from huntgroup.storage.keeper import CLUSTER

_SOCKET_FILE = ".s.PGSQL.5432.lock"
_LONGEST_SOCKET_PATH = 100


@dataclass(frozen=True)
class Account:
    """A user and group of the machine."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """Folders of one embedded server: `home` is ours, the others belong to `account` when we are root."""

    home: Path
    socket_dir: Path
    account: Account | None

    @property
    def cluster(self) -> Path:
        return self.home / CLUSTER

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"


def prepare_place(data_dir: Path) -> Place:
    """Make the folders and return them. Raises `SettingsError` when no usable folder can be made."""
    wanted = Path(os.path.abspath(data_dir))
    if os.geteuid() != 0:
        home = _own_folder(wanted)
        return Place(home, _socket_dir(home, None), None)
    for home in (wanted, *_elsewhere(wanted)):
        account = _account(home)
        if _reachable(home, account):
            return Place(home, _socket_dir(home, account), account)
    raise SettingsError(
        f"PostgreSQL cannot run as root, and the user nobody reaches neither {wanted} nor a folder of its own: "
        "set HUNTGROUP_DATA_DIR to a folder under one that everybody may enter, or HUNTGROUP_DATABASE_URL"
    )


def _own_folder(home: Path) -> Path:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"HUNTGROUP_DATA_DIR: {home} cannot be made ({error.strerror})") from None
    cluster = home / CLUSTER
    owner = cluster.stat().st_uid if cluster.exists() else os.geteuid()
    if owner != os.geteuid() or not os.access(home, os.W_OK | os.X_OK):
        raise SettingsError(f"HUNTGROUP_DATA_DIR: {home} belongs to another user; choose a folder of your own")
    return home


def _elsewhere(wanted: Path) -> list[Path]:
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return [Path("/var/lib/huntgroup") / name, Path(tempfile.gettempdir()) / "huntgroup-root" / name]


def _account(home: Path) -> Account:
    """Return the owner of the data, so that root carries on what an ordinary user began; else `nobody`."""
    cluster = home / CLUSTER
    if cluster.exists() and cluster.stat().st_uid != 0:
        return Account(cluster.stat().st_uid, cluster.stat().st_gid)
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def _reachable(home: Path, account: Account) -> bool:
    """Make `home`, open to pass through, and say whether `account` gets there and may own a folder in it."""
    try:
        _make_folders(home)
        probe = home / "probe"
        probe.mkdir(exist_ok=True)
        os.chown(probe, account.uid, account.gid)
        probe.rmdir()
    except OSError:
        return False
    return all(_may_enter(folder, account) for folder in (home, *home.parents))


def _make_folders(home: Path) -> None:
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir()
        folder.chmod(0o711)


def _may_enter(folder: Path, account: Account) -> bool:
    status = folder.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    return bool(status.st_mode & (0o010 if status.st_gid == account.gid else 0o001))


def _socket_dir(home: Path, account: Account | None) -> Path:
    """Return a folder for the socket that only the server's user enters; the kernel limits the length of its path."""
    inside = home / "socket"
    if len(os.fsencode(inside / _SOCKET_FILE)) <= _LONGEST_SOCKET_PATH:
        return _private(inside, account)
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return _private(Path(tempfile.gettempdir()) / f"huntgroup-{os.geteuid()}-{name}", account)


def _private(folder: Path, account: Account | None) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    expected = os.geteuid() if account is None else account.uid
    if folder.is_symlink() or status.st_uid not in (os.geteuid(), expected):
        raise SettingsError(f"{folder} belongs to another user: remove it or set HUNTGROUP_DATA_DIR elsewhere")
    folder.chmod(0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    return folder

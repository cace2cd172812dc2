"""Makes a virtual environment with the emulator's packages: make_environment.py FOLDER.

Whoever comes while another process is at it waits for its turn and finds the work done. The
lock belongs to the operating system, which takes it back when its holders are gone; pip holds
it too, so that an orphaned pip is waited for. The marker is written at the very end: without
it what is in the folder is an interrupted try.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

_REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    marker = folder / "made-from"
    wanted = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if marker.exists() and marker.read_text() == wanted and _works(folder):
            return
        _empty(folder)
        _run([sys.executable, "-m", "venv", folder], lock)
        pip = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        _run([*pip, "install", "--quiet", "--requirement", _REQUIREMENTS], lock)
        marker.write_text(wanted)


def _works(folder: Path) -> bool:
    """It doesn't when the Python it was made with is gone, or is another one by now."""
    python = folder / "bin" / "python"
    if not python.exists():
        return False
    return subprocess.run([python, "-c", "import moto, flask, openapi_spec_validator"], capture_output=True).returncode == 0


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != "lock":
            entry.unlink()


def _run(command: list, lock) -> None:
    done = subprocess.run(
        command,
        pass_fds=[lock.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout.strip()}")


main(Path(sys.argv[1]))

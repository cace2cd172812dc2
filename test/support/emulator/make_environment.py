"""Makes a virtual environment: make_environment.py FOLDER REQUIREMENTS MODULE...

The modules are imported to see whether what is there works.

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


def main(folder: Path, requirements: Path, modules: list[str]) -> None:
    folder.mkdir(exist_ok=True)
    marker = folder / "made-from"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if marker.exists() and marker.read_text() == wanted and _works(folder, modules):
            return
        _empty(folder)
        _run([sys.executable, "-m", "venv", folder], lock)
        pip = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
        _run([*pip, "install", "--quiet", "--requirement", requirements], lock)
        marker.write_text(wanted)


def _works(folder: Path, modules: list[str]) -> bool:
    """It doesn't when the Python it was made with is gone, or is another one by now."""
    python = folder / "bin" / "python"
    if not python.exists():
        return False
    command = [python, "-c", f"import {', '.join(modules)}"]
    return subprocess.run(command, capture_output=True).returncode == 0


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


main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])

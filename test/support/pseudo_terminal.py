"""Runs a command on a pseudo-terminal: pseudo_terminal.py COLUMNS SECONDS COMMAND [ARGUMENT...]

Prints {"code": ..., "output": ...} when it has ended. One that takes longer than so many seconds, or
that prints without end, is killed, and its code is null.
"""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

MOST_BYTES = 1_000_000

columns, seconds, command = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24 if columns else 0, columns, 0, 0))
    os.execvp(command[0], command)

output, ends, killed = b"", time.monotonic() + seconds, False
while not killed:
    readable, _, _ = select.select([terminal], [], [], 0.1)
    if readable:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break  # the other side is closed
        if not chunk:
            break
        output += chunk
    killed = time.monotonic() > ends or len(output) > MOST_BYTES
if killed:
    os.kill(child, 9)
_, status = os.waitpid(child, 0)
text = output[:20_000].decode(errors="replace")
print(json.dumps({"code": None if killed else os.waitstatus_to_exitcode(status), "output": text}))

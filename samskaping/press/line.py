"""What is said between the portal and the press: messages of several parts, each with its length first."""

import socket
import struct

_NUMBER = struct.Struct("!I")
AT_MOST = 120_000_000


def send(line: socket.socket, *parts: bytes) -> None:
    """Raises OSError when the other side is gone, TimeoutError when it does not listen."""
    lengths = b"".join(_NUMBER.pack(len(part)) for part in parts)
    line.sendall(_NUMBER.pack(len(parts)) + lengths)
    for part in parts:
        line.sendall(part)


def receive(line: socket.socket) -> list[bytes]:
    """Raises EOFError when the other side is gone, TimeoutError when it is silent, ValueError for babble."""
    count = _number(line)
    lengths = [_number(line) for _ in range(count)] if count < 1000 else [AT_MOST]
    if sum(lengths) >= AT_MOST:
        message = "A message is longer than anything said here."
        raise ValueError(message)
    return [_exactly(line, length) for length in lengths]


def _number(line: socket.socket) -> int:
    return int(_NUMBER.unpack(_exactly(line, _NUMBER.size))[0])


def _exactly(line: socket.socket, length: int) -> bytes:
    read = bytearray()
    while len(read) < length:
        more = line.recv(min(length - len(read), 1_000_000))
        if not more:
            raise EOFError
        read += more
    return bytes(read)

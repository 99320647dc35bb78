"""A line to a server on this machine, which can be cut in a moment."""

import contextlib
import socket
import threading

from tests.processes import free_port


class Line:
    """Another port of a server, at which nobody answers once the line is cut."""

    def __init__(self, far: int):
        self.port, self.is_cut = free_port(), False
        self._far, self._ends = far, list[socket.socket]()
        self._door = socket.create_server(("127.0.0.1", self.port))
        self._keeper = threading.Thread(target=self._accept, daemon=True)
        self._keeper.start()

    def cut(self) -> None:
        self.is_cut = True
        self._door.shutdown(socket.SHUT_RDWR)
        self._keeper.join()
        self._door.close()
        for each in self._ends:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._far))
                self._ends += (near, far)
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Hand on what one end says, to its last word."""
    with contextlib.suppress(OSError):
        while part := source.recv(1 << 16):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)

"""A directory is believed only with a certificate that this machine trusts: nobody in between learns a password."""

import socket
import ssl
import threading

import pytest

from kakehashi.people.adapters.directory import DirectorySettings, DirectoryUnavailable, LdapDirectory
from kakehashi.site.tests.certificates import make_certificate


def test_a_directory_nobody_vouches_for_is_told_no_password(tmp_path, socket_enabled):
    cert, key = make_certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    heard = []

    def listen(server: socket.socket) -> None:
        wire, _ = server.accept()
        with wire:
            try:
                heard.append(context.wrap_socket(wire, server_side=True).recv(1000))
            except OSError as error:
                heard.append(error)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=listen, args=(server,))
        thread.start()
        settings = DirectorySettings(f"ldaps://localhost:{server.getsockname()[1]}", "o=x", "cn=reader", "secret")
        with pytest.raises(DirectoryUnavailable, match=r"(?i)certificate"):
            LdapDirectory(settings).authenticate("tanaka", "password")
        thread.join(5)
    assert not isinstance(heard[0], bytes) or heard[0] == b""

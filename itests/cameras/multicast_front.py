#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Multicast for cameras that only send to one client: stands before an RTSP server and sends its packets to a group.

GStreamer's server does multicast too, but holds the group's ports for itself alone, so that no client on the same machine
can listen. Conversation and packets are its own here; only the Transport headers are changed.
    multicast_front.py --port 18303 --server 18300
Prints READY; ends at SIGTERM or SIGINT. Groups are joined and sent to on loopback.
"""

import argparse
import asyncio
import itertools
import re
import socket

HERE = "127.0.0.1"
RECEIVE_BYTES = 4 << 20
TRANSPORT = re.compile(rb"(?im)^Transport:[^\r\n]*")
LENGTH = re.compile(rb"(?im)^Content-Length: *(\d+)")
groups = (f"239.255.43.{number}" for number in itertools.cycle(range(1, 255)))


class Relay(asyncio.DatagramProtocol):
    """Sends what comes to one port of this machine to a port of the group."""

    def __init__(self, sender, group, port):
        self.sender = sender
        self.to = (group, port)

    def datagram_received(self, data, address):
        self.sender.sendto(data, self.to)


def udp(port=0):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
    sock.bind((HERE, port))
    return sock


def pair():
    """Two neighbouring ports, the even one first."""
    for _ in range(50):
        first = udp()
        port = first.getsockname()[1]
        try:
            second = udp(port ^ 1)
        except OSError:
            first.close()
            continue
        return sorted((first, second), key=lambda sock: sock.getsockname()[1])
    raise OSError("no two neighbouring UDP ports are free")


class Conversation:
    """One client and its session."""

    def __init__(self):
        self.group = next(groups)
        self.sender = udp()
        self.sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(HERE))
        self.group_port = 25_300
        self.relays = []

    async def set_up(self, message):
        """A SETUP for multicast becomes one for UDP to ports of this process."""
        if not message.startswith(b"SETUP"):
            return message
        ports = pair()
        for number, sock in enumerate(ports):
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda port=self.group_port + number: Relay(self.sender, self.group, port), sock=sock
            )
            self.relays.append(transport)
        first = ports[0].getsockname()[1]
        return TRANSPORT.sub(f"Transport: RTP/AVP;unicast;client_port={first}-{first + 1}".encode(), message)

    async def agreed(self, message):
        """The server's agreement becomes the group's."""
        if not TRANSPORT.search(message):
            return message
        port = self.group_port
        self.group_port += 2
        return TRANSPORT.sub(
            f"Transport: RTP/AVP;multicast;destination={self.group};port={port}-{port + 1};ttl=1".encode(), message
        )

    def close(self):
        for relay in self.relays:
            relay.close()
        self.sender.close()


async def pass_on(reader, writer, change):
    """Carries messages one way until either side is gone."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            body = await reader.readexactly(int(length.group(1))) if length else b""
            writer.write(await change(head) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main():
    options = argparse.ArgumentParser(description="Multicast before an RTSP server")
    options.add_argument("--port", type=int, required=True, help="TCP port to listen on")
    options.add_argument("--server", type=int, required=True, help="TCP port of the server on this machine")
    arguments = options.parse_args()

    async def serve(reader, writer):
        conversation = Conversation()
        try:
            server_reader, server_writer = await asyncio.open_connection(HERE, arguments.server)
            await asyncio.gather(
                pass_on(reader, server_writer, conversation.set_up),
                pass_on(server_reader, writer, conversation.agreed),
            )
        finally:
            conversation.close()

    server = await asyncio.start_server(serve, HERE, arguments.port)
    print("READY", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass

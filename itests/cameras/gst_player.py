#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A player of another make: GStreamer plays the picture of an RTSP address and writes it, coded as it comes, to a file.

Start it with Debian's own Python, which has the bindings:
    /usr/bin/python3 gst_player.py --file pictures.h264 --pictures 50 rtsp://key:secret@host:8554/live/CAMERA
Without --pictures it plays to the end, where GStreamer 1.22 may wait for itself for ever: when its jitter buffer has the last packet
still in hand as the goodbye comes, its two threads wait for each other's timer, and setting the pipeline back waits for them. So
tests name the pictures they want, of footage that goes on behind them. It fails when GStreamer reports an error, or nothing has
ended after --seconds.
"""

import argparse
import os
import sys

try:
    import gi

    gi.require_version("Gst", "1.0")
    from gi.repository import GLib, Gst
except (ImportError, ValueError) as missing:
    sys.exit(f"gst_player.py: {missing}. Install python3-gi and gstreamer1.0-plugins-{{base,good,bad}}")

# With its usual latency of two seconds: without one its jitter buffer leaves out what comes a moment late, by TCP too. That holds up
# nothing here, since what is in order goes on at once and nobody looks at a clock.
PIPELINE = (
    "rtspsrc name=source protocols={protocol} ! rtp{codec}depay ! {codec}parse config-interval=-1 "
    "! video/x-{codec},stream-format=byte-stream,alignment=au ! identity eos-after={pictures} ! filesink name=file"
)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--file", required=True)
    arguments.add_argument("--pictures", type=int, default=-1)
    arguments.add_argument("--protocol", default="tcp", choices=["tcp", "udp"])
    arguments.add_argument("--codec", default="h264", choices=["h264", "h265"])
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("address")
    wish = arguments.parse_args()
    Gst.init(None)
    # The one that is one too many ends it, and is not written.
    ends_with = wish.pictures + 1 if wish.pictures >= 0 else -1
    player = Gst.parse_launch(PIPELINE.format(protocol=wish.protocol, codec=wish.codec, pictures=ends_with))
    source = player.get_by_name("source")
    source.set_property("location", wish.address)
    # The picture alone: what is set up and goes nowhere is an error.
    source.connect("select-stream", lambda _, number, caps: caps.get_structure(0).get_string("media") == "video")
    player.get_by_name("file").set_property("location", wish.file)
    loop = GLib.MainLoop()
    failures = []

    def heard(_, message):
        if message.type == Gst.MessageType.ERROR:
            failures.append(" ".join(str(part) for part in message.parse_error()))
            loop.quit()
        elif message.type == Gst.MessageType.EOS:
            loop.quit()

    def late():
        failures.append(f"it has not ended after {wish.seconds} s")
        loop.quit()

    bus = player.get_bus()
    bus.add_signal_watch()
    bus.connect("message", heard)
    GLib.timeout_add_seconds(wish.seconds, late)
    player.set_state(Gst.State.PLAYING)
    loop.run()
    if failures:
        print("gst_player.py: " + failures[0], file=sys.stderr, flush=True)
    # Without setting the pipeline back, see above. The file is whole when the end has come to it.
    os._exit(1 if failures else 0)


main()

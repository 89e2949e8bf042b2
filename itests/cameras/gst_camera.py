#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Cameras of another make: GStreamer's RTSP server with the streams real cameras send.

Start it with Debian's own Python, which has the bindings, whatever python3 is found first:
    /usr/bin/python3 gst_camera.py --port 18300 --clips FOLDER
It prints a line for each stream and READY, and ends at SIGTERM or SIGINT. prepare.sh makes the clips.
"""

import argparse
import glob
import os
import signal
import sys

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtsp", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtsp, GstRtspServer
except (ImportError, ValueError) as missing:
    sys.exit(
        f"gst_camera.py: {missing}. Install python3-gi gir1.2-gst-rtsp-server-1.0 and gstreamer1.0-plugins-"
        "{base,good,bad,ugly}, and start this with /usr/bin/python3"
    )

# A queue on every branch of a demuxer, or DESCRIBE is never answered.
H264_AAC = (
    "filesrc location={h264-aac} ! qtdemux name=d "
    "d.video_0 ! queue ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=1 "
    "d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97"
)
MOUNTS = {
    "h264-aac": H264_AAC,
    "h264-bframes-pcmu": "filesrc location={h264-bframes-pcmu} ! qtdemux name=d "
    "d.video_0 ! queue ! h264parse ! rtph264pay name=pay0 pt=96 "
    "d.audio_0 ! queue ! mulawdec ! mulawenc ! rtppcmupay name=pay1 pt=0",
    "h264-digest": H264_AAC,
    "h264-udp-only": H264_AAC,
    "h264-aggregated": "filesrc location={h264-aac} ! qtdemux ! queue ! h264parse "
    "! rtph264pay name=pay0 pt=96 config-interval=-1 aggregate-mode=max-stap mtu=1200",
    "h265": "filesrc location={h265-aac} ! qtdemux name=d "
    "d.video_0 ! queue ! h265parse ! rtph265pay name=pay0 pt=96 config-interval=1 "
    "d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97",
    # The live sources; jpegenc wants I420, or DESCRIBE hangs.
    "live-h264-opus": "videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=25/1 "
    "! videoconvert ! video/x-raw,format=I420 ! queue "
    "! x264enc tune=zerolatency key-int-max=50 speed-preset=ultrafast bitrate=800 "
    "! rtph264pay name=pay0 pt=96 config-interval=-1 "
    "audiotestsrc is-live=true ! audioconvert ! audioresample ! audio/x-raw,rate=48000,channels=1 "
    "! queue ! opusenc ! rtpopuspay name=pay1 pt=97",
    "live-mjpeg-pcma": "videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=640,height=360,framerate=10/1 "
    "! jpegenc ! queue ! rtpjpegpay name=pay0 pt=26 "
    "audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! queue ! alawenc ! rtppcmapay name=pay1 pt=8",
}


def find_clips(folder):
    """The newest clip of each name in the folder, as prepare.sh names them."""
    clips = {}
    for name in ("h264-aac", "h264-bframes-pcmu", "h265-aac"):
        found = glob.glob(os.path.join(glob.escape(folder), name + "-*s.m*[4v]"))
        if not found:
            sys.exit(f"gst_camera.py: there is no {name}-*s clip in {folder}; run prepare.sh {folder} first")
        clips[name] = max(found, key=os.path.getmtime)
    return clips


def permissions(*roles):
    allowed = GstRtspServer.RTSPPermissions()
    for role in roles:
        allowed.add_permission_for_role(role, "media.factory.access", True)
        allowed.add_permission_for_role(role, "media.factory.construct", True)
    return allowed


def token(role):
    """What a client may do is decided by its role."""
    made = GstRtspServer.RTSPToken()
    made.set_string("media.factory.role", role)
    return made


def mount(server, name, launch):
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( {launch} )")
    # Each client of a file starts at its beginning; a live source is one for all.
    factory.set_shared(name.startswith("live-"))
    if name == "h264-udp-only":
        factory.set_protocols(GstRtsp.RTSPLowerTrans.UDP)
    factory.set_permissions(permissions("user") if name == "h264-digest" else permissions("user", "anonymous"))
    server.get_mount_points().add_factory("/" + name, factory)


def main():
    options = argparse.ArgumentParser(description="Cameras of another make for the tests")
    options.add_argument("--port", default="18300", help="TCP port on loopback (18300)")
    options.add_argument("--clips", required=True, help="folder prepare.sh filled")
    options.add_argument("--user", default="admin", help="login of h264-digest (admin)")
    arguments = options.parse_args()
    clips = find_clips(arguments.clips)
    password = os.environ.get("GST_CAMERA_PASSWORD", "secret")

    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(arguments.port)
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    auth.add_digest(arguments.user, password, token("user"))
    auth.set_default_token(token("anonymous"))
    server.set_auth(auth)
    for name, launch in MOUNTS.items():
        for clip, file in clips.items():
            launch = launch.replace("{" + clip + "}", '"' + file + '"')
        mount(server, name, launch)
    if server.attach(None) == 0:
        sys.exit(f"gst_camera.py: port {arguments.port} on 127.0.0.1 is taken")

    loop = GLib.MainLoop()
    for number in (signal.SIGTERM, signal.SIGINT):
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, number, loop.quit)
    # Sessions of clients that went away without a word.
    GLib.timeout_add_seconds(5, lambda: server.get_session_pool().cleanup() is not None)
    for name in MOUNTS:
        print(f"camera {name} rtsp://127.0.0.1:{server.get_bound_port()}/{name}")
    print("READY", flush=True)
    loop.run()


if __name__ == "__main__":
    main()

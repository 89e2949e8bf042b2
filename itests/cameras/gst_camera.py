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

# The sound of these is coded while it plays.
PCM = "{clip} ! qtdemux name=d d.video_0 ! queue ! {parse} d.audio_0 ! queue ! audioconvert ! audioresample "


def pcm(clip, parse, sound):
    """A clip with its picture as it is and its sound coded as told."""
    return PCM.replace("{clip}", "filesrc location={" + clip + "}").replace("{parse}", parse) + "! " + sound


H264 = "h264parse ! rtph264pay name=pay0 pt=96 config-interval=1"
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
    "h264-udp-only": H264_AAC,
    "h264-aggregated": "filesrc location={h264-aac} ! qtdemux ! queue ! h264parse "
    "! rtph264pay name=pay0 pt=96 config-interval=-1 aggregate-mode=max-stap mtu=1200",
    "h265": "filesrc location={h265-aac} ! qtdemux name=d "
    "d.video_0 ! queue ! h265parse ! rtph265pay name=pay0 pt=96 config-interval=1 "
    "d.audio_0 ! queue ! aacparse ! rtpmp4gpay name=pay1 pt=97",
    "mjpeg-pcma": pcm("mjpeg-pcm", "jpegparse ! rtpjpegpay name=pay0 pt=26", "alawenc ! rtppcmapay name=pay1 pt=8 max-ptime=20000000"),
    "h264-opus": pcm("h264-pcm", H264, "opusenc ! rtpopuspay name=pay1 pt=97"),
    "h264-latm": pcm("h264-pcm", H264, "avenc_aac ! aacparse ! rtpmp4apay name=pay1 pt=97"),
    "h264-g726": pcm("h264-pcm", H264, "avenc_g726 ! rtpg726pay name=pay1 pt=97 force-aal2=false max-ptime=20000000"),
    # A codec that no camera driver knows.
    "live-vp8": "videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=10/1 "
    "! videoconvert ! queue ! vp8enc deadline=1 ! rtpvp8pay name=pay0 pt=96",
}
# A login is wanted by a whole server, so each of these has the next port: PORT + 1, PORT + 2.
LOCKED_MOUNTS = {
    "h264-digest": (H264_AAC, GstRtsp.RTSPAuthMethod.DIGEST),
    "h264-basic": (H264_AAC, GstRtsp.RTSPAuthMethod.BASIC),
}


def find_clips(folder):
    """The newest clip of each name in the folder, as prepare.sh names them."""
    clips = {}
    for name in ("h264-aac", "h264-bframes-pcmu", "h265-aac", "h264-pcm", "mjpeg-pcm"):
        found = glob.glob(os.path.join(glob.escape(folder), name + "-*s.m*[4v]"))
        if not found:
            sys.exit(f"gst_camera.py: there is no {name}-*s clip in {folder}; run prepare.sh {folder} first")
        clips[name] = max(found, key=os.path.getmtime)
    return clips


def make_server(port):
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(port))
    # Sessions of clients that went away without a word.
    GLib.timeout_add_seconds(5, lambda: server.get_session_pool().cleanup() >= 0)
    return server


def require_login(server, method, user, password):
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(method)
    if method == GstRtsp.RTSPAuthMethod.DIGEST:
        auth.add_digest(user, password, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)


def mount(server, name, launch, clips):
    for clip, file in clips.items():
        launch = launch.replace("{" + clip + "}", '"' + file + '"')
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( {launch} )")
    # Each client of a file starts at its beginning; a live source is one for all.
    factory.set_shared(name.startswith("live-"))
    if name == "h264-udp-only":
        factory.set_protocols(GstRtsp.RTSPLowerTrans.UDP)
    if server.get_auth() is not None:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("user", "media.factory.access", True)
        permissions.add_permission_for_role("user", "media.factory.construct", True)
        factory.set_permissions(permissions)
    server.get_mount_points().add_factory("/" + name, factory)


def listen(server, port):
    if server.attach(None) == 0:
        sys.exit(f"gst_camera.py: port {port} on 127.0.0.1 is taken")


def main():
    options = argparse.ArgumentParser(description="Cameras of another make for the tests")
    options.add_argument("--port", type=int, default=18300, help="first of three TCP ports on loopback (18300)")
    options.add_argument("--clips", required=True, help="folder prepare.sh filled")
    options.add_argument("--user", default="admin", help="login of h264-digest and h264-basic (admin)")
    arguments = options.parse_args()
    clips = find_clips(arguments.clips)
    password = os.environ.get("GST_CAMERA_PASSWORD", "secret")

    Gst.init(None)
    streams = []
    port = arguments.port
    open_server = make_server(port)
    for name, launch in MOUNTS.items():
        mount(open_server, name, launch, clips)
        streams.append((name, port))
    listen(open_server, port)
    servers = [open_server]  # a server without a reference is closed
    for name, (launch, method) in LOCKED_MOUNTS.items():
        port += 1
        server = make_server(port)
        require_login(server, method, arguments.user, password)
        mount(server, name, launch, clips)
        listen(server, port)
        servers.append(server)
        streams.append((name, port))

    loop = GLib.MainLoop()
    for number in (signal.SIGTERM, signal.SIGINT):
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, number, loop.quit)
    for name, at in streams:
        print(f"camera {name} rtsp://127.0.0.1:{at}/{name}")
    print("READY", flush=True)
    loop.run()


if __name__ == "__main__":
    main()

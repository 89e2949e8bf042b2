// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.util.List;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.rtp.TrackFormat;

/** Writes the description of a stream (RFC 4566, RFC 2326 C.1). */
final class Sdp {
    private Sdp() {}

    /**
     * @param base scheme, host and port as the client wrote them
     * @param stream an address with a query is one of a vendor who names tracks by absolute URL
     */
    static String describe(String name, String base, StreamAddress stream, List<TrackFormat> tracks, FaultSet faults) {
        String uri = base + stream.path();
        boolean absolute =
                faults.has(FaultKind.ABSOLUTE_CONTROL) || !stream.query().isEmpty();
        StringBuilder sdp = new StringBuilder(1024);
        line(sdp, "v=0");
        line(sdp, "o=- " + Integer.toUnsignedString(uri.hashCode()) + " 1 IN IP4 127.0.0.1");
        line(sdp, "s=" + name);
        line(sdp, "c=IN IP4 0.0.0.0");
        line(sdp, "t=0 0");
        line(sdp, "a=range:npt=now-");
        line(sdp, "a=control:" + (absolute ? uri + stream.suffix() : "*"));
        int told = faults.has(FaultKind.SDP_WITHOUT_MEDIA) ? 0 : tracks.size();
        for (int i = 0; i < told; i++) {
            track(sdp, tracks.get(i), absolute ? stream.track(base, i) : "trackID=" + i, faults);
        }
        String text = faults.has(FaultKind.SDP_BROKEN) ? broken(sdp.toString()) : sdp.toString();
        return faults.has(FaultKind.ODD_HEADERS) ? text.replace("\r\n", "\n") : text;
    }

    private static String broken(String sdp) {
        return sdp.replaceAll("(?m)^m=(\\w+) \\d+ ", "m=$1 port ")
                .replaceAll("(?m)^a=rtpmap:\\d+ ", "a=rtpmap:type ")
                .replaceAll("(?m)^t=0 0", "no line at all")
                .replaceAll("/90000", "/ninety");
    }

    private static void track(StringBuilder sdp, TrackFormat format, String control, FaultSet faults) {
        int type = format.payloadType();
        boolean unknown = faults.has(FaultKind.UNSUPPORTED_CODEC) && format.isVideo();
        line(sdp, "m=" + format.media() + " 0 RTP/AVP " + type);
        line(sdp, "b=AS:" + format.bitrateKbps());
        line(sdp, "a=rtpmap:" + type + " " + (unknown ? "X-WAVELET3D/90000" : format.encoding()));
        if (!format.fmtp().isEmpty() && !unknown) {
            boolean sets = !format.parameterSets().isEmpty() && !faults.has(FaultKind.NO_PARAMETER_SETS);
            String sprop = sets ? ";sprop-parameter-sets=" + format.parameterSets() : "";
            line(sdp, "a=fmtp:" + type + " " + format.fmtp() + sprop);
        }
        if (format.isVideo()) {
            line(sdp, "a=framerate:" + (double) format.clockRate() / format.unitTicks());
        }
        line(sdp, "a=recvonly");
        line(sdp, "a=control:" + control);
    }

    private static void line(StringBuilder sdp, String line) {
        sdp.append(line).append("\r\n");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.Optional;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.FormatSource;
import org.nxvms.media.kit.nal.HevcParameterSets;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.Depacketizer;
import org.nxvms.media.kit.rtp.H264Depacketizer;
import org.nxvms.media.kit.rtp.H265Depacketizer;
import org.nxvms.media.kit.sdp.MediaSection;
import org.nxvms.media.kit.sdp.SessionDescription;

/**
 * The pictures of a recording, as its description has them.
 *
 * @param control where they are set up
 * @param source tells their format once the first has come
 */
record ReplayTrack(String control, int payloadType, int clockRate, Depacketizer depacketizer, FormatSource source) {

    /** The first track that is understood; sound and metadata are left where they are. */
    static ReplayTrack of(SessionDescription description, AccessUnitSink sink) throws DriverException {
        String others = "none";
        for (MediaSection section : description.media()) {
            Optional<MediaSection.RtpMap> map = section.rtpMap();
            if (section.kind().equals("video") && map.isPresent()) {
                String control = section.control().orElse("*");
                int type = map.get().type();
                int rate = map.get().clockRate();
                switch (map.get().encoding()) {
                    case "H264" -> {
                        AvcParameterSets sets = new AvcParameterSets();
                        sets.offerSprop(section.formatParameters(type).getOrDefault("sprop-parameter-sets", ""));
                        return new ReplayTrack(control, type, rate, new H264Depacketizer(sink, sets, true), sets);
                    }
                    case "H265", "HEVC" -> {
                        HevcParameterSets sets = new HevcParameterSets();
                        for (String name : List.of("sprop-vps", "sprop-sps", "sprop-pps")) {
                            sets.offerSprop(section.formatParameters(type).getOrDefault(name, ""));
                        }
                        return new ReplayTrack(control, type, rate, new H265Depacketizer(sink, sets, true), sets);
                    }
                    default -> others = map.get().encoding();
                }
            }
        }
        throw new DriverException(
                Kind.UNSUPPORTED,
                "The camera's recording has no pictures of H.264 or H.265 (" + DeviceHttp.words(others) + ").");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.List;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamRole;

/** What a device turned out to be. {@code durationMs} is the time the whole probe took. */
public record ProbeReport(DeviceIdentity identity, List<Stream> streams, long durationMs) {
    /**
     * One stream that was really opened.
     *
     * @param format tracks found
     * @param firstKeyFrameMs time from connecting to the first complete key frame
     */
    public record Stream(StreamRole role, String name, StreamFormat format, long firstKeyFrameMs) {}

    public ProbeReport {
        streams = List.copyOf(streams);
    }
}

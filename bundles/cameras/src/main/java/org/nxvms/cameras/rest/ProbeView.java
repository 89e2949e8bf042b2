// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.media.StreamRole;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.camera.ProbeReport;

/** What a tested camera turned out to be. */
@Schema(name = "ProbeReport")
public record ProbeView(Identity identity, List<Stream> streams, long durationMs) {
    /** Who the device says it is; empty where it does not say. */
    @Schema(name = "DeviceIdentity")
    public record Identity(String manufacturer, String model, String firmware, String serialNumber, String macAddress) {
        static Identity of(DeviceIdentity who) {
            return new Identity(who.manufacturer(), who.model(), who.firmware(), who.serialNumber(), who.macAddress());
        }
    }

    /** One stream that was opened up to its first key frame. */
    @Schema(name = "ProbedStream")
    public record Stream(
            @Schema(
                            type = "string",
                            allowableValues = {"main", "sub"})
                    StreamRole role,
            String name,
            String codecs,
            int width,
            int height,
            OptionalDouble frameRate,
            boolean hasAudio,
            long firstKeyFrameMs) {}

    static ProbeView of(ProbeReport report) {
        return new ProbeView(
                Identity.of(report.identity()),
                report.streams().stream().map(ProbeView::stream).toList(),
                report.durationMs());
    }

    private static Stream stream(ProbeReport.Stream stream) {
        Optional<TrackFormat> video = stream.format().video();
        return new Stream(
                stream.role(),
                stream.name(),
                stream.format().codecs(),
                video.map(TrackFormat::width).orElse(0),
                video.map(TrackFormat::height).orElse(0),
                CameraView.frameRate(video),
                stream.format().tracks().stream().anyMatch(TrackFormat::isAudio),
                stream.firstKeyFrameMs());
    }
}

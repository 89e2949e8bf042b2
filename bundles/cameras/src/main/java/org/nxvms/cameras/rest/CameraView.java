// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.nxvms.cameras.book.SealedSettings;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamRole;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.DeviceFacts;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.ingest.IngestLink;
import org.nxvms.platform.api.security.Permission;

/**
 * A camera as it is given out. Where it is and how to log in is left out for callers who may watch but
 * not see the configuration.
 */
@Schema(name = "Camera")
public record CameraView(
        UUID id,
        long version,
        String name,
        String driver,
        Optional<String> address,
        Optional<String> subAddress,
        Optional<String> username,
        boolean hasPassword,
        boolean enabled,
        Optional<String> group,
        @Schema(description = "Of the driver; without its secrets") Map<String, String> settings,
        @Schema(description = "Names of the driver's secrets that are set; left out when none is")
                Optional<List<String>> secretSettings,
        UUID serverId,
        Recording recording,
        Instant created,
        Instant updated,
        @Schema(description = "What the caller may do with this camera") List<Permission> permissions,
        Optional<Status> status) {

    /** What is recorded. */
    @Schema(name = "Recording")
    public record Recording(
            @Schema(
                            type = "string",
                            allowableValues = {"continuous", "scheduled", "event", "manual", "off"})
                    RecordingSettings.Mode mode,
            @Schema(allowableValues = {"main", "sub"}) List<StreamRole> streams,
            int retentionDaysMax,
            @Schema(description = "Left out when all streams have the same mode")
                    Optional<Map<String, RecordingSettings.Mode>> streamModes,
            Optional<ScheduleBody> schedule,
            List<String> eventKinds,
            int preBufferSeconds,
            int postBufferSeconds,
            int retentionDaysMin,
            List<String> volumes,
            List<String> backup,
            @Schema(description = "Whether gaps are filled with what the camera has recorded itself")
                    boolean fillGaps) {
        static Recording of(RecordingSettings settings) {
            Map<String, RecordingSettings.Mode> modes = new TreeMap<>();
            settings.streamModes().forEach((role, mode) -> modes.put(role.id(), mode));
            return new Recording(
                    settings.mode(),
                    settings.streams().stream().sorted().toList(),
                    settings.retentionDaysMax(),
                    Optional.of(modes).filter(some -> !some.isEmpty()),
                    settings.schedule().map(ScheduleBody::of),
                    settings.trigger().kinds().stream().sorted().toList(),
                    settings.trigger().preBufferSeconds(),
                    settings.trigger().postBufferSeconds(),
                    settings.retentionDaysMin(),
                    settings.volumes(),
                    settings.backup(),
                    settings.fillGaps());
        }
    }

    /** How a camera fares. */
    @Schema(name = "CameraStatus")
    public record Status(
            @Schema(type = "string") CameraStatus.State state,
            @Schema(type = "string") Optional<GapCause> cause,
            Optional<String> detail,
            Instant since,
            boolean driverPresent,
            List<Stream> streams,
            @Schema(description = "What its driver said of it at the last contact; left out before")
                    Optional<Device> device) {
        /** @param configuration whether the caller may see which device it is */
        static Status of(CameraStatus status, boolean configuration) {
            return new Status(
                    status.state(),
                    status.cause(),
                    sentence(status.detail()),
                    status.since(),
                    status.driverPresent(),
                    status.streams().stream().map(Stream::of).toList(),
                    status.device().map(facts -> Device.of(facts, configuration)));
        }
    }

    /** What a driver says of a device. */
    @Schema(name = "CameraDevice")
    public record Device(
            String driverVersion,
            Optional<ProbeView.Identity> identity,
            @Schema(description = "Control functions: ptz, ptz_presets, ptz_tours, events, io, snapshot, clock, reboot")
                    List<String> capabilities) {
        static Device of(DeviceFacts facts, boolean configuration) {
            return new Device(
                    facts.driverVersion(),
                    Optional.of(ProbeView.Identity.of(facts.identity())).filter(who -> configuration),
                    facts.capabilities());
        }
    }

    /** How one stream fares. */
    @Schema(name = "StreamStatus")
    public record Stream(
            @Schema(
                            type = "string",
                            allowableValues = {"main", "sub"})
                    StreamRole role,
            String name,
            @Schema(type = "string") CameraStatus.State state,
            @Schema(type = "string") Optional<GapCause> cause,
            Optional<String> detail,
            Optional<String> codecs,
            OptionalInt width,
            OptionalInt height,
            OptionalDouble frameRate,
            long bitrateBps,
            double framesPerSecond,
            Optional<Instant> lastFrame,
            @Schema(
                            type = "string",
                            allowableValues = {"tcp", "udp", "multicast", "http"})
                    Optional<String> transport,
            @Schema(description = "How much too fast the camera's clock runs, in parts per million")
                    OptionalDouble clockSkewPpm,
            @Schema(description = "How far the camera's own clock is ahead of the server's")
                    OptionalLong cameraClockOffsetMs) {
        static Stream of(CameraStatus.Stream stream) {
            Optional<TrackFormat> video = stream.format().flatMap(StreamFormat::video);
            return new Stream(
                    stream.role(),
                    stream.name(),
                    stream.state(),
                    stream.cause(),
                    sentence(stream.detail()),
                    stream.format().map(StreamFormat::codecs),
                    video.map(v -> OptionalInt.of(v.width())).orElse(OptionalInt.empty()),
                    video.map(v -> OptionalInt.of(v.height())).orElse(OptionalInt.empty()),
                    CameraView.frameRate(video),
                    stream.bitrateBps(),
                    stream.framesPerSecond(),
                    stream.lastFrame(),
                    stream.link().map(link -> link.transport().name().toLowerCase(Locale.ROOT)),
                    stream.link()
                            .map(link -> OptionalDouble.of(Math.round(link.skewPpm() * 10) / 10.0))
                            .orElse(OptionalDouble.empty()),
                    stream.link().map(IngestLink::cameraOffsetMs).orElse(OptionalLong.empty()));
        }
    }

    static OptionalDouble frameRate(Optional<TrackFormat> video) {
        return video.filter(v -> v.frameRate() > 0)
                .map(v -> OptionalDouble.of(v.frameRate()))
                .orElse(OptionalDouble.empty());
    }

    private static Optional<String> sentence(String detail) {
        return Optional.of(detail).filter(text -> !text.isEmpty());
    }

    /**
     * @param permissions of the caller on the camera; by the one to see the configuration it is told where the camera is and
     *     how to log in
     */
    static CameraView of(Camera camera, Optional<CameraStatus> status, List<Permission> permissions) {
        boolean configuration = permissions.contains(Permission.VIEW_CONFIGURATION);
        return new CameraView(
                camera.id(),
                camera.version(),
                camera.name(),
                camera.driver(),
                Optional.of(camera.address().toString()).filter(a -> configuration),
                camera.subAddress().map(Object::toString).filter(a -> configuration),
                camera.username().filter(u -> configuration),
                camera.hasPassword(),
                camera.enabled(),
                camera.group(),
                configuration ? SealedSettings.readable(camera.settings()) : Map.of(),
                Optional.of(SealedSettings.names(camera.settings())).filter(names -> configuration && !names.isEmpty()),
                camera.serverId(),
                Recording.of(camera.recording()),
                camera.created(),
                camera.updated(),
                permissions,
                status.map(now -> Status.of(now, configuration)));
    }
}

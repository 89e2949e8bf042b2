// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.util.Objects;

/**
 * How one camera is set up.
 *
 * @param auth login wanted by the camera
 * @param user login name, without a colon
 * @param password login password
 * @param audio sound in both streams
 * @param phaseMs how much later than others the camera shows a frame of the loop: frame {@code k} is captured when
 *     {@code (epochMs - phaseMs) mod loopMs == k * frameMs}
 * @param clockOffsetMs error of the camera's own clock, as its sender reports tell it; does not move the pictures
 * @param clockPpm how much too fast the camera's clock runs, -100000..100000 parts per million
 * @param packetsPerMs 0: a picture leaves at once; else at most so many packets a millisecond, as on a slower line
 * @param sessionTimeoutSeconds silence after which a session is closed, 1..3600
 * @param metadata whether its streams carry ONVIF metadata
 */
public record CameraSettings(
        AuthScheme auth,
        String user,
        String password,
        AudioCodec audio,
        long phaseMs,
        long clockOffsetMs,
        int clockPpm,
        int packetsPerMs,
        int sessionTimeoutSeconds,
        Metadata metadata) {
    public static final CameraSettings DEFAULT =
            new CameraSettings(AuthScheme.NONE, "admin", "simulator", AudioCodec.AAC, 0, 0, 0, 0, 60, Metadata.NONE);

    public CameraSettings {
        Objects.requireNonNull(auth, "auth");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(audio, "audio");
        Objects.requireNonNull(metadata, "metadata");
        require(!user.contains(":"), "user must not contain a colon");
        require(phaseMs >= 0, "phaseMs must not be negative");
        require(Math.abs((long) clockPpm) <= 100_000, "clockPpm must be in -100000..100000");
        require(packetsPerMs >= 0 && packetsPerMs <= 1000, "packetsPerMs must be in 0..1000");
        require(
                sessionTimeoutSeconds >= 1 && sessionTimeoutSeconds <= 3600,
                "sessionTimeoutSeconds must be in 1..3600");
    }

    public CameraSettings withLogin(AuthScheme newAuth, String newUser, String newPassword) {
        return new CameraSettings(
                newAuth,
                newUser,
                newPassword,
                audio,
                phaseMs,
                clockOffsetMs,
                clockPpm,
                packetsPerMs,
                sessionTimeoutSeconds,
                metadata);
    }

    public CameraSettings withAudio(AudioCodec newAudio) {
        return new CameraSettings(
                auth,
                user,
                password,
                newAudio,
                phaseMs,
                clockOffsetMs,
                clockPpm,
                packetsPerMs,
                sessionTimeoutSeconds,
                metadata);
    }

    public CameraSettings withPhaseMs(long newPhaseMs) {
        return new CameraSettings(
                auth,
                user,
                password,
                audio,
                newPhaseMs,
                clockOffsetMs,
                clockPpm,
                packetsPerMs,
                sessionTimeoutSeconds,
                metadata);
    }

    public CameraSettings withClock(long newOffsetMs, int newPpm) {
        return new CameraSettings(
                auth,
                user,
                password,
                audio,
                phaseMs,
                newOffsetMs,
                newPpm,
                packetsPerMs,
                sessionTimeoutSeconds,
                metadata);
    }

    public CameraSettings withPacketsPerMs(int newPacketsPerMs) {
        return new CameraSettings(
                auth,
                user,
                password,
                audio,
                phaseMs,
                clockOffsetMs,
                clockPpm,
                newPacketsPerMs,
                sessionTimeoutSeconds,
                metadata);
    }

    public CameraSettings withSessionTimeoutSeconds(int newTimeoutSeconds) {
        return new CameraSettings(
                auth,
                user,
                password,
                audio,
                phaseMs,
                clockOffsetMs,
                clockPpm,
                packetsPerMs,
                newTimeoutSeconds,
                metadata);
    }

    public CameraSettings withMetadata(Metadata newMetadata) {
        return new CameraSettings(
                auth,
                user,
                password,
                audio,
                phaseMs,
                clockOffsetMs,
                clockPpm,
                packetsPerMs,
                sessionTimeoutSeconds,
                newMetadata);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException("camera settings: " + message);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.rendition.RenditionStatus;
import org.nxvms.platform.api.rendition.Renditions;
import org.nxvms.rest.kit.live.LiveStreams;
import org.nxvms.rest.kit.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the registry says of a camera, for who wants to watch it. The registry may be away: null. */
final class Cameras {
    private static final Logger LOG = LoggerFactory.getLogger(Cameras.class);

    private static final String ENCODING_WAY_OUT =
            " Try again in a moment, or watch the stream as the camera sends it.";

    private Cameras() {}

    /** @throws org.nxvms.rest.kit.problem.ProblemException 404 when the registry says that there is no such camera */
    static void requireKnown(CameraRegistry cameras, UUID camera) {
        if (KnownCameras.isNotConfigured(cameras, camera)) {
            throw Problem.noCamera(camera).exception();
        }
    }

    /**
     * {@return why nothing comes of a stream} What has no place among the encodings does not come, whatever the camera does; else the
     * registry knows most, the end of the last run less.
     */
    static String why(CameraRegistry cameras, Renditions renditions, Feed feed) {
        Optional<RenditionStatus> made = LiveStreams.status(renditions, feed.key().stream());
        Optional<String> encoding = made.flatMap(LiveStreams::waitsFor);
        if (made.filter(status -> status.state() == RenditionStatus.State.WAITING)
                .isPresent()) {
            return encoding.orElseThrow() + ENCODING_WAY_OUT;
        }
        Optional<String> camera = whyCamera(cameras, feed);
        if (camera.isEmpty() && encoding.isPresent()) {
            return encoding.get() + ENCODING_WAY_OUT;
        }
        return camera.orElse(feed.detail().isEmpty() ? "Nothing arrives from the camera at the moment." : feed.detail())
                + " Try again when it sends.";
    }

    private static Optional<String> whyCamera(CameraRegistry cameras, Feed feed) {
        StreamRole role = feed.key().stream().role();
        Optional<CameraStatus> status = status(cameras, feed.key().stream().cameraId());
        Optional<CameraStatus.Stream> known = status.flatMap(s ->
                s.streams().stream().filter(stream -> stream.role() == role).findFirst());
        if (known.isPresent() && known.get().cause().isPresent()) {
            return Optional.of(known.get().detail());
        }
        if (status.isPresent() && status.get().cause().isPresent()) {
            return Optional.of(status.get().detail());
        }
        if (status.isPresent() && status.get().state() == CameraStatus.State.DISABLED) {
            return Optional.of("The camera is switched off.");
        }
        return status.isPresent() && known.isEmpty() && !status.get().streams().isEmpty()
                ? Optional.of("The camera has no " + role.id() + " stream.")
                : Optional.empty();
    }

    private static Optional<CameraStatus> status(CameraRegistry cameras, UUID camera) {
        try {
            return cameras == null ? Optional.empty() : cameras.status(camera);
        } catch (StoreException e) {
            LOG.debug("The registry has not read its cameras yet", e);
            return Optional.empty();
        }
    }
}

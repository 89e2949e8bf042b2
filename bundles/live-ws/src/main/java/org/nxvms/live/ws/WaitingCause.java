// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.rendition.RenditionStatus;
import org.nxvms.platform.api.rendition.Renditions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why nothing comes, as far as anybody knows. The pump's thread. */
final class WaitingCause {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingCause.class);

    private final LivePump.Services services;

    WaitingCause(LivePump.Services services) {
        this.services = services;
    }

    private static Optional<CameraStatus> status(CameraRegistry cameras, UUID camera) {
        try {
            return cameras == null ? Optional.empty() : cameras.status(camera);
        } catch (StoreException e) {
            LOG.debug("The registry has not read its cameras yet", e);
            return Optional.empty();
        }
    }

    /** The registry knows most, the end of the last run less, and sometimes nobody knows. */
    void tell(Viewer viewer, Feed wanted) {
        CameraRegistry cameras = services.cameras().get();
        Optional<CameraStatus> status = status(cameras, viewer.cameraId());
        StreamRole role = wanted.stream().role();
        Optional<CameraStatus.Stream> known = status.flatMap(s ->
                s.streams().stream().filter(stream -> stream.role() == role).findFirst());
        if (known.isPresent() && known.get().cause().isPresent()) {
            viewer.tellWaiting(lower(known.get().cause().get()), known.get().detail());
        } else if (status.isPresent() && status.get().cause().isPresent()) {
            viewer.tellWaiting(lower(status.get().cause().get()), status.get().detail());
        } else if (status.isPresent() && status.get().state() == CameraStatus.State.DISABLED) {
            viewer.tellWaiting("not_scheduled", "The camera is switched off.");
        } else if (status.isPresent()
                && known.isEmpty()
                && !status.get().streams().isEmpty()) {
            viewer.tellWaiting("unsupported", "The camera has no " + role.id() + " stream.");
        } else if (!madeOf(wanted.stream()).isEmpty()) {
            viewer.tellWaiting("stream_stalled", madeOf(wanted.stream()));
        } else if (!wanted.cause().isEmpty()) {
            viewer.tellWaiting(wanted.cause(), wanted.detail());
        } else {
            viewer.tellWaiting("stream_stalled", "Nothing arrives from the camera at the moment.");
        }
    }

    /** {@return what a stream that is encoded anew waits for; empty for others, and when it is not known} */
    private String madeOf(StreamId stream) {
        Renditions renditions = stream.rendition() ? services.renditions().get() : null;
        return renditions == null
                ? ""
                : renditions.statuses().stream()
                        .filter(status -> status.stream().equals(stream))
                        .map(RenditionStatus::detail)
                        .findFirst()
                        .orElse("");
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}

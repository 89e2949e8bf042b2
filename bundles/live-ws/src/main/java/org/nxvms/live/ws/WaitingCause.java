// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.rendition.RenditionStatus;
import org.nxvms.rest.kit.live.LiveStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why nothing comes, as far as anybody knows. The pump's thread. */
final class WaitingCause {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingCause.class);

    /** The camera may well send: what is missing is a process that encodes, or its first picture. */
    private static final String ENCODING = "waiting_for_encoding";

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

    /**
     * What has no place among the encodings does not come, whatever the camera does. Else the registry knows most, the end of the
     * last run less, and sometimes nobody knows.
     */
    void tell(Viewer viewer, Feed wanted) {
        Optional<RenditionStatus> made =
                LiveStreams.status(services.renditions().get(), wanted.stream());
        if (made.filter(status -> status.state() == RenditionStatus.State.WAITING)
                .isPresent()) {
            viewer.tellWaiting(ENCODING, LiveStreams.waitsFor(made.get()).orElseThrow());
            return;
        }
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
        } else if (made.flatMap(LiveStreams::waitsFor).isPresent()) {
            viewer.tellWaiting(
                    cause(made.get(), wanted), LiveStreams.waitsFor(made.get()).get());
        } else if (!wanted.cause().isEmpty()) {
            viewer.tellWaiting(wanted.cause(), wanted.detail());
        } else {
            viewer.tellWaiting("stream_stalled", "Nothing arrives from the camera at the moment.");
        }
    }

    private static String cause(RenditionStatus made, Feed wanted) {
        if (made.state() == RenditionStatus.State.STARTING && made.detail().isEmpty()) {
            return ENCODING;
        }
        return wanted.cause().isEmpty() ? "stream_stalled" : wanted.cause();
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}

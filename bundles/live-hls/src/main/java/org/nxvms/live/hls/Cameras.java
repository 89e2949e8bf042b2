// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.rest.kit.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the registry says of a camera, for who wants to watch it. The registry may be away: null. */
final class Cameras {
    private static final Logger LOG = LoggerFactory.getLogger(Cameras.class);

    private Cameras() {}

    /** @throws org.nxvms.rest.kit.problem.ProblemException 404 when the registry says that there is no such camera */
    static void requireKnown(CameraRegistry cameras, UUID camera) {
        try {
            if (cameras != null && cameras.find(camera).isEmpty()) {
                throw Problem.noCamera(camera).exception();
            }
        } catch (StoreException e) {
            LOG.debug("The registry has not read its cameras yet", e);
        }
    }

    /** {@return why nothing comes of a stream: the registry knows most, the end of the last run less} */
    static String why(CameraRegistry cameras, Feed feed) {
        StreamRole role = feed.key().stream().role();
        Optional<CameraStatus> status = status(cameras, feed.key().stream().cameraId());
        Optional<CameraStatus.Stream> known = status.flatMap(s ->
                s.streams().stream().filter(stream -> stream.role() == role).findFirst());
        String detail = "Nothing arrives from the camera at the moment.";
        if (known.isPresent() && known.get().cause().isPresent()) {
            detail = known.get().detail();
        } else if (status.isPresent() && status.get().cause().isPresent()) {
            detail = status.get().detail();
        } else if (status.isPresent() && status.get().state() == CameraStatus.State.DISABLED) {
            detail = "The camera is switched off.";
        } else if (status.isPresent()
                && known.isEmpty()
                && !status.get().streams().isEmpty()) {
            detail = "The camera has no " + role.id() + " stream.";
        } else if (!feed.detail().isEmpty()) {
            detail = feed.detail();
        }
        return detail + " Try again when it sends.";
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

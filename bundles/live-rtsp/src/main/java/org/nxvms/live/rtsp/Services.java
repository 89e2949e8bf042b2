// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.rendition.RenditionRefusedException;
import org.nxvms.platform.api.rendition.Renditions;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.KeySignIn;
import org.nxvms.platform.api.security.Permission;

/** What is asked of the rest of the server; each answers null while it is away. */
record Services(
        Supplier<StreamHub> hub,
        Supplier<AccessGuard> guard,
        Supplier<KeySignIn> keys,
        Supplier<CameraRegistry> cameras,
        Supplier<Archive> archive,
        Supplier<AuditTrail> audit,
        Supplier<Renditions> renditions) {
    private static final int RETRY_S = 2;
    /** A process starts and a key frame comes within that, or the queue is long. */
    private static final int RENDITION_MS_MAX = 8_000;

    /** Without streams that are encoded anew. */
    Services(
            Supplier<StreamHub> hub,
            Supplier<AccessGuard> guard,
            Supplier<KeySignIn> keys,
            Supplier<CameraRegistry> cameras,
            Supplier<Archive> archive,
            Supplier<AuditTrail> audit) {
        this(hub, guard, keys, cameras, archive, audit, () -> null);
    }

    /** Without an audit, too. */
    Services(
            Supplier<StreamHub> hub,
            Supplier<AccessGuard> guard,
            Supplier<KeySignIn> keys,
            Supplier<CameraRegistry> cameras,
            Supplier<Archive> archive) {
        this(hub, guard, keys, cameras, archive, () -> null, () -> null);
    }

    KeySignIn presentKeys() throws Refusal {
        return present(keys, "Who is calling");
    }

    AccessGuard presentGuard() throws Refusal {
        return present(guard, "Whether it is allowed");
    }

    StreamHub presentHub() throws Refusal {
        return present(hub, "What is live");
    }

    Archive presentArchive() throws Refusal {
        return present(archive, "What is recorded");
    }

    /** Has a stream encoded anew that a user asks for so, and waits for its first picture. */
    void await(StreamId stream, UUID userId) throws Refusal {
        if (!stream.rendition()) {
            return;
        }
        try {
            present(renditions, "Whether a stream can be encoded anew").await(stream, userId, RENDITION_MS_MAX);
        } catch (RenditionRefusedException e) {
            throw e.retryAfterSeconds() == 0
                    ? Refusal.notFound(e.getMessage())
                    : Refusal.unavailable(e.getMessage(), e.retryAfterSeconds());
        }
    }

    private static <T> T present(Supplier<T> service, String what) throws Refusal {
        T now = service.get();
        if (now == null) {
            throw Refusal.unavailable(what + " cannot be told at the moment. Try again.", RETRY_S);
        }
        return now;
    }

    /** {@return whether a target is of no camera: what is live needs one that is configured, footage outlives it} */
    boolean isOfNoCamera(Target target) {
        UUID camera = target.stream().cameraId();
        return target.recorded()
                ? new KnownCameras(cameras, archive).isUnknown(camera)
                : KnownCameras.isNotConfigured(cameras.get(), camera);
    }

    static boolean may(AccessGuard guard, AuthenticatedUser user, Permission permission, UUID camera) {
        try {
            guard.require(user, permission, Optional.of(camera));
            return true;
        } catch (AccessDeniedException e) {
            return false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AuthenticatedUser;

/** Who was sent which footage, for the audit: noted when playing begins, and how far it came when it ends. Any thread. */
final class Viewings {
    private static final String WAY = "rtsp";

    private final Services services;
    private final String address;

    /** @param address of the client */
    Viewings(Services services, String address) {
        this.services = services;
        this.address = address;
    }

    /** Somebody who may is sent footage. */
    void begun(AuthenticatedUser user, UUID camera, long fromUs) {
        viewed(user, camera, fromUs, Optional.empty());
    }

    /** No more of it is sent. */
    void ended(AuthenticatedUser user, UUID camera, Session.Sent sent) {
        viewed(user, camera, sent.fromUs(), Optional.of(instant(sent.toUs())));
    }

    private void viewed(AuthenticatedUser user, UUID camera, long fromUs, Optional<Instant> to) {
        AuditTrail trail = services.audit().get();
        if (trail != null) {
            trail.noteOften(
                    AuditNote.footageViewed(AuditNote.Actor.of(user, address), camera, WAY, instant(fromUs), to));
        }
    }

    /** Somebody may not be sent it. */
    void refused(AuthenticatedUser user, UUID camera) {
        AuditTrail trail = services.audit().get();
        if (trail != null) {
            trail.note(AuditNote.footageRefused(AuditNote.Actor.of(user, address), camera, WAY));
        }
    }

    private static Instant instant(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS).truncatedTo(ChronoUnit.MILLIS);
    }
}

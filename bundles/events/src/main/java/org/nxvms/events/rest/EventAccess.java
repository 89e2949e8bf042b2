// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.security.Permission;

/**
 * Who may see which event: those of a camera by the right on that camera, those of users by the right to manage them, all
 * others by the right to see the server's health. What only tells consoles to look again is for all who follow events.
 */
final class EventAccess {
    private EventAccess() {}

    /** @param may asks for a right on a camera, or on the server when there is none */
    static boolean visible(Event event, BiPredicate<Permission, Optional<UUID>> may) {
        Optional<UUID> camera = event.cameraId();
        if (camera.isPresent()) {
            return may.test(Permission.VIEW_EVENTS, camera);
        }
        if (event.kind().equals(EventKinds.CONSOLE_EXTENSIONS_CHANGED)) {
            // It says nothing but that each may look what there is for it.
            return true;
        }
        boolean ofUser = event.source().type() == EventSource.Type.USER;
        return may.test(ofUser ? Permission.MANAGE_USERS : Permission.VIEW_HEALTH, Optional.empty());
    }
}

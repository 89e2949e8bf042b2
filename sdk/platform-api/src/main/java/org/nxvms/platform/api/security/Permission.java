// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

/** What can be allowed. More follow in minor versions; unknown ones are denied. */
public enum Permission {
    VIEW_LIVE(true),
    VIEW_ARCHIVE(true),
    /** Hear what a camera hears, live and recorded. */
    LISTEN(true),
    /** Speak through a camera. */
    TALK(true),
    /** Move cameras, use their presets and tours. */
    CONTROL_PTZ(true),
    /** See how a camera makes its picture, let it focus or wipe its window. */
    CONTROL_IMAGING(true),
    /** Switch a device's outputs. */
    CONTROL_IO(true),
    /** Start and stop recordings by hand. */
    CONTROL_RECORDING(true),
    /** Hold footage against retention, and let go of it. */
    LOCK_EVIDENCE(true),
    /** Take footage along as files that stand for themselves. */
    EXPORT(true),
    /** Set bookmarks, change and remove them; whoever may see the footage reads them. */
    BOOKMARK(true),
    /** Remove footage before its time. */
    DELETE_FOOTAGE(true),
    VIEW_EVENTS(true),
    RAISE_EVENTS(true),
    VIEW_CONFIGURATION(true),
    MANAGE_CAMERAS(true),
    /** Users, their roles and grants, sessions and keys; nobody gives away what is not the own. */
    MANAGE_USERS(false),
    MANAGE_STORAGE(false),
    MANAGE_PLUGINS(false),
    /** Connections to other systems, which are told of all cameras. */
    MANAGE_WEBHOOKS(false),
    /** Let others have a layout of walls, and change what they have. */
    SHARE_LAYOUTS(false),
    /** How the server and its parts fare, figures included. */
    VIEW_HEALTH(false),
    /** Read who did what. */
    VIEW_AUDIT(false),
    /** Take all that the server knows away in a file: rows, settings and keys. */
    MAKE_BACKUPS(false);

    private final boolean ofCamera;

    Permission(boolean ofCamera) {
        this.ofCamera = ofCamera;
    }

    /**
     * {@return whether it is asked for single cameras}; who has any such right on a camera may know that it is there. The
     * others are asked for the server as a whole, so that granting them at a group or a camera does nothing.
     */
    public boolean isOfCamera() {
        return ofCamera;
    }
}

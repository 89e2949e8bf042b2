// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

/** What can be allowed. More follow in minor versions; unknown ones are denied. */
public enum Permission {
    VIEW_LIVE,
    VIEW_ARCHIVE,
    VIEW_CONFIGURATION,
    MANAGE_CAMERAS,
    MANAGE_USERS,
    MANAGE_STORAGE,
    MANAGE_PLUGINS,
    VIEW_HEALTH,
    VIEW_EVENTS,
    RAISE_EVENTS,
    /** Start and stop recordings by hand. */
    CONTROL_RECORDING,
    /** Move cameras, switch their outputs. */
    CONTROL_CAMERA,
    /** Read who did what. */
    VIEW_AUDIT
}

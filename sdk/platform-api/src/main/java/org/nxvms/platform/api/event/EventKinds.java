// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import static org.nxvms.platform.api.event.EventSeverity.CRITICAL;
import static org.nxvms.platform.api.event.EventSeverity.INFO;
import static org.nxvms.platform.api.event.EventSeverity.WARNING;
import static org.nxvms.platform.api.event.EventSpan.Form.PULSE;
import static org.nxvms.platform.api.event.EventSpan.Form.STATE;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The server's own vocabulary. Kinds are stored by name: one is never renamed, and its meaning never changes. */
public final class EventKinds {
    /** A stream does not arrive. Source: stream. */
    public static final String STREAM_DOWN = "stream.down";
    /** Footage is missing for more than two seconds. Source: stream; correlation: the gap's id. */
    public static final String RECORDING_GAP = "recording.gap";
    /** A user removed footage before its time. Source: camera. */
    public static final String RECORDING_DELETED = "recording.deleted";
    /** A volume had no room, and footage went before its retention was over. Source: volume; once an hour at most. */
    public static final String RECORDING_REMOVED_EARLY = "recording.removed_early";
    /** A volume takes no footage. Source: volume. */
    public static final String VOLUME_UNAVAILABLE = "volume.unavailable";
    /** A volume came. Source: volume. */
    public static final String VOLUME_ADDED = "volume.added";
    /** A volume is no longer configured. Source: volume. */
    public static final String VOLUME_REMOVED = "volume.removed";

    public static final String CAMERA_ADDED = "camera.added";
    public static final String CAMERA_CHANGED = "camera.changed";
    public static final String CAMERA_REMOVED = "camera.removed";
    /** A camera's driver is not installed; it records on its last known streams. Source: camera. */
    public static final String CAMERA_DRIVER_MISSING = "camera.driver_missing";
    /** A camera refuses its credentials. Source: camera. */
    public static final String CAMERA_UNAUTHORIZED = "camera.unauthorized";
    /** A camera came back at another address and is recorded there. Source: camera. */
    public static final String CAMERA_MOVED = "camera.moved";
    /** Something moves. Source: camera. */
    public static final String CAMERA_MOTION = "camera.motion";
    /** A digital input is on. Source: camera, part {@code input/N}. */
    public static final String CAMERA_INPUT = "camera.input";
    /** The camera was covered, turned or defocused. Source: camera. */
    public static final String CAMERA_TAMPER = "camera.tamper";
    /** Somebody asks for attention at a camera: a button, an operator, an integration. Source: camera. */
    public static final String CAMERA_MANUAL = "camera.manual";
    /** Somebody changed how a camera makes its picture. Source: camera. */
    public static final String CAMERA_IMAGING_CHANGED = "camera.imaging_changed";
    /** Somebody talks through a camera. Source: camera. */
    public static final String CAMERA_TALK = "camera.talk";

    /** Somebody set a bookmark. Source: each of its cameras; correlation: the bookmark's id; likewise for the next two. */
    public static final String BOOKMARK_ADDED = "bookmark.added";
    /** Somebody changed a bookmark. */
    public static final String BOOKMARK_CHANGED = "bookmark.changed";
    /** Somebody removed a bookmark; the footage is there as before. */
    public static final String BOOKMARK_REMOVED = "bookmark.removed";

    public static final String DRIVER_INSTALLED = "driver.installed";
    public static final String DRIVER_REMOVED = "driver.removed";
    /** Another version serves all cameras of a driver. Source: driver. */
    public static final String DRIVER_PROMOTED = "driver.promoted";
    /** Cameras went back to the version before. Source: driver. */
    public static final String DRIVER_ROLLED_BACK = "driver.rolled_back";

    /** A plugin came. Source: server, part {@code plugin/NAME}; likewise for the other kinds of plugins. */
    public static final String PLUGIN_INSTALLED = "plugin.installed";
    /** Another version of a plugin serves, newer or older. */
    public static final String PLUGIN_UPDATED = "plugin.updated";
    /** An administrator took a plugin out of the running server; it is kept. */
    public static final String PLUGIN_DISABLED = "plugin.disabled";
    /** A disabled plugin serves again. */
    public static final String PLUGIN_ENABLED = "plugin.enabled";

    public static final String PLUGIN_REMOVED = "plugin.removed";
    /** An operation on a plugin was refused or broke off, or a plugin does not come up. */
    public static final String PLUGIN_FAILED = "plugin.failed";
    /** Plugins that a certificate's owner signed are taken from now on. Source: server, part {@code plugin}. */
    public static final String PLUGIN_TRUSTED = "plugin.trusted";
    /** They are not taken any more. */
    public static final String PLUGIN_DISTRUSTED = "plugin.distrusted";

    /** What plugins add to the web console is not what it was. Source: server, part {@code console}; seen by all who follow events. */
    public static final String CONSOLE_EXTENSIONS_CHANGED = "console.extensions.changed";

    /** A user was added. Source: user. */
    public static final String USER_ADDED = "user.added";
    /** What a user may do was changed. Source: user. */
    public static final String USER_CHANGED = "user.changed";
    /** A user was removed. Source: user. */
    public static final String USER_REMOVED = "user.removed";

    public static final String SERVER_STARTED = "server.started";
    public static final String SERVER_STOPPED = "server.stopped";
    /** A part of the server is not well. Source: server, part the check's name. */
    public static final String SERVER_PART_UNWELL = "server.part_unwell";

    /** Events found no place and were dropped. Source: server. */
    public static final String EVENTS_DROPPED = "events.dropped";
    /** Events were delivered but could not be kept: no database, and the spool is full. Source: server. */
    public static final String EVENTS_NOT_STORED = "events.not_stored";

    /** First words that only the server itself uses; a plugin's kinds begin otherwise. */
    public static final Set<String> FAMILIES = Set.of(
            "alarm",
            "analytics",
            "audit",
            "bookmark",
            "camera",
            "console",
            "driver",
            "events",
            "export",
            "plugin",
            "recording",
            "rule",
            "server",
            "storage",
            "stream",
            "user",
            "volume");

    private static final Map<String, String> CAUSE =
            Map.of("cause", "why, as in gaps: camera_unreachable, disk_full ...");
    private static final Map<String, String> NAME = Map.of("name", "what people called it then");

    private static final Map<String, String> BOOKMARK = Map.of(
            "user", "who",
            "bookmark", "its id",
            "from", "the moment, or the first of a stretch of time",
            "to", "its end; the same for a moment");

    private static final Map<String, String> REMOVED_EARLY = Map.of(
            "name", "the volume's name",
            "cause", "reserve: too little was free; quota: the volume holds all it may",
            "limitBytes", "what is to be free, or the quota",
            "cameras", "of how many cameras",
            "cameraNames", "the first of them, as people called them then",
            "from", "first moment of what went",
            "to", "its end: of one camera there is nothing older",
            "segments", "how many went since this was said last",
            "bytes", "their size",
            "retentionDaysMax", "how long the footage of the first camera was to be kept");

    private static final Map<String, String> VERSIONS =
            Map.of("from", "the version that served before", "to", "the version it was about");

    private static final Map<String, String> USER = Map.of(
            "name", "what the user is called",
            "role", "administrator, operator or viewer",
            "disabled", "whether the user cannot sign in",
            "by", "who did it");

    private static final Map<String, String> PLUGIN = Map.of(
            "plugin", "its symbolic name; empty when the file was refused before it was known",
            "version", "that serves now, or was to",
            "before", "version that served before",
            "operation", "install, update, rollback, disable, enable, remove or start",
            "by", "who did it",
            "receipt", "id of the swap receipt");

    private static final Map<String, String> CERTIFICATE =
            Map.of("certificate", "its SHA-256", "subject", "whose it is, when it is known", "by", "who did it");

    private static final List<EventKindInfo> ALL = List.of(
            own(STREAM_DOWN, STATE, WARNING, "A stream does not arrive", CAUSE),
            own(RECORDING_GAP, STATE, CRITICAL, "Footage is missing", CAUSE),
            own(
                    RECORDING_DELETED,
                    PULSE,
                    WARNING,
                    "Footage was deleted by a user",
                    Map.of(
                            "user", "who",
                            "from", "first moment of it",
                            "to", "its end",
                            "segments", "how many are gone",
                            "bytes", "their size")),
            own(
                    RECORDING_REMOVED_EARLY,
                    PULSE,
                    WARNING,
                    "Footage was removed before its time for want of room",
                    REMOVED_EARLY),
            own(
                    VOLUME_UNAVAILABLE,
                    STATE,
                    CRITICAL,
                    "A volume takes no footage",
                    Map.of("status", "the volume's status", "name", "the volume's name")),
            own(VOLUME_ADDED, PULSE, INFO, "A volume was added", NAME),
            own(VOLUME_REMOVED, PULSE, WARNING, "A volume was removed", NAME),
            own(CAMERA_ADDED, PULSE, INFO, "A camera was added", NAME),
            own(
                    CAMERA_CHANGED,
                    PULSE,
                    INFO,
                    "A camera was changed",
                    Map.of(
                            "name",
                            "what people called it then",
                            "changed",
                            "fields of the camera: address, recording ...",
                            "before",
                            "what it was called before, where the name was changed")),
            own(CAMERA_REMOVED, PULSE, WARNING, "A camera was removed", NAME),
            own(
                    CAMERA_DRIVER_MISSING,
                    STATE,
                    WARNING,
                    "A camera's driver is missing",
                    Map.of("driver", "id of the driver")),
            own(CAMERA_UNAUTHORIZED, STATE, WARNING, "A camera refuses its credentials", Map.of()),
            own(CAMERA_MOVED, PULSE, WARNING, "A camera came back at another address", NAME),
            open(CAMERA_MOTION, STATE, INFO, "Motion", Map.of("score", "how much moves, 0..1")),
            open(CAMERA_INPUT, STATE, INFO, "A digital input is on", Map.of("name", "the device's name of the input")),
            open(CAMERA_TAMPER, STATE, WARNING, "A camera is covered, turned or out of focus", Map.of()),
            open(CAMERA_MANUAL, PULSE, INFO, "Attention asked for", Map.of()),
            own(
                    CAMERA_IMAGING_CHANGED,
                    PULSE,
                    INFO,
                    "A camera's picture settings were changed",
                    Map.of("user", "who", "changed", "settings and their new values")),
            own(CAMERA_TALK, STATE, INFO, "Somebody talks through a camera", Map.of("user", "who")),
            own(BOOKMARK_ADDED, PULSE, INFO, "A bookmark was set", BOOKMARK),
            own(BOOKMARK_CHANGED, PULSE, INFO, "A bookmark was changed", BOOKMARK),
            own(BOOKMARK_REMOVED, PULSE, INFO, "A bookmark was removed", BOOKMARK),
            own(DRIVER_INSTALLED, PULSE, INFO, "A driver was installed", Map.of("version", "of the driver")),
            own(DRIVER_REMOVED, PULSE, WARNING, "A driver was removed", Map.of("version", "of the driver")),
            own(PLUGIN_INSTALLED, PULSE, INFO, "A plugin was installed", PLUGIN),
            own(PLUGIN_UPDATED, PULSE, INFO, "A plugin was exchanged for another version", PLUGIN),
            own(PLUGIN_DISABLED, PULSE, WARNING, "A plugin was disabled", PLUGIN),
            own(PLUGIN_ENABLED, PULSE, INFO, "A plugin was enabled", PLUGIN),
            own(PLUGIN_REMOVED, PULSE, WARNING, "A plugin was removed", PLUGIN),
            own(PLUGIN_FAILED, PULSE, WARNING, "A plugin was refused or does not come up", PLUGIN),
            own(PLUGIN_TRUSTED, PULSE, WARNING, "Plugins of another vendor are taken", CERTIFICATE),
            own(PLUGIN_DISTRUSTED, PULSE, WARNING, "Plugins of a vendor are not taken any more", CERTIFICATE),
            own(CONSOLE_EXTENSIONS_CHANGED, PULSE, INFO, "What plugins add to the console has changed", Map.of()),
            own(DRIVER_PROMOTED, PULSE, INFO, "Another version of a driver serves", VERSIONS),
            own(DRIVER_ROLLED_BACK, PULSE, WARNING, "A version of a driver did worse and was taken back", VERSIONS),
            own(USER_ADDED, PULSE, INFO, "A user was added", USER),
            own(USER_CHANGED, PULSE, INFO, "A user was changed", USER),
            own(USER_REMOVED, PULSE, WARNING, "A user was removed", USER),
            own(
                    SERVER_STARTED,
                    PULSE,
                    INFO,
                    "The server started",
                    Map.of("version", "of the server", "crashed", "whether nobody had stopped it before")),
            own(SERVER_STOPPED, PULSE, INFO, "The server stops", Map.of()),
            own(
                    SERVER_PART_UNWELL,
                    STATE,
                    WARNING,
                    "A part of the server is not well",
                    Map.of(
                            "status", "degraded or down",
                            "finding", "what is wrong, as a code; what it speaks of stands beside it")),
            own(EVENTS_DROPPED, PULSE, WARNING, "Events were dropped", Map.of("count", "how many")),
            own(EVENTS_NOT_STORED, PULSE, CRITICAL, "Events could not be kept", Map.of("count", "how many")));

    private EventKinds() {}

    /** {@return the server's kinds} */
    public static List<EventKindInfo> all() {
        return ALL;
    }

    private static EventKindInfo own(
            String kind, EventSpan.Form form, EventSeverity severity, String title, Map<String, String> attributes) {
        return new EventKindInfo(kind, form, severity, title, attributes, false);
    }

    private static EventKindInfo open(
            String kind, EventSpan.Form form, EventSeverity severity, String title, Map<String, String> attributes) {
        return new EventKindInfo(kind, form, severity, title, attributes, true);
    }
}

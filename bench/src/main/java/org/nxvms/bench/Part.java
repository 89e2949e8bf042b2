// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A part of the server that is exchanged while cameras are recorded, without a frame. */
enum Part {
    /** Asks cameras; their pictures do not come through it. */
    DRIVER("nxvms-driver-rtsp", "org.nxvms.driver.rtsp", "", 0),
    /** Says to whom is no WebSocket that it wants one. */
    LIVE("nxvms-live-ws", "org.nxvms.live.ws", "/ws/v1/live/00000000-0000-0000-0000-000000000000", 426),
    REST("nxvms-rest", "org.nxvms.rest", "/api/v1/auth/me", 200),
    CONSOLE("nxvms-console", "org.nxvms.console", "/console/", 200),
    /** The bus between gaps, cameras and rules, and what integrations hang on. */
    EVENTS("nxvms-events", "org.nxvms.events", "/api/v1/events?limit=1", 200),
    /** Tells other systems what happens. */
    INTEGRATION("nxvms-integration-webhook", "org.nxvms.integration.webhook", "/api/v1/webhooks", 200),
    /** The kind of volume that all cameras are recorded on: rings keep what comes meanwhile. */
    STORAGE("nxvms-storage-file", "org.nxvms.storage.file", "", 0),
    /** Rings keep what comes meanwhile. */
    RECORDER("nxvms-recorder", "org.nxvms.recorder", "", 0),
    /** Has the sessions with cameras, and leaves them to its successor. */
    INGEST("nxvms-ingest-rtsp", "org.nxvms.ingest.rtsp", "", 0);

    static final String ALL = "all";

    /** Of the server's features. */
    final String feature;

    final String bundle;
    /** Answers so while the part is there; empty: the cameras' state tells. */
    final String path;

    final int status;

    Part(String feature, String bundle, String path, int status) {
        this.feature = feature;
        this.bundle = bundle;
        this.path = path;
        this.status = status;
    }

    /** {@return the part of a name, or all} */
    static List<Part> named(String name) {
        List<Part> named = Arrays.stream(values())
                .filter(part -> name.equals(ALL) || part.label().equals(name))
                .toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException(
                    "--what: " + ALL + ", or one of " + String.join(", ", names()) + ", not \"" + name + "\"");
        }
        return named;
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Part::label).collect(Collectors.toList());
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

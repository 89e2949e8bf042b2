// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A part of the server that is exchanged while cameras are recorded, and what is promised of it. */
enum Part {
    /** Asks cameras; their pictures do not come through it. */
    DRIVER("nxvms-driver-rtsp", "org.nxvms.driver.rtsp", 0, "", 0),
    /** Says to whom is no WebSocket that it wants one. */
    LIVE("nxvms-live-ws", "org.nxvms.live.ws", 0, "/ws/v1/live/00000000-0000-0000-0000-000000000000", 426),
    REST("nxvms-rest", "org.nxvms.rest", 0, "/api/v1/auth/me", 200),
    CONSOLE("nxvms-console", "org.nxvms.console", 0, "/console/", 200),
    /** The bus between gaps, cameras and rules, and what integrations hang on. */
    EVENTS("nxvms-events", "org.nxvms.events", 0, "/api/v1/events?limit=1", 200),
    /** Tells other systems what happens. */
    INTEGRATION("nxvms-integration-webhook", "org.nxvms.integration.webhook", 0, "/api/v1/webhooks", 200),
    /** The kind of volume that all cameras are recorded on: rings keep what comes meanwhile. */
    STORAGE("nxvms-storage-file", "org.nxvms.storage.file", 0, "", 0),
    /** Rings keep what comes meanwhile. */
    RECORDER("nxvms-recorder", "org.nxvms.recorder", 0, "", 0),
    /** Has the sessions with cameras: they begin anew, with a key frame. */
    INGEST("nxvms-ingest-rtsp", "org.nxvms.ingest.rtsp", 2_000, "", 0);

    /** Of the server's features. */
    final String feature;

    final String bundle;
    /** How long a camera may be without pictures for each exchange; 0: no frame is lost. */
    final int breakMsMax;
    /** Answers so while the part is there; empty: the cameras' state tells. */
    final String path;

    final int status;

    Part(String feature, String bundle, int breakMsMax, String path, int status) {
        this.feature = feature;
        this.bundle = bundle;
        this.breakMsMax = breakMsMax;
        this.path = path;
        this.status = status;
    }

    static Part named(String name) {
        return Arrays.stream(values())
                .filter(part -> part.label().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--what: one of " + String.join(", ", names()) + ", not \"" + name + "\""));
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Part::label).collect(Collectors.toList());
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code server.started} and {@code server.stopped}, and whether anybody had stopped the server before it started. The one
 * event that says so of a crash stands for all cameras: each camera's {@code recording.gap} with the cause
 * {@code server_down} alarms nobody by itself.
 *
 * <p>A file in the data folder is there while the server runs. The database is not asked: it may be away after the power cut
 * that took both, and the last start may be too old to be kept.
 */
final class StartWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StartWatch.class);

    private final EventPublisher publisher;
    private final EventSource server;
    private final String version;
    private final Path mark;

    StartWatch(EventPublisher publisher, Path dataFolder, UUID serverId, String version) {
        this.publisher = publisher;
        this.server = EventSource.server(serverId, "");
        this.version = version;
        this.mark = dataFolder.resolve("events").resolve("running");
    }

    void started(long atUs) {
        boolean crashed = Files.exists(mark);
        try {
            Files.createDirectories(mark.getParent());
            FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
            syncFolder();
        } catch (IOException e) {
            LOG.warn("{} cannot be written; a crash of the server would be taken for a stop", mark, e);
        }
        publisher.pulse(
                EventFact.of(
                        server,
                        EventKinds.SERVER_STARTED,
                        crashed ? EventSeverity.CRITICAL : EventSeverity.INFO,
                        crashed
                                ? "The server started. Nobody had stopped it before: it crashed, was killed or lost its"
                                        + " power. What was not recorded meanwhile is shown as gaps."
                                : "The server started.",
                        EventAttributes.NONE.with("version", version).with("crashed", crashed)),
                atUs);
    }

    void stopped(long atUs) {
        publisher.pulse(
                EventFact.of(
                        server,
                        EventKinds.SERVER_STOPPED,
                        EventSeverity.INFO,
                        "The server stops.",
                        EventAttributes.NONE.with("version", version)),
                atUs);
        try {
            Files.deleteIfExists(mark);
            syncFolder();
        } catch (IOException e) {
            LOG.warn("{} cannot be removed; the next start will say that the server crashed", mark, e);
        }
    }

    private void syncFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(mark.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}

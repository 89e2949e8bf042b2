// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamStatistics;
import org.nxvms.media.StreamWriter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Publishes the hub and applies its configuration; a change of configuration leaves every stream alone. */
@Component(service = StreamHub.class, configurationPid = "org.nxvms.streamhub")
@Designate(ocd = StreamHubComponent.Config.class)
public final class StreamHubComponent implements StreamHub {
    /** Settings of PID {@code org.nxvms.streamhub}. */
    @ObjectClassDefinition(
            name = "NXvms stream hub",
            description = "Memory that holds the newest video of every stream")
    public @interface Config {
        @AttributeDefinition(
                name = "Memory (MiB)",
                description = "Limit of all rings together, in MiB. A stream that would exceed it is refused. Must be"
                        + " below the JVM's -XX:MaxDirectMemorySize",
                min = "16",
                max = "1048576")
        int memoryMaxMiB() default 2048;

        @AttributeDefinition(
                name = "Memory of one stream (MiB)",
                description =
                        "Limit of the rings of one stream, in MiB: what a camera with a very high bit rate or very"
                                + " large pictures can take of the memory of all",
                min = "4",
                max = "1024")
        int streamMaxMiB() default 128;

        @AttributeDefinition(
                name = "Stall (s)",
                description =
                        "Seconds of video kept for a recorder whose volume does not answer, as far as the limits of"
                                + " memory allow; memory is taken only while it lasts",
                min = "2",
                max = "600")
        int stallSecondsMax() default 14;
    }

    private static final long STOP_MS_MAX = 2000;

    private final OwnThread thread = new OwnThread();
    private final RingHub hub;

    @Activate
    public StreamHubComponent(Config config) {
        hub = new RingHub(limits(config), thread);
    }

    @Modified
    void modified(Config config) {
        hub.limit(limits(config));
    }

    @Deactivate
    void close() {
        hub.close();
        thread.close(STOP_MS_MAX);
    }

    private static HubLimits limits(Config config) {
        return new HubLimits(
                (long) Math.max(16, config.memoryMaxMiB()) << 20,
                (long) Math.max(4, Math.min(1024, config.streamMaxMiB())) << 20,
                Math.max(2, Math.min(600, config.stallSecondsMax())));
    }

    @Override
    public StreamWriter openWriter(StreamId stream, StreamBudget budget) {
        return hub.openWriter(stream, budget);
    }

    @Override
    public StreamReader openReader(StreamId stream, String name, ReaderStart start) {
        return hub.openReader(stream, name, start);
    }

    @Override
    public OptionalLong mark(StreamId stream, String name) {
        return hub.mark(stream, name);
    }

    @Override
    public void remove(StreamId stream) {
        hub.remove(stream);
    }

    @Override
    public Optional<StreamStatistics> statistics(StreamId stream) {
        return hub.statistics(stream);
    }

    @Override
    public List<StreamStatistics> statistics() {
        return hub.statistics();
    }
}

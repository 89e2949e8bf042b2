// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.net.InetAddress;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.rendition.Renditions;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.RequestCredentials;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Live pictures for WebRTC players: its settings, its threads, and what REST asks of it. Settings that change begin it anew. */
@Component(service = LiveWebRtc.class, configurationPid = "org.nxvms.live.webrtc")
@Designate(ocd = LiveWebRtc.Config.class)
public final class LiveWebRtc {
    /** Settings of live view by WebRTC. */
    @ObjectClassDefinition(
            name = "NXvms live view by WebRTC",
            description = "Ports, addresses and limits. Applied at once: who watches is sent away and comes again.")
    @interface Config {
        @AttributeDefinition(
                name = "Port",
                description = "UDP, on every address of this machine, for all viewers together. The file that comes"
                        + " with the server takes it from NXVMS_WEBRTC_PORT. 1..65535",
                min = "1",
                max = "65535")
        int port() default 8189;

        @AttributeDefinition(
                name = "TCP port",
                description = "For players whose network lets no UDP through, on every address of this machine, for all"
                        + " viewers together. 0: the same number as that of UDP; -1: none. -1..65535",
                min = "-1",
                max = "65535")
        int tcpPort() default 0;

        @AttributeDefinition(
                name = "Public addresses",
                description = "IP addresses under which this machine is reached from outside, where a router passes"
                        + " the same ports on (1:1 NAT); told to players beside the machine's own. At most 8, separated"
                        + " by commas")
        String[] publicAddresses() default {};

        @AttributeDefinition(
                name = "Viewers",
                description = "Pictures watched at the same time by all users. Beyond, 503 with Retry-After. 1..1024",
                min = "1",
                max = "1024")
        int viewersMax() default 256;

        @AttributeDefinition(
                name = "Viewers per user",
                description = "Pictures watched at the same time by one user. 1..1024",
                min = "1",
                max = "1024")
        int viewersPerUserMax() default 64;

        @AttributeDefinition(
                name = "Memory per stream in MiB",
                description = "Holds the newest two groups of pictures of each watched stream, to begin with and to"
                        + " send again what was lost. 2..256",
                min = "2",
                max = "256")
        int streamMebibytesMax() default 16;

        @AttributeDefinition(
                name = "Memory of all in MiB",
                description = "Pictures held on the heap for all watched streams together; shared evenly when it is"
                        + " short, 1 MiB a stream at least; beyond, 503 with Retry-After. 8..4096",
                min = "8",
                max = "4096")
        int memoryMebibytesMax() default 128;

        @AttributeDefinition(
                name = "Tick in ms",
                description =
                        "Pictures are sent as soon as they are there; where very many come, those of a tick together. 1..100",
                min = "1",
                max = "100")
        int tickMs() default 5;
    }

    /**
     * Ports and addresses.
     *
     * @param port UDP; 0 is any, for tests
     * @param overTcp whether players may come by TCP
     * @param tcpPort 0 is any, for tests
     */
    record Network(int port, boolean overTcp, int tcpPort, List<InetAddress> publicAddresses) {}

    /**
     * What a player asks for.
     *
     * @param offer its session description
     * @param mayListen whether sound may go with the pictures
     * @param near whether it asks from this machine
     */
    public record Asked(
            StreamId stream,
            String offer,
            AuthenticatedUser user,
            boolean mayListen,
            RequestCredentials credentials,
            boolean near) {}

    /**
     * What it gets.
     *
     * @param id names the view, to end it
     * @param sdp the answer
     */
    public record Answered(UUID id, String sdp) {}

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile StreamHub hub;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Renditions renditions;

    private final Reception reception;

    /** For the component runtime. */
    @Activate
    public LiveWebRtc(Config config) {
        reception = new Reception(
                network(config),
                limits(config),
                new Services(() -> hub, () -> guard, () -> cameras, () -> renditions),
                System::nanoTime);
        reception.start();
    }

    /** For tests. */
    LiveWebRtc(Network network, Pump.Limits limits, Services services, LongSupplier nanoTime) {
        reception = new Reception(network, limits, services, nanoTime);
        reception.start();
    }

    @Deactivate
    void stop() {
        reception.close();
    }

    /** Answers an offer; the pictures begin when the player has come by the way that it was told. */
    public Answered watch(Asked asked) {
        return reception.watch(asked);
    }

    /** Ends a view; {@return false when there is none, or it is another camera's or user's}. */
    public boolean end(UUID cameraId, UUID id, UUID userId) {
        return reception.end(cameraId, id, userId);
    }

    /** {@return whether players can come} For tests. */
    boolean isListening() {
        return reception.isListening();
    }

    /** {@return views that hold a place} For tests. */
    int places() {
        return reception.viewers().places();
    }

    /** {@return where players come by TCP} For tests. */
    int tcpPort() {
        return reception.tcp().port();
    }

    /** {@return connections that are open} For tests. */
    int tcpConnections() {
        return reception.tcp().connections();
    }

    private static Network network(Config config) {
        int port = clamp(config.port(), 1, 65_535);
        int tcpPort = clamp(config.tcpPort(), -1, 65_535);
        return new Network(port, tcpPort >= 0, tcpPort == 0 ? port : tcpPort, Literals.of(config.publicAddresses()));
    }

    private static Pump.Limits limits(Config config) {
        return new Pump.Limits(
                clamp(config.viewersMax(), 1, 1024),
                clamp(config.viewersPerUserMax(), 1, 1024),
                (long) clamp(config.streamMebibytesMax(), 2, 256) << 20,
                (long) clamp(config.memoryMebibytesMax(), 8, 4096) << 20,
                clamp(config.tickMs(), 1, 100));
    }

    private static int clamp(int value, int min, int max) {
        return Math.max(min, Math.min(max, value));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.nxvms.live.webrtc.sdp.Agreed;
import org.nxvms.live.webrtc.sdp.Answer;
import org.nxvms.live.webrtc.sdp.Fingerprints;
import org.nxvms.live.webrtc.sdp.Offer;
import org.nxvms.live.webrtc.sdp.OfferException;
import org.nxvms.live.webrtc.secure.BoundedCrypto;
import org.nxvms.live.webrtc.secure.DtlsIdentity;
import org.nxvms.live.webrtc.secure.DtlsServer;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.live.LiveStreams;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.StandingAccess;

/** Where players come in: reads an offer, agrees on what is sent, hands the viewer to the pump. Any thread, but for its ends. */
final class Reception implements AutoCloseable {
    private static final int RETRY_AFTER_SECONDS = 5;
    /** Making the first key takes a third of a second on a cold server. */
    private static final int IDENTITY_SECONDS_MAX = 10;

    /** A process starts and a key frame comes within that, or the queue is long. */
    private static final int RENDITION_MS_MAX = 10_000;

    private static final int USER_BYTES = 6;
    private static final int PASSWORD_BYTES = 18;

    private final LiveWebRtc.Network network;
    private final Pump.Limits limits;
    private final Services services;
    private final LongSupplier nanoTime;
    private final SecureRandom random = new SecureRandom();
    private final BoundedCrypto crypto = new BoundedCrypto(random);
    private final FutureTask<DtlsIdentity> identity = new FutureTask<>(() -> DtlsIdentity.make(random));
    private final HandshakeThreads handshakes;
    private final Viewers viewers;
    private final RenditionWaits waits = new RenditionWaits();
    private final UdpSockets sockets;
    private final TcpSockets tcp;
    private final Pump pump;

    /** @param nanoTime a clock for intervals */
    Reception(LiveWebRtc.Network network, Pump.Limits limits, Services services, LongSupplier nanoTime) {
        this.network = network;
        this.limits = limits;
        this.services = services;
        this.nanoTime = nanoTime;
        handshakes = new HandshakeThreads(this::shakeHands);
        viewers = new Viewers(handshakes, this::nowMs);
        sockets = new UdpSockets(network.port(), viewers);
        tcp = new TcpSockets(network.tcpPort(), viewers, this::nowMs);
        pump = new Pump(services, viewers, limits, this::nowMs);
    }

    private long nowMs() {
        return nanoTime.getAsLong() / 1_000_000;
    }

    void start() {
        handshakes.first(identity);
        sockets.start();
        if (network.overTcp()) {
            tcp.start();
        }
        pump.start();
    }

    Viewers viewers() {
        return viewers;
    }

    boolean isListening() {
        return !sockets.addresses().isEmpty() && (tcp.port() > 0 || !network.overTcp());
    }

    TcpSockets tcp() {
        return tcp;
    }

    private void shakeHands(Viewer viewer) {
        try {
            viewer.shakeHands(new DtlsServer(
                    crypto, identity(), viewer.terms().fingerprint(), () -> viewer.end("the player ended")));
        } catch (ProblemException noIdentity) {
            viewer.end(noIdentity.getMessage());
        }
    }

    private DtlsIdentity identity() {
        try {
            return identity.get(IDENTITY_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("The server stops.");
        } catch (ExecutionException | TimeoutException e) {
            throw new ProblemException(
                    Problem.unavailable("The server's key for WebRTC is not there yet.", RETRY_AFTER_SECONDS), e);
        }
    }

    private static ProblemException unavailable(String detail) {
        return Problem.unavailable(detail, RETRY_AFTER_SECONDS).exception();
    }

    /** As {@link LiveWebRtc#watch}. */
    LiveWebRtc.Answered watch(LiveWebRtc.Asked asked) {
        Offer offer = offer(asked.offer());
        StreamHub streams = Absent.require(services.hub().get(), "The stream hub");
        Ways ways = ways(asked.near());
        UUID userId = asked.user().id();
        if (!viewers.reserve(userId, limits.viewersMax(), limits.perUserMax())) {
            throw unavailable("As many live pictures are watched as the server or your account allows."
                    + " Close some and try again.");
        }
        boolean admitted = false;
        try {
            StreamId stream = asked.stream();
            if (!pump.hasRoomFor(stream)) {
                throw unavailable(
                        "As many streams are watched as the server has memory for. Close some and try again.");
            }
            awaitRendition(stream, userId);
            StreamFormat format = format(streams, stream);
            Tracks tracks = agree(offer, format, asked.mayListen());
            Viewer.Terms terms = new Viewer.Terms(
                    UUID.randomUUID(), userId, stream, text(USER_BYTES), text(PASSWORD_BYTES), offer.fingerprint());
            Viewer viewer = new Viewer(
                    terms,
                    Optional.of(tracks.video()),
                    tracks.audio(),
                    tracks.sound().map(TrackFormat::codec),
                    access(asked, tracks.audio().isPresent()),
                    nowMs());
            String sdp = new Answer(
                            terms.user(),
                            terms.password(),
                            Fingerprints.of(identity().certificate()),
                            ways.udp(),
                            ways.tcp())
                    .to(offer, random.nextLong() >>> 2, tracks.bySection());
            viewers.add(viewer);
            pump.admit(viewer);
            admitted = true;
            return new LiveWebRtc.Answered(terms.id(), sdp);
        } finally {
            if (!admitted) {
                viewers.release(userId);
            }
        }
    }

    private void awaitRendition(StreamId stream, UUID userId) {
        if (!stream.rendition()) {
            return;
        }
        if (!waits.enter(userId)) {
            throw unavailable("As many players as may be wait for streams that are encoded anew. Watch the camera's own"
                    + " stream, or try again.");
        }
        try {
            LiveStreams.await(services.renditions().get(), stream, userId, RENDITION_MS_MAX);
        } finally {
            waits.leave(userId);
        }
    }

    private static Offer offer(String text) {
        try {
            return Offer.parse(text);
        } catch (OfferException e) {
            throw new ProblemException(Problem.malformed("offer", e.getMessage() + "."), e);
        }
    }

    /** Where players may come: by UDP, by TCP; the preferred first. */
    private record Ways(List<InetSocketAddress> udp, List<InetSocketAddress> tcp) {}

    private Ways ways(boolean near) {
        List<InetSocketAddress> udp = new ArrayList<>(sockets.addresses().stream()
                .filter(address -> near || !address.getAddress().isLoopbackAddress())
                .toList());
        int tcpPort = tcp.port();
        List<InetSocketAddress> overTcp = new ArrayList<>(sockets.present().stream()
                .filter(address -> tcpPort > 0 && (near || !address.isLoopbackAddress()))
                .map(address -> new InetSocketAddress(address, tcpPort))
                .toList());
        if (udp.isEmpty() && overTcp.isEmpty()) {
            String trouble = sockets.trouble();
            throw unavailable("WebRTC is not served now" + (trouble.isEmpty() ? ". " : ": " + trouble + ". ")
                    + "Watch by WebSocket (/ws/v1/live/{cameraId}), or try again.");
        }
        for (InetAddress address : network.publicAddresses()) {
            if (!udp.isEmpty()) {
                udp.add(new InetSocketAddress(address, network.port()));
            }
            if (tcpPort > 0) {
                overTcp.add(new InetSocketAddress(address, tcpPort));
            }
        }
        return new Ways(udp, overTcp);
    }

    private static StreamFormat format(StreamHub streams, StreamId stream) {
        Refusal.Look look = Refusal.look(streams, stream);
        look.refusal().ifPresent(refusal -> {
            throw notPlayable(refusal.detail());
        });
        return look.format()
                .orElseThrow(() -> unavailable("Nothing has come from the camera's " + stream.name()
                        + " stream yet. Its status says why; try again."));
    }

    private static ProblemException notPlayable(String detail) {
        return Problem.of("not-playable", "Not playable by WebRTC", 406, detail).exception();
    }

    /**
     * What is sent.
     *
     * @param sound format of the sound, when there is one
     */
    private record Tracks(Agreed video, Optional<Agreed> audio, Optional<TrackFormat> sound) {
        Map<String, Agreed> bySection() {
            Map<String, Agreed> agreed = new HashMap<>();
            agreed.put(video.section().mid(), video);
            audio.ifPresent(one -> agreed.put(one.section().mid(), one));
            return agreed;
        }
    }

    private Tracks agree(Offer offer, StreamFormat format, boolean mayListen) {
        TrackFormat picture = format.video().orElseThrow();
        Offer.Section pictures = receiving(offer, "video").orElseThrow(() -> notPlayable(noPictures(offer)));
        List<Agreed.Sources> sources = Agreed.Sources.of(2, random::nextInt);
        Agreed video = Agreed.video(pictures, picture, sources.get(0))
                .orElseThrow(() -> notPlayable(Agreed.objection(pictures)));
        Optional<TrackFormat> sound =
                format.tracks().stream().filter(Agreed::isSound).findFirst().filter(any -> mayListen);
        Optional<Agreed> audio = sound.flatMap(
                track -> receiving(offer, "audio").flatMap(section -> Agreed.audio(section, track, sources.get(1))));
        return new Tracks(video, audio, sound);
    }

    /** {@return why pictures cannot be sent anywhere in an offer} */
    private static String noPictures(Offer offer) {
        return offer.sections().stream()
                .filter(section -> section.media().kind().equals("video"))
                .findFirst()
                .map(section -> "The offer's m=video section " + section.objection() + ".")
                .orElse("The offer has no m=video section: offer to receive video.");
    }

    private static Optional<Offer.Section> receiving(Offer offer, String kind) {
        return offer.sections().stream()
                .filter(section -> section.media().kind().equals(kind) && section.receives())
                .findFirst();
    }

    private StandingAccess access(LiveWebRtc.Asked asked, boolean withSound) {
        Set<Permission> rights =
                withSound ? Set.of(Permission.VIEW_LIVE, Permission.LISTEN) : Set.of(Permission.VIEW_LIVE);
        return new StandingAccess(
                services.guard(),
                asked.credentials(),
                rights,
                Optional.of(asked.stream().cameraId()),
                nanoTime);
    }

    /** {@return letters and digits as ICE wants them (RFC 8839 5.4), by chance} */
    private String text(int bytes) {
        byte[] chance = new byte[bytes];
        random.nextBytes(chance);
        return Base64.getEncoder().withoutPadding().encodeToString(chance);
    }

    /** As {@link LiveWebRtc#end}. */
    boolean end(UUID cameraId, UUID id, UUID userId) {
        Optional<Viewer> viewer = viewers.find(id)
                .filter(one -> one.terms().userId().equals(userId)
                        && one.terms().stream().cameraId().equals(cameraId)
                        && one.ended().isEmpty());
        viewer.ifPresent(one -> one.end("the player ended"));
        return viewer.isPresent();
    }

    @Override
    public void close() {
        pump.close();
        handshakes.close();
        sockets.close();
        tcp.close();
    }
}

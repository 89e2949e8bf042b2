// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultScript;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.rtp.PacketTrack;
import org.nxvms.simulator.rtp.TrackFormat;

/**
 * One simulated device: a port of its own, a main and a sub stream, the faults it has now.
 *
 * <p>Public methods may be called from any thread; they return when the farm's thread has done what they ask.
 */
public final class Camera {
    /** Which of the two streams. */
    public enum Role {
        MAIN("main"),
        SUB("sub");

        private final String path;

        Role(String path) {
            this.path = path;
        }
    }

    /**
     * What a camera has done since it was started.
     *
     * @param connections open now
     * @param playing sessions that play now
     * @param requests answered or ignored
     * @param units pictures and frames of sound sent, per session
     * @param packets RTP packets sent, without those left out by a fault
     * @param bytes sent, in all
     * @param skippedUnits not sent because a client did not read fast enough, or for a stall
     */
    public record Status(
            int connections, int playing, long requests, long units, long packets, long bytes, long skippedUnits) {}

    private final int number;
    private final CameraSettings settings;
    private final Media media;
    private final FarmLoop loop;
    private volatile CameraClock clock;
    /** Time that has passed for this camera and not for the machine it is simulated on. */
    private volatile long passedNanos;

    private final CameraPort port;
    private final Counters counters = new Counters();
    private final FaultState faults = new FaultState();
    /** The faults that port and followers have taken up; {@link #faults} knows of a change a moment before. */
    private volatile FaultSet inForce = FaultSet.NONE;

    private final List<Consumer<FaultSet>> followers = new CopyOnWriteArrayList<>();
    private final EncodedPictures main;
    private final EncodedPictures sub;
    private volatile StreamNames names = StreamNames.NONE;
    private volatile RecordedFootage recorded = RecordedFootage.NONE;
    private volatile Ear ear = Ear.NONE;
    private final SceneData scene;
    /** The farm's thread. */
    private boolean rebooting;

    /** By how much someone has set the camera's clock; a device starts with the right time. */
    private volatile long clockSetNanos;

    Camera(int number, InetSocketAddress wanted, CameraSettings settings, Media media, FarmLoop loop)
            throws IOException {
        this.number = number;
        this.settings = settings;
        this.media = media;
        this.main = new EncodedPictures(media.main());
        this.sub = new EncodedPictures(media.sub());
        this.loop = loop;
        this.clock = new CameraClock(loop.anchor(), loop.anchorNano(), settings);
        this.scene = new SceneData(settings.metadata(), loop);
        this.port = new CameraPort(this, loop, wanted);
    }

    public int number() {
        return number;
    }

    public CameraSettings settings() {
        return settings;
    }

    public SceneData scene() {
        return scene;
    }

    public InetSocketAddress address() {
        return port.address();
    }

    /** {@return how often {@link FaultKind#NEW_ADDRESS} has brought it to another address} */
    public int moves() {
        return port.moves();
    }

    /** The address of a stream, without login. */
    public String uri(Role role) {
        return baseUri() + path(role);
    }

    /**
     * The RTP packets of a stream as it is sent without faults and before its encoder is set, to compare with what was
     * received; the main one is also what the camera records itself.
     */
    public PacketTrack video(Role role) {
        return role == Role.MAIN ? media.main() : media.sub();
    }

    /** What the encoder of a stream makes; without a fault that changes streams, its packets are what the stream sends. */
    public EncodedPictures pictures(Role role) {
        return role == Role.MAIN ? main : sub;
    }

    /** {@return the first picture that will be due so soon, or later} */
    public long unitDue(TrackFormat format, Duration ahead) {
        return format.unitAt(clock.streamNanos(System.nanoTime() + ahead.toNanos()));
    }

    /** The RTP packets of what the camera records itself: of pictures, and of sound where it has any. */
    public List<PacketTrack> recordedTracks() {
        return settings.audio() == AudioCodec.NONE
                ? List.of(media.main())
                : List.of(media.main(), media.audio(settings.audio()));
    }

    /** {@return the faults it acts by: one that is gone from here is gone from its ports too} */
    public List<Fault> faults() {
        return inForce.list();
    }

    /** Adds a fault, or sets its number anew. */
    public void set(Fault fault) {
        change(() -> {
            faults.add(fault);
            if (fault.kind() == FaultKind.HALF_OPEN) {
                port.hang();
            }
        });
    }

    public void set(FaultKind kind) {
        set(kind.fault());
    }

    public void clear(FaultKind kind) {
        change(() -> faults.remove(kind));
    }

    public void clearFaults() {
        change(faults::clear);
    }

    /**
     * A script and how far it is.
     *
     * @param elapsedMs since it began
     */
    public record ScriptStatus(FaultScript script, long elapsedMs) {}

    /** Follows a script from now on, instead of the one there was; its faults go, others stay. */
    public void follow(FaultScript script) {
        change(() -> {
            faults.player().ifPresent(player -> player.script()
                    .steps()
                    .forEach(step -> faults.remove(step.fault().kind())));
            faults.follow(script);
        });
    }

    /** {@return the script that is followed; none when there is none, or it has ended} */
    public Optional<ScriptStatus> script() {
        List<ScriptStatus> status = new ArrayList<>(1);
        loop.await(() -> faults.player()
                .filter(player -> !player.ended())
                .ifPresent(
                        player -> status.add(new ScriptStatus(player.script(), player.elapsedMs(System.nanoTime())))));
        return status.stream().findFirst();
    }

    public FaultSet faultSet() {
        return faults.set();
    }

    /** Tells a part of this device, on the farm's thread and without blocking it, whenever its faults have changed. */
    public void tellFaults(Consumer<FaultSet> follower) {
        followers.add(follower);
    }

    /** Answers to these addresses too. */
    public void alsoNamed(StreamNames newNames) {
        names = newNames;
    }

    /** Plays these recordings by RTSP, too. */
    public void alsoPlays(RecordedFootage footage) {
        recorded = footage;
    }

    /** {@return where a recording is played, without login} */
    public String replayUri(String recording) {
        return baseUri() + Replay.path(recording);
    }

    /** Takes sound by the way back of its streams. */
    public void hears(Ear newEar) {
        ear = newEar;
    }

    public Ear ear() {
        return ear;
    }

    /** {@return the time by the camera's own clock} */
    public Instant time() {
        return trueTime().plusMillis(settings.clockOffsetMs()).plusNanos(clockErrorNanos());
    }

    /** {@return the time of the camera's world}: the machine's, and what was let pass. */
    public Instant trueTime() {
        return Instant.now().plusNanos(passedNanos);
    }

    /**
     * Lets time pass for this camera at once: its clock and its pictures are then where they would have been had somebody
     * waited, and what it records itself has the pictures between. Meant for a camera that nobody is connected to; who is
     * sees a jump.
     */
    public void pass(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time goes forward");
        }
        loop.await(() -> {
            passedNanos += time.toNanos();
            clock = clock.after(time.toNanos());
        });
    }

    /** Sets the camera's clock, which is then as wrong as {@link FaultKind#CLOCK_JUMP} makes it. */
    public void setTime(Instant time) {
        clockSetNanos = ChronoUnit.NANOS.between(trueTime().plusMillis(settings.clockOffsetMs()), time);
    }

    private long clockErrorNanos() {
        return clockSetNanos + faultSet().value(FaultKind.CLOCK_JUMP) * 1_000_000_000L;
    }

    /** Closes every connection, as a device does that restarts. */
    public void disconnectAll() {
        loop.await(port::disconnectAll);
    }

    public Status status() {
        List<Status> status = new ArrayList<>(1);
        loop.await(() -> status.add(counters.status(port.connections(), port.playing())));
        return status.get(0);
    }

    // The rest is called on the farm's thread only.

    private void change(Runnable change) {
        loop.await(() -> {
            change.run();
            if (!faultSet().has(FaultKind.HALF_OPEN)) {
                port.disconnectHanging();
            }
            follow();
        });
    }

    /** Opens and closes the port by the faults. */
    private void follow() {
        boolean reboots = faultSet().has(FaultKind.REBOOT);
        port.beOpen(!faultSet().has(FaultKind.REFUSE_CONNECTION) && !reboots);
        if (reboots && !rebooting && faultSet().has(FaultKind.NEW_ADDRESS)) {
            port.move();
        }
        rebooting = reboots;
        followers.forEach(follower -> follower.accept(faultSet()));
        inForce = faultSet();
    }

    CameraPort port() {
        return port;
    }

    void houseKeep(long now) {
        if (faults.rebootIsOver(now)) {
            clear(FaultKind.REBOOT);
        }
        faults.player()
                .ifPresent(player -> player.tick(now, action -> {
                    if (action.set()) {
                        set(action.fault());
                    } else {
                        clear(action.fault().kind());
                    }
                }));
        if (port.isOpen()) {
            // A follower's own port may have been taken when it was to open, and be free by now.
            followers.forEach(follower -> follower.accept(faultSet()));
        } else {
            follow();
        }
        port.houseKeep(now);
    }

    void close() throws IOException {
        port.close();
    }

    CameraClock clock() {
        return clock;
    }

    Counters counters() {
        return counters;
    }

    /** Until when no RTP is sent; in the past if there is no stall. */
    long stallUntilNano() {
        return faults.stallUntilNano();
    }

    long timestampJumpSeconds() {
        return faults.timestampJumpSeconds();
    }

    /** A time of the camera as its sender reports tell it. */
    long ntp(long streamNanos) {
        return clock.ntp(streamNanos + clockErrorNanos());
    }

    /** A time of the camera as its own clock shows it. */
    Instant timeOf(long streamNanos) {
        return clock.instant(streamNanos + clockErrorNanos());
    }

    /** The camera's time when its own clock shows this. */
    long streamNanosAt(Instant shown) {
        return clock.streamNanosAt(shown) - clockErrorNanos();
    }

    RecordedFootage recorded() {
        return recorded;
    }

    /** What a stream sends now. */
    EncodedPictures shown(Role role) {
        boolean swapped = faultSet().has(FaultKind.RESOLUTION_CHANGE);
        return (role == Role.MAIN) != swapped ? main : sub;
    }

    /** A stream's tracks: video first. */
    List<PacketTrack> tracks(Role role) {
        List<PacketTrack> tracks = new ArrayList<>(List.of(shown(role).loop()));
        if (settings.audio() != AudioCodec.NONE) {
            tracks.add(media.audio(settings.audio()));
        }
        scene.track(role, media).ifPresent(tracks::add);
        return tracks;
    }

    String baseUri() {
        InetSocketAddress address = port.address();
        String host = address.getAddress().getHostAddress();
        boolean bracketed = address.getAddress() instanceof Inet6Address;
        return "rtsp://" + (bracketed ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    String path(Role role) {
        return "/cam/" + number + "/" + role.path;
    }

    /** The stream a request is about, by its own address or a vendor's. */
    Optional<StreamAddress> find(RtspRequest request) {
        String path = StreamAddress.streamPath(request.path());
        for (Role role : Role.values()) {
            if (path.equals(path(role))) {
                return Optional.of(new StreamAddress(role, path, ""));
            }
        }
        return names.find(path, request.query()).map(role -> new StreamAddress(role, path, request.query()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;

/** A driver that offers the address as main stream and the sub address as sub stream, or fails on request. */
public final class FakeDriver implements CameraDriver {
    /** What a call throws or does before it answers. */
    public interface Behaviour {
        void run(DeviceTarget target) throws DriverException;
    }

    private static final int WAIT_S_MAX = 30;

    private final DriverInfo info;
    /** Targets of every open, in order. */
    public final List<DeviceTarget> opened = new CopyOnWriteArrayList<>();

    public volatile Behaviour behaviour = target -> {};
    /** Query added to each stream's URI: makes endpoints differ. */
    public volatile String query = "";

    /** Roles that are left out of the answer. */
    public final Set<StreamRole> hidden = ConcurrentHashMap.newKeySet();

    /** What a session's question for the identity does before it answers. */
    public volatile Behaviour onIdentity = target -> {};
    /** What the end of a session does before it is closed. */
    public volatile Runnable onClose = () -> {};
    /** What its cameras can do beyond streams; none when empty. */
    public volatile Optional<FakeDevice> device = Optional.empty();
    /** What its cameras can hide, beside that. */
    public volatile Optional<PrivacyMasks> masks = Optional.empty();
    /** How its cameras tell what happens, instead of the device; by the session's target. */
    public volatile Function<DeviceTarget, Optional<DeviceEvents>> eventsOf = target -> Optional.empty();
    /** Who is at an address, by host; the same device everywhere when missing. */
    public final Map<String, DeviceIdentity> identities = new ConcurrentHashMap<>();
    /** What a session's device is called for good. */
    public volatile String endpoint = "";
    /** Whether it names streams without asking who the device is. */
    public volatile boolean anonymous;
    /** How it finds devices. */
    public volatile Optional<DeviceSearch> search = Optional.empty();

    /** Whether there is a sub stream of each camera, at {@code /sub}, without a sub address. */
    public volatile boolean hasSub;

    /** What the device does not answer about when a session begins. */
    public volatile Set<Class<? extends Capability>> silent = Set.of();

    /** Lets sessions run out: whoever has one finds it closed. */
    public final Set<CameraSession> forgotten = ConcurrentHashMap.newKeySet();

    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final Optional<List<DriverSetting>> settings;

    public FakeDriver(String id) {
        this(id, Optional.empty());
    }

    /** One that says what can be set. */
    public FakeDriver(String id, DriverSetting... settings) {
        this(id, Optional.of(List.of(settings)));
    }

    private FakeDriver(String id, Optional<List<DriverSetting>> settings) {
        this(id, settings, List.of("rtsp", "rtsps"));
    }

    private FakeDriver(String id, Optional<List<DriverSetting>> settings, List<String> schemes) {
        this.settings = settings;
        this.info = new DriverInfo(id, id + " camera", "House", "rtsp://192.0.2.10/stream1", schemes, true);
    }

    /** {@return one that takes addresses of this scheme, and knows so much of what it finds} */
    public static FakeDriver knowing(String id, String scheme, DeviceSearch.Knowledge knowledge) {
        FakeDriver driver = new FakeDriver(id, Optional.empty(), List.of(scheme));
        driver.search = Optional.of(new DeviceSearch() {
            @Override
            public void search(int timeMs, Consumer<FoundDevice> found) {
                throw new AssertionError("nobody is looked for");
            }

            @Override
            public Knowledge knowledge() {
                return knowledge;
            }
        });
        return driver;
    }

    @Override
    public DriverInfo info() {
        return info;
    }

    @Override
    public Optional<List<DriverSetting>> settings() {
        return settings;
    }

    @Override
    public Optional<DeviceSearch> search() {
        return search;
    }

    @Override
    public CameraSession open(DeviceTarget target) throws DriverException {
        synchronized (opened) {
            opened.add(target);
            opened.notifyAll();
        }
        behaviour.run(target);
        Session session = new Session(target);
        sessions.add(session);
        return session;
    }

    /** {@return how many sessions are open} */
    public int openSessions() {
        return sessions.size();
    }

    /** {@return how many sessions are open that were opened with this time limit: it tells what they are for} */
    public int openSessions(int timeoutMs) {
        return (int) sessions.stream()
                .filter(session -> session.target.timeoutMs() == timeoutMs)
                .count();
    }

    /** The device forgets all sessions, as when it restarts. */
    public void forgetSessions() {
        forgotten.addAll(sessions);
    }

    /** Waits until the driver was asked with such a target: cameras are asked behind the caller's back. */
    public DeviceTarget awaitOpened(Predicate<DeviceTarget> wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S_MAX);
        synchronized (opened) {
            while (true) {
                Optional<DeviceTarget> found = opened.stream().filter(wanted).findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                assertThat(leftMs)
                        .as("the driver was asked only with " + opened)
                        .isPositive();
                opened.wait(leftMs);
            }
        }
    }

    private final class Session implements CameraSession {
        private final DeviceTarget target;
        private final Set<Class<? extends Capability>> lacking = silent;

        Session(DeviceTarget target) {
            this.target = target;
        }

        @Override
        public Map<Class<? extends Capability>, String> unanswered() {
            return lacking.stream().collect(Collectors.toMap(type -> type, type -> "It hangs"));
        }

        @Override
        public DeviceIdentity identity() throws DriverException {
            onIdentity.run(target);
            return anonymous
                    ? DeviceIdentity.UNKNOWN
                    : identities.getOrDefault(
                            String.valueOf(target.address().getHost()),
                            new DeviceIdentity("Maker", "Model", "1.0", "42", ""));
        }

        @Override
        public String endpoint() {
            return endpoint;
        }

        @Override
        public List<StreamOffer> streams() {
            List<StreamOffer> offers = new ArrayList<>();
            offers.add(offer(StreamRole.MAIN, target.address()));
            target.subAddress()
                    .or(() -> Optional.of(target.address().resolve("/sub")).filter(sub -> hasSub))
                    .ifPresent(sub -> offers.add(offer(StreamRole.SUB, sub)));
            offers.removeIf(offer -> hidden.contains(offer.role()));
            return offers;
        }

        private StreamOffer offer(StreamRole role, java.net.URI uri) {
            return new StreamOffer(
                    role,
                    uri.getPath(),
                    StreamEndpoint.rtspOverTcp(
                            java.net.URI.create(uri.toString().replaceFirst("^http:", "rtsp:") + query),
                            target.credentials()));
        }

        @Override
        public <C extends Capability> Optional<C> capability(Class<C> type) throws DriverException {
            if (forgotten.contains(this)) {
                throw new DriverException(DriverException.Kind.CLOSED, "The session has run out.");
            }
            if (type == PrivacyMasks.class) {
                return masks.map(type::cast);
            }
            Optional<C> own = eventsOf.apply(target).filter(type::isInstance).map(type::cast);
            return own.isPresent()
                    ? own
                    : device.filter(type::isInstance)
                            .filter(has -> !lacking.contains(type))
                            .map(type::cast);
        }

        @Override
        public void close() {
            onClose.run();
            sessions.remove(this);
        }
    }
}

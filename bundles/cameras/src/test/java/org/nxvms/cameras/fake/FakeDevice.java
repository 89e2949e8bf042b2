// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.DeviceAnalytics;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DeviceUsers;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzSpace;
import org.nxvms.driver.spi.PtzSpace.Axis;
import org.nxvms.driver.spi.PtzTours;
import org.nxvms.driver.spi.Reboot;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.driver.spi.Wording;
import org.nxvms.media.StreamRole;

/** A device that has every control function, outlives sessions and drivers, and notes what it is told. */
public final class FakeDevice
        implements Ptz,
                PtzPresets,
                PtzTours,
                DigitalIo,
                DeviceSnapshot,
                DeviceClock,
                Reboot,
                DeviceEvents,
                DeviceAnalytics,
                Imaging,
                EdgeRecordings,
                DeviceUsers,
                VideoEncoders,
                AudioOut {
    /** What happens before a call is answered. */
    public interface Behaviour {
        void run() throws DriverException;
    }

    public final List<String> told = new CopyOnWriteArrayList<>();
    public volatile Behaviour behaviour = () -> {};
    /** What becomes of what it was told, when it is not heard of afterwards. */
    public volatile Optional<DriverException> afterwards = Optional.empty();
    /** What is answered to who asks where it is, instead of that. */
    public volatile Optional<DriverException> lost = Optional.empty();

    /** What its feeds say; an exception ends a feed. */
    public final Sayings sayings = new Sayings();
    /** Whether its feeds wait without a thread. */
    public volatile boolean async;

    public volatile Aim aims = Aim.NONE;
    public volatile boolean replaces = true;
    public volatile byte[] picture = {(byte) 0xFF, (byte) 0xD8, 1, 2};
    public volatile Duration clockAhead = Duration.ofHours(5);
    /** Where it says that it looks, when that is not where it was told to. */
    public volatile Optional<Supplier<Map<Axis, Double>>> whereabouts = Optional.empty();
    /** Where it looked when it was told to keep that in the place of a preset. */
    public volatile Map<Axis, Double> keptAt = Map.of();

    private final Map<Axis, Double> position = new EnumMap<>(Map.of(Axis.PAN, 0.0, Axis.TILT, 0.0));
    private final List<Preset> presets = new ArrayList<>(List.of(new Preset("1", "Gate")));
    private final Map<String, String> image =
            new TreeMap<>(Map.of(BRIGHTNESS, "50", IR_CUT, "auto", "undescribed", "x"));
    private boolean output;

    private void tell(String what) throws DriverException {
        behaviour.run();
        told.add(what);
        if (afterwards.isPresent()) {
            throw afterwards.get();
        }
    }

    // ---- Ptz ----

    @Override
    public List<PtzSpace> spaces() {
        return List.of(
                PtzSpace.continuous(Axis.PAN),
                new PtzSpace(PtzSpace.Motion.ABSOLUTE, Axis.PAN, -180, 180, PtzSpace.Unit.DEGREES),
                new PtzSpace(PtzSpace.Motion.RELATIVE, Axis.PAN, -360, 360, PtzSpace.Unit.DEGREES));
    }

    @Override
    public Map<Axis, Double> position() throws DriverException {
        behaviour.run();
        if (lost.isPresent()) {
            throw lost.get();
        }
        return whereabouts.map(Supplier::get).orElseGet(() -> Map.copyOf(position));
    }

    @Override
    public void moveTo(Map<Axis, Double> target) throws DriverException {
        tell("to " + target);
        position.putAll(target);
    }

    @Override
    public void moveBy(Map<Axis, Double> distance) throws DriverException {
        tell("by " + distance);
    }

    @Override
    public void move(Map<Axis, Double> speed, int atMostMs) throws DriverException {
        tell("move " + speed);
    }

    @Override
    public void stop() throws DriverException {
        tell("stop");
    }

    @Override
    public Aim aims() {
        return aims;
    }

    @Override
    public void aim(double x, double y, double part) throws DriverException {
        tell("aim " + x + " " + y + " " + part);
    }

    // ---- PtzPresets, PtzTours ----

    @Override
    public List<Preset> presets() {
        return presets;
    }

    @Override
    public void go(String token) throws DriverException {
        if (presets.stream().noneMatch(preset -> preset.token().equals(token))) {
            throw new DriverException(Kind.NOT_FOUND, "The camera has no preset " + token + ".");
        }
        tell("preset " + token);
        position.put(Axis.PAN, Double.valueOf(token));
    }

    @Override
    public Preset keep(String name) {
        Preset kept = new Preset(String.valueOf(presets.size() + 1), name);
        presets.add(kept);
        return kept;
    }

    @Override
    public boolean replaces(String token) {
        return replaces;
    }

    @Override
    public Preset keep(String token, String name) throws DriverException {
        tell("replace " + token + " by " + name);
        keptAt = position();
        Preset kept = new Preset(token, name);
        presets.replaceAll(preset -> preset.token().equals(token) ? kept : preset);
        return kept;
    }

    @Override
    public void forget(String token) {
        presets.removeIf(preset -> preset.token().equals(token));
    }

    @Override
    public List<Tour> tours() {
        return List.of(new Tour("night", "Night round", told.contains("tour night")));
    }

    @Override
    public void start(String token) throws DriverException {
        tell("tour " + token);
    }

    @Override
    public void stop(String token) throws DriverException {
        tell("no tour " + token);
    }

    // ---- Imaging ----

    @Override
    public List<DriverSetting> settings() {
        return List.of(
                DriverSetting.integer(BRIGHTNESS, Wording.of("Brightness"), 0, 100),
                DriverSetting.choice(
                        IR_CUT,
                        Wording.of("Infrared cut filter"),
                        List.of(
                                new DriverSetting.Choice("on", Wording.of("Day")),
                                new DriverSetting.Choice("auto", Wording.of("Automatic")))));
    }

    @Override
    public List<Action> actions() {
        return List.of(new Action(WIPE, Wording.of("Wipe")));
    }

    @Override
    public Map<String, String> values() {
        return image;
    }

    @Override
    public void change(Map<String, String> changes) throws DriverException {
        tell("image " + new TreeMap<>(changes));
        image.putAll(changes);
    }

    @Override
    public void perform(String action) throws DriverException {
        tell("perform " + action);
    }

    // ---- DeviceUsers ----

    private final Map<String, Level> users = new LinkedHashMap<>(Map.of("admin", Level.ADMINISTRATOR));

    @Override
    public List<User> users() throws DriverException {
        behaviour.run();
        return users.entrySet().stream()
                .map(one -> new User(one.getKey(), one.getValue()))
                .toList();
    }

    @Override
    public void add(User user, String password) throws DriverException {
        if (users.containsKey(user.name())) {
            throw new DriverException(Kind.CONFIG, "The camera has a user " + user.name() + " already.");
        }
        tell("add " + user.name() + " " + password + " " + user.level());
        users.put(user.name(), user.level());
    }

    @Override
    public void change(String name, Optional<String> password, Optional<Level> level) throws DriverException {
        require(name);
        tell("change " + name + password.map(word -> " " + word).orElse("")
                + level.map(wanted -> " " + wanted).orElse(""));
        level.ifPresent(wanted -> users.put(name, wanted));
    }

    @Override
    public void remove(String name) throws DriverException {
        require(name);
        tell("remove " + name);
        users.remove(name);
    }

    private void require(String user) throws DriverException {
        if (!users.containsKey(user)) {
            throw new DriverException(Kind.NOT_FOUND, "The camera has no user " + user + ".");
        }
    }

    // ---- DeviceAnalytics ----

    public volatile Metadata metadata = new Metadata(StreamRole.MAIN, Carriage.CARRIED, "");

    @Override
    public Analysis analysis() throws DriverException {
        behaviour.run();
        return new Analysis(
                List.of(new Part("Fence", "LineDetector")),
                List.of("LineDetector", "FieldDetector"),
                List.of(new Part("", "CellMotionEngine")),
                List.of("CellMotionEngine"),
                List.of(metadata));
    }

    // ---- VideoEncoders ----

    private static final EncoderSettings.Resolution HD = new EncoderSettings.Resolution(1280, 720);
    private volatile EncoderSettings encoding = new EncoderSettings(
            org.nxvms.media.Codec.H264,
            HD,
            Optional.of(25.0),
            Optional.of(4_000),
            Optional.empty(),
            Optional.of(5.0),
            Optional.of(50),
            Optional.of("High"));

    @Override
    public List<Encoder> encoders() throws DriverException {
        behaviour.run();
        EncoderOptions options = new EncoderOptions(
                org.nxvms.media.Codec.H264,
                List.of(HD, new EncoderSettings.Resolution(640, 360)),
                Optional.of(new EncoderOptions.Range(5, 25)),
                List.of(25.0, 12.5, 5.0),
                Optional.of(new EncoderOptions.Range(64, 8_000)),
                false,
                Optional.of(new EncoderOptions.Range(0, 10)),
                Optional.of(new EncoderOptions.Range(1, 250)),
                List.of("Main", "High"));
        return List.of(new Encoder("main encoder", "Main", Set.of(StreamRole.MAIN), encoding, List.of(options)));
    }

    /** Takes all, but for its bit rate, which is at most 2000; less than 100 is not to its taste. */
    @Override
    public EncoderSettings set(String token, EncoderSettings wanted) throws DriverException {
        if (wanted.bitrateKbps().filter(rate -> rate < 100).isPresent()) {
            throw new DriverException(Kind.CONFIG, "The camera refuses it: too few bits for this resolution.");
        }
        tell("encode " + token + " " + wanted.values());
        EncoderSettings all = wanted.over(encoding);
        encoding = new EncoderSettings(
                all.codec(),
                all.resolution(),
                all.frameRate(),
                all.bitrateKbps().map(rate -> Math.min(2_000, rate)),
                all.constantBitrate(),
                all.quality(),
                all.keyFrameInterval(),
                all.profile());
        return encoding;
    }

    // ---- EdgeRecordings ----

    public static final Instant RECORDED = Instant.parse("2026-01-01T10:00:00Z");
    /** What a fetch reads, piece by piece; a failure breaks it off, and it ends with the last. */
    public final BlockingQueue<Object> footage = new LinkedBlockingQueue<>();

    @Override
    public List<Recording> recordings(Instant from, Instant to) {
        return List.of(
                new Recording("r1", RECORDED, Optional.of(RECORDED.plusSeconds(600))),
                new Recording("r2", RECORDED.plusSeconds(900), Optional.empty()));
    }

    @Override
    public Download fetch(String id, Instant from, Instant to) throws DriverException {
        if (!id.equals("r1")) {
            throw new DriverException(Kind.NOT_FOUND, "The camera has no recording " + id + ".");
        }
        tell("fetch " + id + " " + from + " " + to);
        return new Download() {
            @Override
            public String mediaType() {
                return "video/x-matroska";
            }

            @Override
            public int read(ByteBuffer into) throws DriverException, InterruptedException {
                behaviour.run();
                Object next = footage.poll(20, TimeUnit.MILLISECONDS);
                if (next instanceof DriverException failure) {
                    throw failure;
                }
                if (next == null) {
                    return -1;
                }
                byte[] bytes = (byte[]) next;
                into.put(bytes);
                return bytes.length;
            }

            @Override
            public void close() {
                told.add("fetched");
            }
        };
    }

    // ---- AudioOut ----

    public static final AudioOut.Format SPEECH = new AudioOut.Format(Codec.PCMU, 8_000, 1);
    /** What was played. */
    public final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();

    @Override
    public List<Format> formats() {
        return List.of(SPEECH);
    }

    @Override
    public Talk talk(Format format) throws DriverException {
        tell("talk " + format.codec());
        return new Talk() {
            @Override
            public void send(ByteBuffer frame) throws DriverException {
                behaviour.run();
                byte[] bytes = new byte[frame.remaining()];
                frame.get(bytes);
                heard.add(bytes);
            }

            @Override
            public void close() {
                told.add("silence");
            }
        };
    }

    // ---- the rest ----

    @Override
    public List<Port> ports() {
        return List.of(
                new Port("in1", "Door", Direction.INPUT, true), new Port("out1", "Siren", Direction.OUTPUT, output));
    }

    @Override
    public void set(String id, boolean on) throws DriverException {
        if (!id.equals("out1")) {
            throw new DriverException(Kind.NOT_FOUND, "The camera has no output " + id + ".");
        }
        output = on;
    }

    @Override
    public byte[] jpeg(StreamRole role) {
        return picture;
    }

    @Override
    public Instant now() {
        return Instant.now().plus(clockAhead);
    }

    @Override
    public void set(Instant time) {
        clockAhead = Duration.between(Instant.now(), time);
    }

    @Override
    public void reboot() throws DriverException {
        tell("reboot");
    }

    @Override
    public Feed subscribe() throws DriverException {
        tell("subscribe");
        if (async) {
            return new FakeAsyncFeed(sayings, () -> told.add("unsubscribe"));
        }
        return new Feed() {
            @Override
            public List<DeviceEvent> next(int waitMs) throws DriverException, InterruptedException {
                Object said = sayings.poll(waitMs, TimeUnit.MILLISECONDS);
                if (said instanceof DriverException failure) {
                    throw failure;
                }
                return said == null ? List.of() : List.of((DeviceEvent) said);
            }

            @Override
            public void close() {
                told.add("unsubscribe");
            }
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nxvms.archive.ArchiveProofs;
import org.nxvms.archive.ArchiveReader;
import org.nxvms.archive.ArchiveSettings;
import org.nxvms.archive.ArchiveStatements;
import org.nxvms.archive.ChunkArchive;
import org.nxvms.export.burn.Encoders;
import org.nxvms.export.pack.Manifest;
import org.nxvms.export.pack.PlainPair;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.export.BurnIn;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportOrder;
import org.nxvms.platform.api.export.ExportStore;
import org.nxvms.platform.api.worker.EncoderPlaces;
import org.nxvms.platform.api.worker.Transcoder;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.Volume;
import org.nxvms.test.kit.Awaiting;

/**
 * A real archive in a temporary folder with footage of synthetic cameras (25 pictures a second, a key frame every two, a chunk
 * every ten), and exports of it. The database is a list.
 */
public final class ExportScene implements AutoCloseable {
    public static final long T0 = 1_795_359_599_000_000L; // 2026-11-22T14:59:59Z
    public static final long SECOND_US = 1_000_000;
    public static final int FRAMES = 25;
    public static final UUID SERVER = UUID.fromString("99999999-0000-4000-8000-000000000001");
    public static final UUID GATE = UUID.fromString("11111111-2222-4333-8444-555555555555");
    public static final UUID YARD = UUID.fromString("22222222-2222-4333-8444-555555555555");
    public static final UUID OWNER = UUID.fromString("77777777-2222-4333-8444-555555555555");
    private static final int NAL_BYTES = 4_000;
    static final StreamFormat FORMAT = format();

    public final Path folder;
    public final AtomicLong nowUs = new AtomicLong(T0);
    /** What the database has; asked for again and again while other threads write. */
    private final Map<UUID, ExportJob> jobs = new ConcurrentHashMap<>();
    /** Free bytes that the disk of packages claims. */
    public volatile long usableBytes = 1L << 40;

    /** Asked for them. */
    volatile Usable usable = () -> usableBytes;

    public volatile ExportLimits limits;
    /** The time by which packages grow old: the clock's, unless that is not believed. */
    volatile LongSupplier ageUs = nowUs::get;

    /** What has passed in truth. */
    volatile LongSupplier livedNanos = () -> ageUs.getAsLong() * 1_000;

    /** Whether the server's key can be had. */
    volatile boolean signs = true;

    /** Asked before a segment is opened. */
    volatile Gate gate = segment -> {};

    /** Encodes pictures anew, while it is there. */
    volatile Optional<Transcoder> transcoder = Optional.empty();

    /** Has places for encodings, where somebody has. */
    volatile Optional<EncoderPlaces> places = Optional.empty();

    private final FileVolume disk;
    private final ChunkArchive chunks;
    private final List<Segment> rows = new CopyOnWriteArrayList<>();
    private final Map<UUID, Gap> gaps = new ConcurrentHashMap<>();
    private final Archive archive;
    private Exports exports;

    /** May throw, or wait. */
    @FunctionalInterface
    interface Gate {
        void pass(UUID segmentId) throws IOException;
    }

    /** May throw, or wait. */
    @FunctionalInterface
    interface Usable {
        long bytes() throws IOException;
    }

    public ExportScene(Path folder) {
        this.folder = folder;
        limits = new ExportLimits(folder.resolve("exports"), 1L << 40, 1 << 20, 1, 10, 5, 72, 1L << 40, 31);
        disk = new FileVolume(new FileVolume.Settings(
                "main", folder.resolve("archive"), 0, 0, -1, true, SERVER, folder.resolve("volumes")));
        disk.checkNow();
        chunks = new ChunkArchive(SERVER, folder, new ArchiveSettings(10, 256 << 20, 5, 1, 24, 5), nowUs::get);
        chunks.setIndex(index());
        chunks.addVolume(disk, Map.of(Volume.PROPERTY_KIND, "file"));
        archive = gated(new ArchiveReader(chunks));
        await(() -> archive.volumes().get(0).status().equals("ready") && takesFootage());
    }

    /** What a start may have left is looked for first. */
    private boolean takesFootage() {
        try {
            StreamId anybody = StreamId.main(new UUID(9, 9));
            FootageTerms terms = FootageTerms.days(30);
            chunks.openRun(
                            chunks.volumeFor(anybody, terms),
                            new FootageSink.RunRequest(anybody, FORMAT, T0, ClockSource.ARRIVAL, terms))
                    .close();
            return true;
        } catch (FootageSink.RefusedException notYet) {
            return false;
        }
    }

    public Archive archive() {
        return archive;
    }

    public ArchiveKeys keys() {
        return new ArchiveProofs(chunks);
    }

    /** {@return exports as after a start of the server} Waits until they are read. */
    public Exports start() {
        ArchiveStatements statements = new ArchiveStatements(chunks);
        Sources sources = new Sources(
                archive,
                SERVER,
                "house",
                "NXvms test",
                id -> Optional.of(id.equals(GATE) ? "Gate / North" : "Yard"),
                payload -> signs ? statements.sign(Manifest.STATEMENT, payload) : Optional.empty(),
                () -> keys().keys().stream().collect(Collectors.toMap(ArchiveKeys.Key::id, ArchiveKeys.Key::pem)),
                Optional.of(new PlainPair()),
                new Encoders(() -> transcoder, () -> places));
        exports = new Exports(
                () -> Optional.of(sources),
                () -> Optional.of(store()),
                SERVER,
                limits,
                new ExportClocks(this::now, () -> OptionalLong.of(ageUs.getAsLong()), () -> livedNanos.getAsLong()),
                where -> usable.bytes());
        Exports started = exports;
        await(started::isReady);
        return started;
    }

    public Instant now() {
        return Instant.ofEpochMilli(nowUs.get() / 1_000);
    }

    /** Records whole seconds and ends the run; its chunks are sealed on return. */
    public void record(StreamId stream, long startUs, int seconds) throws Exception {
        record(stream, FORMAT, startUs, seconds, SECOND_US, second -> fragment(startUs, second));
    }

    /** As above, by a camera whose second takes so long by the server's clock. */
    void recordApart(StreamId stream, long startUs, int seconds, long secondUs) throws Exception {
        record(stream, FORMAT, startUs, seconds, secondUs, second -> fragment(startUs, second));
    }

    /** As above, what can be decoded. */
    void record(StreamId stream, RealFootage footage, long startUs) throws Exception {
        int seconds = footage.pictures().size() / FRAMES;
        record(stream, footage.format(), startUs, seconds, SECOND_US, second ->
                new ByteBuffer[] {footage.fragment(second)});
    }

    /** {@return a second of footage} */
    @FunctionalInterface
    interface Film {
        ByteBuffer[] second(int number) throws Exception;
    }

    void record(StreamId stream, StreamFormat format, long startUs, int seconds, long secondUs, Film film)
            throws Exception {
        FootageTerms terms = FootageTerms.days(30);
        long endUs = startUs + seconds * secondUs;
        nowUs.accumulateAndGet(endUs, Math::max);
        try (FootageSink.Run run = chunks.openRun(
                chunks.volumeFor(stream, terms),
                new FootageSink.RunRequest(stream, format, startUs, ClockSource.ARRIVAL, terms))) {
            for (int i = 0; i < seconds; i++) {
                ByteBuffer[] parts = film.second(i);
                run.append(parts, parts.length, startUs + i * secondUs, secondUs, i % 2 == 0, FRAMES, () -> true);
            }
            run.end(endUs);
        }
        await(() -> rows.stream()
                        .filter(row -> row.stream().equals(stream) && row.startUs() >= startUs)
                        .mapToLong(Segment::accessUnits)
                        .sum()
                == (long) seconds * FRAMES);
    }

    /** Says that there is no footage of a stream from now on. */
    public void gap(StreamId stream, long fromUs, GapCause cause) {
        chunks.gap(stream, fromUs, cause, "as told");
        await(() -> gaps.values().stream().anyMatch(gap -> gap.stream().equals(stream)));
    }

    /** {@return an order of somebody, of a second of one camera} */
    ExportJob jobOf(UUID owner) {
        return job(owner, ExportOrder.Form.MP4, ExportOrder.Cut.KEY_FRAME, T0, T0 + SECOND_US, GATE);
    }

    public ExportJob job(ExportOrder.Form form, long fromUs, long toUs, UUID... cameras) {
        return job(OWNER, form, ExportOrder.Cut.KEY_FRAME, fromUs, toUs, cameras);
    }

    /** {@return an order of the pictures of a range and no others} */
    ExportJob exactJob(long fromUs, long toUs, UUID... cameras) {
        return job(OWNER, ExportOrder.Form.MP4, ExportOrder.Cut.EXACT, fromUs, toUs, cameras);
    }

    /** {@return an order of pictures with something burned in, of one camera unless others are named} */
    ExportJob burnedJob(
            ExportOrder.Form form, ExportOrder.Cut cut, long fromUs, long toUs, BurnIn burnIn, UUID... cameras) {
        List<UUID> ids = cameras.length == 0 ? List.of(GATE) : List.of(cameras);
        return job(OWNER, new ExportOrder(ids, StreamRole.MAIN, fromUs, toUs, form, cut, "theft", burnIn, true));
    }

    private ExportJob job(
            UUID owner, ExportOrder.Form form, ExportOrder.Cut cut, long fromUs, long toUs, UUID... cameras) {
        return job(owner, new ExportOrder(List.of(cameras), StreamRole.MAIN, fromUs, toUs, form, cut, "theft"));
    }

    ExportJob job(UUID owner, ExportOrder order) {
        return new ExportJob(
                UUID.randomUUID(),
                SERVER,
                owner,
                "anna",
                now(),
                order,
                Set.of(),
                ExportJob.State.WAITING,
                "",
                0,
                Optional.empty(),
                Optional.empty());
    }

    /** {@return the package of an order, done} */
    public Path make(Exports book, ExportJob job) throws Exception {
        book.order(job, 1);
        await(() -> book.find(job.id()).orElseThrow().job().finished().isPresent());
        ExportJob ended = book.find(job.id()).orElseThrow().job();
        assertThat(ended.state()).as(ended.detail()).isEqualTo(ExportJob.State.DONE);
        return book.whole(job.id()).orElseThrow();
    }

    /** {@return the n-th second of a run, as recorded} */
    static ByteBuffer[] fragment(long runStartUs, int second) {
        boolean key = second % 2 == 0;
        FragmentBuilder builder = new FragmentBuilder(1, FRAMES);
        builder.begin(second + 1);
        for (int i = 0; i < FRAMES; i++) {
            long time = (long) second * 90_000 + i * 3_600L;
            builder.add(0, time, time, 4 + NAL_BYTES, key && i == 0);
        }
        builder.endAt(0, (second + 1) * 90_000L);
        builder.wallClock(runStartUs + second * SECOND_US);
        ByteBuffer header = ByteBuffer.allocate(builder.headerBytes());
        builder.writeHeader(header);
        return new ByteBuffer[] {header.flip(), payload(runStartUs, second)};
    }

    /** {@return pictures that tell when they were taken} */
    static ByteBuffer payload(long runStartUs, int second) {
        ByteBuffer payload = ByteBuffer.allocate(FRAMES * (4 + NAL_BYTES));
        long wallUs = runStartUs + second * SECOND_US;
        for (int i = 0; i < FRAMES; i++) {
            payload.putInt(NAL_BYTES).put((byte) (second % 2 == 0 && i == 0 ? 0x65 : 0x41));
            payload.putLong(wallUs).put((byte) i);
            while (payload.position() < (i + 1) * (4 + NAL_BYTES)) {
                payload.put((byte) (i * 7 + second * 31 + payload.position() | 1));
            }
        }
        return payload.flip();
    }

    private static StreamFormat format() {
        byte[] sps = HexFormat.of().parseHex("67640c28ac18d00f0044fcb00f08846a");
        byte[] pps = HexFormat.of().parseHex("68ee3c80");
        try {
            return new StreamFormat(List.of(TrackFormats.h264(new AvcConfig(List.of(sps), List.of(pps)))));
        } catch (NalException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private Archive gated(Archive whole) {
        return (Archive) Proxy.newProxyInstance(
                Archive.class.getClassLoader(), new Class<?>[] {Archive.class}, (self, method, arguments) -> {
                    if (method.getName().equals("open")) {
                        gate.pass((UUID) arguments[0]);
                    }
                    try {
                        return method.invoke(whole, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private ChunkIndex index() {
        return (ChunkIndex) Proxy.newProxyInstance(
                ChunkIndex.class.getClassLoader(), new Class<?>[] {ChunkIndex.class}, (self, method, arguments) -> {
                    switch (method.getName()) {
                        case "insert" ->
                            ((List<?>) arguments[0])
                                    .forEach(row -> rows.add(((ChunkIndex.StoredSegment) row).segment()));
                        case "saveGaps" ->
                            ((List<?>) arguments[0]).forEach(gap -> gaps.put(((Gap) gap).id(), (Gap) gap));
                        case "get" -> {
                            return rows.stream()
                                    .filter(row -> row.id().equals(arguments[0]))
                                    .findFirst();
                        }
                        case "withInit" -> {
                            return rows.stream()
                                    .filter(row -> row.initId().equals(arguments[0]))
                                    .limit((int) arguments[1])
                                    .toList();
                        }
                        case "find" -> {
                            return find(arguments);
                        }
                        case "streams" -> {
                            return rows.stream()
                                    .map(Segment::stream)
                                    .filter(stream -> ((Optional<?>) arguments[0])
                                            .filter(stream.cameraId()::equals)
                                            .isPresent())
                                    .distinct()
                                    .toList();
                        }
                        default -> {
                            return nothing(self, method, arguments);
                        }
                    }
                    return null;
                });
    }

    private List<Segment> find(Object[] arguments) {
        return rows.stream()
                .filter(row -> row.stream().equals(arguments[0])
                        && row.endUs() > (Long) arguments[1]
                        && row.startUs() < (Long) arguments[2])
                .sorted(Comparator.comparingLong(Segment::startUs))
                .limit((Integer) arguments[3])
                .toList();
    }

    private Object nothing(Object self, Method method, Object[] arguments) {
        if (method.getName().equals("findGaps") && arguments.length == 4) {
            return gaps.values().stream()
                    .filter(gap -> gap.stream().equals(arguments[0]))
                    .toList();
        }
        Class<?> type = method.getReturnType();
        if (type == boolean.class) {
            return arguments != null && self == arguments[0];
        }
        if (type == int.class) {
            return 0;
        }
        if (type == long.class) {
            return 0L;
        }
        if (type == ChunkIndex.Usage.class) {
            return new ChunkIndex.Usage(0, rows.size());
        }
        if (type == Duration.class) {
            return Duration.ZERO;
        }
        return type == List.class
                ? List.of()
                : type == Optional.class ? Optional.empty() : type == Map.class ? Map.of() : null;
    }

    public List<Segment> segments(UUID camera) {
        return rows.stream()
                .filter(row -> row.stream().cameraId().equals(camera))
                .sorted(Comparator.comparingLong(Segment::startUs))
                .toList();
    }

    public Path file(Segment segment) {
        return folder.resolve("archive").resolve(segment.path());
    }

    /** {@return names of what lies in the folder of packages} */
    public List<String> packages() {
        Path where = folder.resolve("exports");
        if (!Files.isDirectory(where)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(where)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** The database goes back to a job that is being made. */
    void storeAsRunning(UUID id) {
        jobs.computeIfPresent(id, (same, job) -> job.running());
    }

    /** {@return the jobs that the database has} */
    public List<ExportJob> stored() {
        return List.copyOf(jobs.values());
    }

    private ExportStore store() {
        return new ExportStore() {
            @Override
            public List<ExportJob> jobs(UUID serverId) {
                return stored();
            }

            @Override
            public void insert(ExportJob job) {
                jobs.put(job.id(), job);
            }

            @Override
            public boolean update(ExportJob job) {
                return jobs.replace(job.id(), job) != null;
            }

            @Override
            public boolean delete(UUID id) {
                return jobs.remove(id) != null;
            }
        };
    }

    /** Waits until the condition holds. Other threads do the work. */
    public static void await(BooleanSupplier condition) {
        Awaiting.until("what the story waits for", condition);
    }

    @Override
    public void close() {
        if (exports != null) {
            exports.close();
        }
        chunks.close();
        disk.close();
    }
}

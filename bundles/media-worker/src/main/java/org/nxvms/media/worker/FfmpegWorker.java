// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.worker.wire.StillOrder;
import org.nxvms.platform.api.worker.LumaPictures;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.platform.api.worker.SourceDoor;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceRequest;
import org.nxvms.platform.api.worker.SourceSession;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.platform.api.worker.TranscodeSession;
import org.nxvms.platform.api.worker.Transcoder;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The service: a child for each source and for each encoding, one for all stills, one for who only compares pictures. */
@Component(
        service = {MediaWorker.class, Transcoder.class, LumaPictures.class},
        configurationPid = "org.nxvms.media.worker")
@Designate(ocd = FfmpegWorker.Config.class)
public final class FfmpegWorker implements MediaWorker, Transcoder, LumaPictures {
    /** Settings of PID {@code org.nxvms.media.worker}. Limits apply at once, to running processes too; the heap to new ones. */
    @ObjectClassDefinition(name = "NXvms media worker", description = "Processes that run FFmpeg for the server")
    public @interface Config {
        @AttributeDefinition(
                name = "Libraries",
                description = "Folder with the jars of JavaCPP and FFmpeg; empty means lib/media-worker of the server")
        String libraries() default "";

        @AttributeDefinition(
                name = "Java heap (MiB)",
                description = "Of one process; packets pass through it, pictures do not",
                min = "32",
                max = "1024")
        int heapMiB() default 48;

        @AttributeDefinition(
                name = "Memory (MiB)",
                description = "A process that holds more, Java and FFmpeg together, is ended",
                min = "96",
                max = "8192")
        int memoryMaxMiB() default 256;

        @AttributeDefinition(
                name = "Start time-out (ms)",
                description = "The first start unpacks FFmpeg and takes seconds",
                min = "1000",
                max = "120000")
        int startTimeoutMs() default 20_000;

        @AttributeDefinition(
                name = "Hang time-out (ms)",
                description = "A process that gives no sign of life for so long is ended; it gives one every 500 ms",
                min = "2000",
                max = "60000")
        int hangTimeoutMs() default 4_000;

        @AttributeDefinition(
                name = "Processes",
                description = "At most so many sources and encodings at once; each costs about 80 MiB",
                min = "1",
                max = "1024")
        int processesMax() default 64;
    }

    private static final long STOP_TIMEOUT_MS = 2_000;
    private static final long STILLS_IDLE_MS = 60_000;

    private final Launcher launcher;
    private final ChildWatch watch;
    private final Set<SourceProcess> sources = new HashSet<>();
    /** Guarded by {@link #sources}, too. */
    private final Set<TranscodeProcess> encodings = new HashSet<>();

    private final AtomicInteger numbers = new AtomicInteger();
    private final StillProcess stills;
    /** Takes what others leave of the processor. */
    private final StillProcess lumas;
    /** Guarded by {@link #sources}, as is whether another source may begin. */
    private boolean closed;

    @Activate
    public FfmpegWorker(BundleContext context, Config config) {
        this(
                new Launcher(
                        new ChildClasses(
                                context.getBundle(),
                                context.getDataFile("classes").toPath())::folder,
                        libraries(config),
                        Path.of(
                                System.getProperty("karaf.data", System.getProperty("java.io.tmpdir")),
                                "media-worker")),
                Limits.of(config));
    }

    FfmpegWorker(Launcher launcher, Limits limits) {
        this.launcher = launcher;
        this.watch = new ChildWatch(limits, new Remains(launcher.work()));
        this.stills = new StillProcess(handler -> new Child("stills", launcher, watch, handler));
        this.lumas = new StillProcess(handler -> new Child("lumas", launcher.gently(), watch, handler));
        this.watch.also(() -> stills.endIfIdle(STILLS_IDLE_MS));
        this.watch.also(() -> lumas.endIfIdle(STILLS_IDLE_MS));
    }

    private static Path libraries(Config config) {
        return config.libraries().isBlank()
                ? Path.of(System.getProperty("karaf.home", "."), "lib", "media-worker")
                : Path.of(config.libraries());
    }

    @Modified
    void modified(Config config) {
        watch.limits(Limits.of(config));
    }

    @Deactivate
    void close() {
        List<SourceProcess> running;
        List<TranscodeProcess> encoding;
        synchronized (sources) {
            closed = true;
            running = List.copyOf(sources);
            encoding = List.copyOf(encodings);
        }
        running.forEach(SourceProcess::close);
        encoding.forEach(TranscodeProcess::close);
        long deadlineNs = System.nanoTime() + STOP_TIMEOUT_MS * 1_000_000;
        running.forEach(source -> source.await((deadlineNs - System.nanoTime()) / 1_000_000));
        encoding.forEach(one -> one.await((deadlineNs - System.nanoTime()) / 1_000_000));
        stills.close(STOP_TIMEOUT_MS);
        lumas.close(STOP_TIMEOUT_MS);
        watch.close();
    }

    @Override
    public SourceSession open(SourceRequest request, SourceDoor door, SourceListener listener) {
        String name = request.uri().getScheme().toLowerCase(Locale.ROOT) + "-" + numbers.incrementAndGet();
        SourceProcess source = new SourceProcess(name, request, door, listener, this::over);
        source.attach(new Child(name, launcher, watch, source));
        synchronized (sources) {
            Optional<String> refusal = refusal();
            if (refusal.isPresent()) {
                return refuse(listener, refusal.get());
            }
            sources.add(source);
            // Within: whoever closes finds a source that has begun, and waits for its end.
            boolean started = false;
            try {
                source.start();
                started = true;
            } finally {
                if (!started) {
                    sources.remove(source);
                }
            }
        }
        return source;
    }

    private void over(SourceProcess source) {
        synchronized (sources) {
            sources.remove(source);
        }
    }

    @Override
    public TranscodeSession transcode(TranscodeRequest request, SourceListener listener) {
        TranscodeProcess encoding = new TranscodeProcess(request, listener, this::over);
        encoding.attach(new Child("encode-" + numbers.incrementAndGet(), launcher.gently(), watch, encoding));
        synchronized (sources) {
            Optional<String> refusal = refusal();
            if (refusal.isPresent()) {
                refuse(listener, refusal.get());
                encoding.refuse();
                return encoding;
            }
            encodings.add(encoding);
            boolean started = false;
            try {
                encoding.start();
                started = true;
            } finally {
                if (!started) {
                    encodings.remove(encoding);
                }
            }
        }
        return encoding;
    }

    private void over(TranscodeProcess encoding) {
        synchronized (sources) {
            encodings.remove(encoding);
        }
    }

    /** {@return why no further process may begin} The caller holds {@link #sources}. */
    private Optional<String> refusal() {
        int running = sources.size() + encodings.size();
        if (closed) {
            return Optional.of("the media worker is stopping");
        }
        return running < watch.limits().processesMax()
                ? Optional.empty()
                : Optional.of("already " + running + " sources and encodings are open, as many as processesMax in"
                        + " etc/org.nxvms.media.worker.cfg allows");
    }

    private static SourceSession refuse(SourceListener listener, String why) {
        Thread thread = new Thread(
                () -> listener.ended(new SourceEnd(Kind.BUSY, GapCause.WORKER_FAILED, why)),
                "nxvms-ctl-worker-refusal");
        thread.setDaemon(true);
        thread.start();
        return () -> {};
    }

    @Override
    public byte[] jpeg(TrackFormat track, ByteBuffer picture, int widthMax, int timeoutMs) throws DriverException {
        checkStill(widthMax, timeoutMs);
        byte[] bytes = bytes(picture);
        if (track.codec() == Codec.MJPEG && track.width() <= widthMax) {
            return bytes;
        }
        String codec = stillDecoder(track);
        return stills.make(
                number -> StillOrder.ofKey(number, codec, track.configuration(), widthMax, bytes),
                List.of(),
                timeoutMs);
    }

    @Override
    public byte[] jpeg(TrackFormat track, List<CodedPicture> pictures, long wanted, int widthMax, int timeoutMs)
            throws DriverException {
        checkStill(widthMax, timeoutMs);
        if (pictures.isEmpty() || pictures.size() > PICTURES_MAX) {
            throw new IllegalArgumentException("1.." + PICTURES_MAX + " pictures, not " + pictures.size());
        }
        String codec = stillDecoder(track);
        List<StillOrder.Picture> all = pictures.stream()
                .map(picture -> new StillOrder.Picture(picture.time(), bytes(picture.data())))
                .toList();
        return stills.make(
                number -> new StillOrder(
                        number, codec, track.configuration(), widthMax, 0, all.get(0), all.size() - 1, wanted),
                all.subList(1, all.size()),
                timeoutMs);
    }

    private static void checkStill(int widthMax, int timeoutMs) {
        if (widthMax < 16 || widthMax > 7680) {
            throw new IllegalArgumentException("widthMax must be 16..7680, not " + widthMax);
        }
        checkPatience(timeoutMs);
    }

    private static void checkPatience(int timeoutMs) {
        if (timeoutMs < 100 || timeoutMs > 30_000) {
            throw new IllegalArgumentException("timeoutMs must be 100..30000, not " + timeoutMs);
        }
    }

    @Override
    public byte[] luma(TrackFormat track, ByteBuffer picture, int columns, int rows, int timeoutMs)
            throws DriverException {
        if (columns < 2 || columns > COLUMNS_MAX || rows < 2 || rows > ROWS_MAX) {
            throw new IllegalArgumentException("2..256 cells across and down, not " + columns + " x " + rows);
        }
        checkPatience(timeoutMs);
        byte[] bytes = bytes(picture);
        String codec = stillDecoder(track);
        byte[] luma = lumas.make(
                number -> StillOrder.ofLuma(
                        number, codec, track.configuration(), new StillOrder.Cells(columns, rows), bytes),
                List.of(),
                timeoutMs);
        if (luma.length != columns * rows) {
            throw new DriverException(Kind.UNSUPPORTED, "the media process told " + luma.length + " cells");
        }
        return luma;
    }

    private static byte[] bytes(ByteBuffer picture) {
        byte[] bytes = new byte[picture.remaining()];
        picture.get(bytes);
        return bytes;
    }

    private static String stillDecoder(TrackFormat track) throws DriverException {
        return decoder(track.codec())
                .orElseThrow(() -> new DriverException(
                        Kind.UNSUPPORTED, "no still can be made of " + track.codec() + " pictures"));
    }

    /** {@return FFmpeg's name of what decodes such pictures} */
    static Optional<String> decoder(Codec codec) {
        return switch (codec) {
            case H264 -> Optional.of("h264");
            case HEVC -> Optional.of("hevc");
            case MJPEG -> Optional.of("mjpeg");
            default -> Optional.empty();
        };
    }

    /** {@return FFmpeg's name of what decodes such sound} */
    static Optional<String> soundDecoder(Codec codec) {
        return switch (codec) {
            case AAC -> Optional.of("aac");
            case PCM_ALAW -> Optional.of("pcm_alaw");
            case PCM_MULAW -> Optional.of("pcm_mulaw");
            default -> Optional.empty();
        };
    }
}

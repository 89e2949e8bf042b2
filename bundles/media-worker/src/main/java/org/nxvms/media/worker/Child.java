// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.FrameReader;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.WireException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One child process from its start to its end, with a thread that reads its frames. Ends, and says so once, whatever happens:
 * the child exits, crashes, hangs, grows, talks nonsense, or is not wanted any more. Never outlives the server: the child
 * ends when its standard input does.
 */
final class Child implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Child.class);
    /** Enough of a JVM's last words. */
    private static final int LAST_WORDS_MAX = 500;
    /** What a JVM prints to standard error is a few lines; more is a fault that would fill a disk. */
    private static final long ERROR_BYTES_MAX = 1 << 20;

    private static final long END_WAIT_MS = 2_000;

    /** Who is told. All calls on the child's thread. */
    interface Handler {
        /** The child can take orders. */
        void ready(FrameWriter orders) throws IOException;

        /** A frame of a type that belongs to the task. */
        void frame(int type, ByteBuffer body) throws IOException;

        /** {@return how what it says is written down} */
        default Words words() {
            return new Words();
        }

        /** The process is gone; the last call. */
        void gone(Loss loss);
    }

    private final String name;
    private final Launcher launcher;
    private final ChildWatch watch;
    private final Words words;
    private final Handler handler;
    private final Chatter chatter = new Chatter();
    private final AtomicReference<Loss> verdict = new AtomicReference<>();
    private final Thread thread;
    private volatile Process process;
    private volatile Path errors;
    private volatile boolean greeted;
    private volatile long lastSignNs = System.nanoTime();

    /** @param name of the thread and in the log */
    Child(String name, Launcher launcher, ChildWatch watch, Handler handler) {
        this.name = name;
        this.launcher = launcher;
        this.watch = watch;
        this.words = handler.words();
        this.handler = handler;
        this.thread = new Thread(this, "nxvms-io-worker-" + name);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends the process because it is not wanted any more. Any thread, never blocks. */
    void close() {
        end(Loss.ASKED);
    }

    void await(long timeoutMs) {
        try {
            thread.join(Math.max(1, timeoutMs));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first reason counts. */
    private void end(Loss loss) {
        verdict.compareAndSet(null, loss);
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }

    @Override
    public void run() {
        Loss loss;
        try {
            errors = watch.remains().errors();
            process = launcher.start(watch.limits(), errors);
            lastSignNs = System.nanoTime();
            giveWay();
            watch.add(this);
            if (verdict.get() != null) {
                process.destroyForcibly();
            }
            read();
            end(Loss.of("the media process ended by itself"));
        } catch (WireException nonsense) {
            end(Loss.of(
                    crashes()
                            ? "the media process crashed"
                            : "the media process does not keep to its protocol: " + nonsense.getMessage()));
        } catch (IOException broken) {
            end(
                    process == null
                            ? Loss.of("no media process could be started: " + broken.getMessage())
                            : Loss.of("the connection to the media process broke"));
        } catch (RuntimeException fault) {
            LOG.error("Media process {}: internal fault, the process is ended", name, fault);
            end(Loss.of("internal fault: " + fault));
        } finally {
            watch.remove(this);
            loss = bury();
        }
        handler.gone(loss);
    }

    private void read() throws IOException {
        FrameReader frames = new FrameReader(process.getInputStream());
        int type = frames.next();
        while (type >= 0) {
            lastSignNs = System.nanoTime();
            switch (type) {
                case FrameType.HEARTBEAT -> {
                    // The sign of life was noted.
                }
                case FrameType.HELLO -> greet(frames.body());
                case FrameType.LOG -> log(Body.text(frames.body()));
                default -> {
                    if (!greeted) {
                        throw new WireException("frame " + type + " before the greeting");
                    }
                    handler.frame(type, frames.body());
                }
            }
            type = frames.next();
        }
    }

    /**
     * A JVM that crashes says so on standard output, amidst the frames, and then needs a moment for its report. Waits for less
     * than the watch, which would end it as one that hangs.
     */
    private boolean crashes() {
        try {
            return process.waitFor(watch.limits().hangTimeoutMs() * 3L / 4, TimeUnit.MILLISECONDS)
                    && watch.remains().report(process.pid()).isPresent();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void log(String said) {
        chatter.line(words.forLog(said), lastSignNs).ifPresent(line -> LOG.info("FFmpeg for {}: {}", name, line));
    }

    private void greet(ByteBuffer body) throws IOException {
        if (greeted || Body.number(body) != FrameType.MAGIC || Body.number(body) != FrameType.VERSION) {
            throw new WireException("it speaks another version; the installation is mixed");
        }
        LOG.debug(
                "Media process {} runs as process {} with FFmpeg {}",
                name,
                process.pid(),
                words.forLog(Body.text(body)));
        greeted = true;
        handler.ready(new FrameWriter(new BufferedOutputStream(process.getOutputStream(), 64 << 10)));
    }

    /** When memory runs out, the kernel shall take this process rather than the server. */
    private void giveWay() {
        try {
            Files.writeString(Path.of("/proc", Long.toString(process.pid()), "oom_score_adj"), "600");
        } catch (IOException notLinux) {
            LOG.debug("Media process {} keeps its place in the kernel's order", name);
        }
    }

    /** Makes sure that the process is gone. {@return how it came to its end} */
    private Loss bury() {
        Loss loss = verdict.get();
        Process gone = process;
        if (gone != null) {
            gone.destroyForcibly();
            try {
                gone.waitFor(END_WAIT_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }
        String last = words.forLog(lastWords());
        Optional<Path> report =
                gone == null ? Optional.empty() : watch.remains().bury(gone.pid());
        if (!loss.asked()) {
            LOG.warn(
                    "Media process {} is lost: {}{}{}",
                    name,
                    loss.detail(),
                    last.isEmpty() ? "" : ". It said: " + last,
                    report.map(file -> ". Its JVM's report: " + file).orElse(""));
        }
        return loss;
    }

    private String lastWords() {
        Path file = errors;
        if (file == null) {
            return "";
        }
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LAST_WORDS_MAX), StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            return "";
        } finally {
            Remains.delete(file);
        }
    }

    // ---- the watch, on its own thread ----

    /** The server itself was not running for a while: what the child said meanwhile is still unread. */
    void excuse() {
        lastSignNs = System.nanoTime();
    }

    void check(Limits limits, long nowNs) {
        Process running = process;
        if (running == null || verdict.get() != null) {
            return;
        }
        long silentMs = (nowNs - lastSignNs) / 1_000_000;
        long residentMiB = residentMiB(running.pid());
        if (!greeted && silentMs > limits.startTimeoutMs()) {
            end(Loss.of("the media process did not start within " + limits.startTimeoutMs() / 1000 + " s"));
        } else if (greeted && silentMs > limits.hangTimeoutMs()) {
            end(Loss.of("the media process hung: no sign of life for " + silentMs / 1000 + " s"));
        } else if (residentMiB > limits.memoryMaxMiB()) {
            end(Loss.of("the media process used " + residentMiB + " MiB of memory, more than the "
                    + limits.memoryMaxMiB() + " MiB allowed (memoryMaxMiB in etc/org.nxvms.media.worker.cfg)"));
        } else if (errors.toFile().length() > ERROR_BYTES_MAX) {
            end(Loss.of("the media process wrote more than " + ERROR_BYTES_MAX + " bytes of error output"));
        }
    }

    /** {@return resident memory; 0 when the kernel does not say} */
    private static long residentMiB(long pid) {
        try {
            String[] pages = Files.readString(Path.of("/proc", Long.toString(pid), "statm"))
                    .split(" ", 3);
            return Long.parseLong(pages[1]) * 4096 >> 20;
        } catch (IOException | RuntimeException notToldOrGone) {
            return 0;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * What one user has of a camera by many ways at once, and when each way ended. It also asks the server all the time how it is:
 * as long as that takes, the machine stood still, and ends may be that much later.
 */
final class RunningViews implements Closeable {
    private static final int SECONDS_MAX = 120;
    private static final long ASK_EVERY_NS = 50_000_000;
    private static final int PACKETS_MIN = 50;
    private static final Set<Integer> REFUSED = Set.of(401, 403, 404);

    private final PackedServer server;
    private final Api user;
    private final AccessMatrix matrix;
    private final Map<String, CompletableFuture<Long>> ends = new LinkedHashMap<>();
    private final List<Closeable> open = new ArrayList<>();
    private final List<RtspView> rtsp = new ArrayList<>();
    private final Set<String> files = new HashSet<>();
    private final AtomicLong longestAnswerNs = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "running-views");
        thread.setDaemon(true);
        return thread;
    });

    RunningViews(PackedServer server, Api user) {
        this.server = server;
        this.user = user;
        this.matrix = new AccessMatrix(user);
        threads.execute(this::probe);
    }

    private void probe() {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest health = HttpRequest.newBuilder(URI.create(user.base() + "/api/v1/health"))
                .build();
        try {
            while (!threads.isShutdown()) {
                long askedNs = System.nanoTime();
                client.send(health, HttpResponse.BodyHandlers.discarding());
                longestAnswerNs.accumulateAndGet(System.nanoTime() - askedNs, Math::max);
                LockSupport.parkNanos(ASK_EVERY_NS);
            }
        } catch (IOException | InterruptedException e) {
            // All views have ended, and the server with them.
        }
    }

    private interface Ending {
        /** {@return when it ended} */
        long await() throws Exception;
    }

    private void ends(String way, Ending ending) {
        CompletableFuture<Long> end = new CompletableFuture<>();
        ends.put(way, end);
        threads.execute(() -> {
            try {
                end.complete(ending.await());
            } catch (Exception | AssertionError e) {
                end.completeExceptionally(e);
            }
        });
    }

    /** Live view of the console. */
    void socket(String path) throws Exception {
        Watched live = Watched.open(user, path, user.token());
        live.awaitPictures();
        ends(path, () -> {
            live.awaitClose();
            return System.nanoTime();
        });
    }

    /** The console's wall: one camera of a socket that goes on. */
    void wall(String camera) {
        WallView wall = new WallView(user);
        open.add(wall::close);
        wall.subscribe(camera, "main");
        wall.awaitPictures(camera);
        ends("/ws/v1/live, " + camera, () -> {
            String ended = wall.awaitEnd();
            long endNs = System.nanoTime();
            if (!ended.equals(camera)) {
                throw new AssertionError("the wall lost " + ended);
            }
            return endNs;
        });
    }

    /** Sound to the camera, which must be of those that take some. */
    void talk(String camera) throws Exception {
        Talking talking = Talking.begun(user, camera);
        ends("/ws/v1/talk/" + camera, () -> {
            String end = talking.sayAll();
            long endNs = System.nanoTime();
            if (!end.startsWith("44")) {
                throw new AssertionError("the talk ended with " + end);
            }
            return endNs;
        });
    }

    /** What happens, as it happens. */
    void events() throws Exception {
        HttpResponse<Stream<String>> stream = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(user.base() + "/api/v1/events/stream"))
                                .header("Authorization", "Bearer " + user.token())
                                .build(),
                        HttpResponse.BodyHandlers.ofLines());
        if (stream.statusCode() != 200) {
            throw new AssertionError("events are answered " + stream.statusCode());
        }
        ends("events", () -> {
            stream.body().count();
            return System.nanoTime();
        });
    }

    /** A player of the RTSP server. */
    void rtsp(String path, String keyId, String key, boolean udp) throws Exception {
        RtspView view = RtspView.play(server.rtspPort(), path, keyId, key, udp);
        open.add(view);
        rtsp.add(view);
        ends("RTSP " + (udp ? "UDP " : "TCP ") + path, view::playOut);
        Waiting.until("packets of " + path, 30, () -> view.packets() >= PACKETS_MIN);
    }

    /** Of what is asked for piece by piece: until the first one that is refused. */
    void asked(String path) {
        Waiting.until(
                path + " is answered", 60, () -> matrix.get(path, user.token()).status() == 200);
        ends(path, () -> {
            String token = user.token();
            // Something may be busy for a moment; that is no refusal.
            while (!REFUSED.contains(matrix.get(path, token).status())) {
                LockSupport.parkNanos(ASK_EVERY_NS);
            }
            return System.nanoTime();
        });
    }

    /** A file: it ends before its end. */
    void download(String path) throws IOException {
        PacedDownload download = new PacedDownload(user, path, user.token());
        open.add(download);
        files.add(path);
        ends(path, () -> {
            long missing = download.takeAll();
            if (missing == 0) {
                throw new AssertionError("all of " + path + " was sent");
            }
            return System.nanoTime();
        });
    }

    boolean isFile(String way) {
        return files.contains(way);
    }

    /** {@return ways that have ended by themselves, before anything was withdrawn} */
    List<String> ended() {
        return ends.entrySet().stream()
                .filter(end -> end.getValue().isDone())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Begins to look how long the machine stands still. */
    void withdrawn() {
        longestAnswerNs.set(0);
    }

    /** {@return after which time each way had ended} Waits for it. */
    Map<String, Duration> after(long sinceNs) throws Exception {
        Map<String, Duration> times = new LinkedHashMap<>();
        for (Map.Entry<String, CompletableFuture<Long>> end : ends.entrySet()) {
            try {
                long endNs = end.getValue().get(SECONDS_MAX, TimeUnit.SECONDS);
                times.put(end.getKey(), Duration.ofNanos(endNs - sinceNs));
            } catch (Exception e) {
                throw new AssertionError(end.getKey() + " does not end", e);
            }
        }
        for (RtspView view : rtsp) {
            times.merge(
                    "last packet",
                    Duration.ofNanos(view.lastPacketNs() - sinceNs),
                    (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
        return times;
    }

    /**
     * {@return after which time each way must have ended} 5 s are promised. What is more is the machine's: it stood still
     * for as long as the server took for anything.
     */
    Duration promised() {
        return Duration.ofSeconds(10)
                .plus(Duration.ofNanos(longestAnswerNs.get()).multipliedBy(3));
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (Closeable one : open) {
            one.close();
        }
    }
}

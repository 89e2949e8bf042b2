// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/**
 * One event stream, which holds no thread while it waits. A camera tells every state after it has taken the filters, but no
 * end of that: a silence after the first word counts as one. One answer at a time; any thread.
 */
final class AxisFeed implements DeviceEvents.AsyncFeed {
    private static final String TARGET = "/vapix/ws-data-stream?sources=events";

    /** So many texts are read in one go. */
    private static final int TOGETHER_MAX = 500;

    /**
     * How long what is waited for.
     *
     * @param quietMs a silence after which all states have been told, once one has been
     * @param synchroniseMs after which they count as told in any case
     * @param pingMs a silence after which the camera is asked for a sign of life
     * @param deadMs a silence after which it is given up; the contract allows 30 s
     */
    record Patience(long quietMs, long synchroniseMs, long pingMs, long deadMs) {
        static final Patience USUAL = new Patience(1_500, 5_000, 10_000, 25_000);
    }

    private final Patience patience;
    private final Inbox inbox;
    private final WebSocket socket;
    private final AxisHttp http;
    private final Optional<Set<String>> outputs;
    /** What the platform waits for; guarded by this. */
    private CompletableFuture<List<DeviceEvent>> answer = CompletableFuture.completedFuture(List.of());

    private final long startNano = System.nanoTime();
    private long lastPingNano = startNano;
    private boolean told;
    private boolean synchronised;

    /** On a stream that is configured; see {@link #open}. */
    AxisFeed(Inbox inbox, WebSocket socket, AxisHttp http, Optional<Set<String>> outputs, Patience patience) {
        this.patience = patience;
        this.http = http;
        this.inbox = inbox;
        this.socket = socket;
        this.outputs = outputs;
    }

    /** @param outputs see {@link EventWords#event} */
    static AxisFeed open(AxisHttp http, Optional<Set<String>> outputs, Patience patience) throws DriverException {
        Inbox inbox = new Inbox();
        WebSocket socket = http.webSocket(TARGET, inbox);
        AxisFeed feed = new AxisFeed(inbox, socket, http, outputs, patience);
        try {
            feed.configure(http.timeoutMs());
            return feed;
        } catch (DriverException | RuntimeException failed) {
            socket.abort();
            throw failed;
        }
    }

    private void configure(int timeoutMs) throws DriverException {
        List<Map<String, String>> filters = EventWords.TOPICS.stream()
                .map(topic -> Map.of("topicFilter", topic))
                .toList();
        socket.sendText(JsonTree.call("events:configure", Map.of("eventFilterList", filters)), true);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        try {
            while (true) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                String text = leftMs <= 0 ? null : inbox.poll(leftMs);
                if (text == null) {
                    throw new DriverException(
                            Kind.UNREACHABLE,
                            "The camera does not confirm which events are asked for; it is asked anew.");
                }
                Object answer = parse(text);
                if (JsonTree.text(answer, "method").equals("events:configure")) {
                    if (JsonTree.map(answer).containsKey("error")) {
                        throw new DriverException(
                                Kind.UNSUPPORTED,
                                "The camera refuses to tell its events: "
                                        + AxisHttp.words(JsonTree.text(answer, "error", "message")) + ".");
                    }
                    return;
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.UNREACHABLE, "The call was given up.", stop);
        }
    }

    @Override
    public CompletionStage<List<DeviceEvent>> nextAsync(int waitMs) {
        CompletableFuture<List<DeviceEvent>> asked = new CompletableFuture<>();
        synchronized (this) {
            if (!answer.isDone()) {
                return CompletableFuture.failedFuture(
                        new DriverException(Kind.BUSY, "The feed is asked already; one answer at a time."));
            }
            answer = asked;
        }
        look(asked, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs));
        return asked;
    }

    /** Waits for what comes, and for silences that mean something, until there is something to tell or the time is over. */
    private void look(CompletableFuture<List<DeviceEvent>> asked, long end) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (leftMs <= 0) {
            asked.complete(List.of());
            return;
        }
        long waitMs = Math.min(leftMs, synchronised ? Math.max(1, patience.pingMs() / 4) : patience.quietMs());
        CompletableFuture<Void> late = http.after(waitMs);
        CompletableFuture.anyOf(inbox.arrival(), late)
                .thenApplyAsync(
                        come -> {
                            late.cancel(false);
                            return read(asked);
                        },
                        http.executor())
                .whenComplete((told, failed) -> {
                    if (failed != null) {
                        asked.completeExceptionally(
                                new DriverException(Kind.CLOSED, "The driver has been stopped.", failed));
                    } else if (!told) {
                        look(asked, end);
                    }
                });
    }

    /** {@return whether that is the answer} */
    private boolean read(CompletableFuture<List<DeviceEvent>> asked) {
        try {
            List<DeviceEvent> events = read();
            return asked.isDone() || !events.isEmpty() && asked.complete(events);
        } catch (DriverException failed) {
            asked.completeExceptionally(failed);
            return true;
        }
    }

    private List<DeviceEvent> read() throws DriverException {
        List<DeviceEvent> events = new ArrayList<>();
        String text = inbox.take();
        if (text == null) {
            quiet(events);
        } else {
            told = true;
        }
        for (int texts = 1; text != null; texts++) {
            EventWords.event(JsonTree.at(parse(text), "params", "notification"), outputs)
                    .ifPresent(events::add);
            // A camera that floods with what says nothing must not keep the worker from others.
            text = events.size() < EVENTS_MAX - 1 && texts < TOGETHER_MAX ? inbox.take() : null;
        }
        if (!synchronised && sinceMs(startNano) > patience.synchroniseMs()) {
            synchronised = true;
            events.add(DeviceEvent.synchronised());
        }
        return events;
    }

    private void quiet(List<DeviceEvent> events) throws DriverException {
        if (!synchronised && told) {
            synchronised = true;
            events.add(DeviceEvent.synchronised());
        }
        long silentMs = sinceMs(inbox.heardNano());
        if (silentMs > patience.deadMs()) {
            throw new DriverException(
                    Kind.UNREACHABLE,
                    "The camera's event stream has been dead for " + silentMs / 1000 + " s; it is opened anew.");
        }
        if (silentMs > patience.pingMs() && sinceMs(lastPingNano) > patience.pingMs() / 2) {
            lastPingNano = System.nanoTime();
            socket.sendPing(ByteBuffer.allocate(0));
        }
    }

    private long sinceMs(long nano) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nano);
    }

    /** What is no JSON says nothing: one bad application on a camera must not cost all its events. */
    private static Object parse(String text) {
        try {
            return JsonTree.parse(text);
        } catch (IOException notJson) {
            return Map.of();
        }
    }

    @Override
    public CompletionStage<Void> closeAsync() {
        inbox.close();
        CompletableFuture<List<DeviceEvent>> waited;
        synchronized (this) {
            waited = answer;
        }
        waited.completeExceptionally(new DriverException(Kind.CLOSED, "The event stream has been closed."));
        socket.abort();
        return CompletableFuture.completedFuture(null);
    }
}

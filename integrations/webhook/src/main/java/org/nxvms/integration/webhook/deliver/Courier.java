// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.nxvms.integration.webhook.send.Answer;
import org.nxvms.integration.webhook.send.HttpSender;
import org.nxvms.integration.webhook.settings.EndpointFiles;
import org.nxvms.integration.webhook.settings.Secrets;
import org.nxvms.integration.webhook.settings.Settings;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.integration.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings events to one endpoint, on a thread of its own: an endpoint that is slow or dead holds up no other. It has no queue.
 * What waits, waits in the event store behind {@link Progress#sequence()}, and one page of it is in memory while it is sent.
 */
public final class Courier implements AutoCloseable {
    static final int PAGE_EVENTS_MAX = 100;
    /** A message that the endpoint calls wrong so often is given up, so that those behind it arrive. */
    static final int REFUSALS_MAX = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final long FOREVER_MS = TimeUnit.DAYS.toMillis(1);
    /** Something needed is away, such as the event log while its bundle is exchanged. */
    private static final long AWAY_MS = 500;

    /** Instead of milliseconds: until something happens, or this long. */
    private static final long UNTIL_NEWS = -1;

    private static final long IDLE_MS = 5_000;
    /** What is on its way may still arrive when the courier is stopped; then it need not be sent again. */
    private static final long LAST_ANSWER_MS = 300;

    private static final long STOP_MS_MAX = 2_000;

    /**
     * Its sense of time.
     *
     * @param firstMs after the first failure
     * @param longestMs between two attempts, unless the endpoint asks for more
     * @param saveMs how much progress a kill may cost, and so how long messages may come twice
     * @param lookMs how often what waits is counted while the endpoint fails
     * @param tellMs how long it fails before people are told
     * @param sealMs how long the file of settings is left alone after it was read
     */
    public record Pace(long firstMs, long longestMs, long saveMs, long lookMs, long tellMs, long sealMs) {
        public static final Pace USUAL = new Pace(1_000, 300_000, 1_000, 60_000, 60_000, 3_000);
    }

    /**
     * What all couriers share.
     *
     * @param log gives null while it is away
     * @param random uniform in 0..1
     */
    public record Tools(
            Supplier<EventLog> log,
            Secrets secrets,
            EndpointFiles files,
            Supplier<HttpSender> sender,
            Voice voice,
            Pace pace,
            DoubleSupplier random) {}

    private final Settings settings;
    private final Tools tools;
    private final KeptProgress kept;
    private final Backoff backoff;
    private final Thread thread;
    private final Fare fare;
    private final Sealing sealing;
    private volatile HttpSender.Call call;
    private volatile boolean closed;
    private volatile long lastAnswerNs;
    private boolean news;
    private Optional<Secrets.Opened> opened = Optional.empty();
    private boolean placed;
    private int refusals;
    private long lookedNs;
    private boolean looked;

    public Courier(Settings settings, ProgressFile file, Tools tools) {
        this.settings = settings;
        this.tools = tools;
        this.kept = new KeptProgress(settings.name(), file, tools.pace().saveMs());
        this.backoff = new Backoff(tools.pace().firstMs(), tools.pace().longestMs(), tools.random());
        this.fare = new Fare(
                settings.name(), settings.enabled(), tools.voice(), tools.pace().tellMs());
        this.sealing = new Sealing(
                settings.name(), tools.files(), tools.secrets(), tools.pace().sealMs());
        this.thread = new Thread(this::run, "nxvms-webhook-" + settings.name());
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    public Settings settings() {
        return settings;
    }

    /** {@return how it fares; from memory} */
    public Connection connection() {
        Progress now = kept.now();
        Fare.Seen last = fare.seen();
        return new Connection(
                settings.name(),
                last.state(),
                last.detail(),
                new Connection.Figures(now.delivered(), now.failures(), now.lost(), now.lookCount()),
                last.attempted(),
                now.deliveredAt());
    }

    /** {@return the last HTTP status; 0 when there was none} */
    public int lastStatus() {
        return fare.seen().status();
    }

    /** There are events. */
    public synchronized void wake() {
        news = true;
        notifyAll();
    }

    private void run() {
        if (!kept.load(settings.filter())) {
            tools.voice()
                    .lost(
                            settings.name(),
                            1,
                            "How far it got cannot be read: what waited is lost, and how much that was is not known.");
        }
        // What is switched off has nothing to do but to seal what stands in its file in the clear.
        while (!closed && (settings.enabled() || !sealing.isOver())) {
            long waitMs;
            try {
                waitMs = settings.enabled() ? turn() : sealing.turn();
            } catch (StoreException away) {
                LOG.debug("Webhook {} waits", settings.name(), away);
                waitMs = AWAY_MS;
            } catch (RuntimeException fault) {
                LOG.error("Webhook {} could not go on; it is tried again", settings.name(), fault);
                // Not when something happens: what went wrong may be what does.
                waitMs = backoff.failedMs(0);
            }
            save(waitMs);
            pause(waitMs);
        }
    }

    /** {@return how long there is nothing to do; 0 when there is more} */
    private long turn() {
        if (opened.isEmpty()) {
            try {
                opened = Optional.of(tools.secrets().open(settings));
            } catch (IllegalArgumentException wrong) {
                fare.misconfigured(wrong.getMessage());
                return FOREVER_MS;
            }
        }
        sealing.turn();
        EventLog log = tools.log().get();
        if (log == null) {
            return AWAY_MS;
        }
        place(log);
        List<Event> page = log.changesAfter(kept.now().sequence(), PAGE_EVENTS_MAX);
        if (page.isEmpty()) {
            return UNTIL_NEWS;
        }
        if (!looked) {
            look(log);
        }
        for (Event event : page) {
            long waitMs = closed ? FOREVER_MS : handle(log, event);
            if (waitMs > 0) {
                return waitMs;
            }
            // The next answer may take its time.
            save(0);
        }
        return 0;
    }

    /** A new endpoint begins with what happens from now on. */
    private void place(EventLog log) {
        if (placed) {
            return;
        }
        long last = log.lastSequence();
        if (!kept.now().hasBegun()) {
            kept.set(kept.now().at(last));
        } else if (kept.now().sequence() > last) {
            LOG.warn(
                    "Webhook {} got further than the events of this server; it goes on where they end",
                    settings.name());
            kept.set(kept.now().at(last));
        }
        placed = true;
    }

    /** {@return how long to wait before it is tried again; 0 when it is done} */
    private long handle(EventLog log, Event event) {
        boolean wanted = settings.filter().fits(event);
        if (!wanted || isAboutItself(event)) {
            pass(event, wanted);
            return 0;
        }
        Progress before = kept.now();
        long tells = before.lost() - before.lostTold();
        Answer answer = attempt(Message.of(event, tells));
        switch (answer.kind()) {
            case DELIVERED -> {
                pass(event, true);
                kept.set(kept.now().arrived(before.lost(), Instant.now()));
                backoff.succeeded();
                fare.recovered(answer);
                return 0;
            }
            case GONE -> {
                gone(answer);
                return FOREVER_MS;
            }
            case REFUSED -> refusals++;
            default -> LOG.debug("Webhook {}: {}", settings.name(), answer.detail());
        }
        kept.set(kept.now().failed());
        if (refusals >= REFUSALS_MAX) {
            pass(event, true);
            kept.set(kept.now().givenUp());
            tools.voice()
                    .lost(settings.name(), 1, "The endpoint refused it " + REFUSALS_MAX + " times: " + answer.detail());
            return 0;
        }
        long waitMs = backoff.failedMs(answer.retryAfterMs());
        failing(log, answer);
        return waitMs;
    }

    /** How it fares is told to others: an endpoint that refuses all it is told would be told of each refusal. */
    private boolean isAboutItself(Event event) {
        EventSource source = event.fact().source();
        return source.type() == EventSource.Type.INTEGRATION
                && event.fact().kind().startsWith("webhook.")
                && source.part().equals(settings.name());
    }

    private void pass(Event event, boolean wanted) {
        long lostBefore = kept.now().lost();
        refusals = 0;
        kept.set(kept.now().passed(event, wanted));
        tellLost(lostBefore);
    }

    private Answer attempt(Message message) {
        Instant now = Instant.now();
        Secrets.Opened secrets = opened.orElseThrow();
        Map<String, String> headers = message.headers(secrets.key(), now, secrets.headers());
        HttpSender.Call sending = tools.sender()
                .get()
                .call(new HttpSender.Request(settings.url(), headers, message.body(), settings.timeoutMs()));
        call = sending;
        Answer answer = sending.send();
        call = null;
        fare.attempted(answer, now);
        return answer;
    }

    private void failing(EventLog log, Answer answer) {
        boolean due = System.nanoTime() - lookedNs
                >= TimeUnit.MILLISECONDS.toNanos(tools.pace().lookMs());
        fare.failed(answer, due);
        if (due) {
            try {
                look(log);
            } catch (StoreException away) {
                // The endpoint is tried again in its own time, whatever the database does.
                LOG.debug("Webhook {}: what waits cannot be counted", settings.name(), away);
            }
        }
    }

    /** Counts what waits; what waited at the last look and was not sent has been removed. */
    private void look(EventLog log) {
        Progress now = kept.now();
        long still = now.lookCount() == 0 ? 0 : log.countSettled(settings.filter(), now.sequence(), now.lookThrough());
        long through = log.lastSequence();
        kept.set(now.looked(still, through, log.countSettled(settings.filter(), now.sequence(), through)));
        tellLost(now.lost());
        lookedNs = System.nanoTime();
        looked = true;
    }

    private void tellLost(long before) {
        long more = kept.now().lost() - before;
        if (more > 0) {
            tools.voice().lost(settings.name(), more, "They waited for the endpoint until retention removed them.");
        }
    }

    private void gone(Answer answer) {
        try {
            tools.files().change(settings.name(), Optional.empty(), Map.of(Settings.ENABLED, "false"));
        } catch (NoSuchResourceException | UncheckedIOException notInItsFile) {
            LOG.warn(
                    "Webhook {} cannot be switched off in its file ({}); it is off until it is configured anew",
                    settings.name(),
                    notInItsFile.getMessage());
        }
        fare.gone(answer);
    }

    private void save(long waitMs) {
        // Before a long rest there is time for it; else when it is due.
        boolean rests = waitMs >= tools.pace().saveMs();
        if (rests || kept.dueMs() == 0) {
            kept.save();
        }
    }

    private synchronized void pause(long ms) {
        boolean idle = ms == UNTIL_NEWS;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(idle ? Math.min(IDLE_MS, kept.dueMs()) : ms);
        try {
            for (long left = end - System.nanoTime();
                    left > 0 && !closed && !(idle && news);
                    left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException told) {
            LOG.debug("Told to stop", told);
        }
        news = false;
    }

    /** Begins nothing any more; {@link #close} must follow. Returns at once, so that many stop side by side. */
    public synchronized void stop() {
        if (!closed) {
            closed = true;
            lastAnswerNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_ANSWER_MS);
            notifyAll();
        }
    }

    /** Returns when it has stopped, and what it reached is kept. What was on its way may be sent again by a successor. */
    @Override
    public void close() {
        stop();
        try {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(lastAnswerNs - System.nanoTime())));
            HttpSender.Call late = call;
            if (thread.isAlive() && late != null) {
                late.cancel();
            }
            thread.join(STOP_MS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kept.close();
    }
}

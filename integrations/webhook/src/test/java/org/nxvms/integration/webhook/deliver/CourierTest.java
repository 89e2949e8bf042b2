// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.integration.webhook.fake.Patience.until;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.integration.webhook.fake.Receiver;
import org.nxvms.integration.webhook.send.Signature;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.platform.api.integration.Connection;

/** From an event in the log to an endpoint that has it, whatever happens in between. */
class CourierTest extends CourierStory {
    @Test
    void whatHappensFromNowOnIsToldInOrderAndSigned() {
        tell("before");
        Courier courier = courier("soc", "headers", "X-Api-Key: k1");
        begun(courier);
        Event first = tell("one");
        tell("two");
        gets("one", "two");

        Receiver.Got got = receiver.got().get(0);
        assertThat(got.id()).isEqualTo("evt_" + first.id() + "_" + first.sequence());
        assertThat(got.signature())
                .isEqualTo(Signature.of(Signature.key(SECRET), got.id(), Long.parseLong(got.timestamp()), got.body()));
        assertThat(Math.abs(Instant.now().getEpochSecond() - Long.parseLong(got.timestamp())))
                .isLessThan(60);
        assertThat(got.apiKey()).isEqualTo("k1");
        JsonNode json = got.json();
        assertThat(json.get("type").asText()).isEqualTo("camera.manual");
        assertThat(json.get("timestamp").asText()).matches("1970-01-01T00:00:00\\.\\d{3}Z");
        assertThat(json.has("lostBefore")).isFalse();
        assertThat(json.at("/data/id").asText()).isEqualTo(first.id().toString());
        assertThat(json.at("/data/source/type").asText()).isEqualTo("camera");
        assertThat(json.at("/data/severity").asText()).isEqualTo("info");
        until("it is counted", () -> courier.connection().figures().delivered() == 2);
        assertThat(courier.connection().state()).isEqualTo(Connection.State.UP);
    }

    @Test
    void onlyWhatIsWantedIsTold() {
        Courier courier = courier("soc", "kinds", "recording.*,camera.input", "severity", "warning");
        begun(courier);
        log.add("recording.gap", EventSeverity.CRITICAL, "a gap", EventSpan.pulse(1));
        log.add("camera.input", EventSeverity.INFO, "too small", EventSpan.pulse(1));
        log.add("camera.motion", EventSeverity.WARNING, "another kind", EventSpan.pulse(1));
        Event state = log.add("camera.input", EventSeverity.WARNING, "an input", EventSpan.open(1));
        courier.wake();
        gets("a gap", "an input");
        log.end(state);
        courier.wake();
        gets("a gap", "an input", "an input");
        assertThat(receiver.got().get(1).json().at("/data").has("end")).isFalse();
        assertThat(receiver.got().get(2).json().at("/data/endReason").asText()).isEqualTo("over");
        assertThat(receiver.got().get(2).id())
                .isNotEqualTo(receiver.got().get(1).id());
    }

    @Test
    void whatFailsIsTriedAgainUntilItArrivesAndNothingOvertakesIt() {
        AtomicInteger failures = new AtomicInteger();
        receiver.answers(got -> new Receiver.Reply(failures.incrementAndGet() <= 7 ? 503 : 204, "", ""));
        Courier courier = courier("soc");
        begun(courier);
        tell("one");
        tell("two");
        gets("one", "one", "one", "one", "one", "one", "one", "one", "two");
        assertThat(receiver.got().stream().map(Receiver.Got::id).distinct()).hasSize(2);
        until("it is well", () -> courier.connection().state() == Connection.State.UP);
        assertThat(courier.connection().figures().failures()).isEqualTo(7);
        assertThat(said).contains("failing soc", "recovered soc");
    }

    @Test
    void afterARestartItGoesOnWhereItWasAndTwiceIsMarkedByTheSameId() {
        Courier first = courier("soc");
        begun(first);
        tell("one");
        gets("one");
        receiver.answers(503);
        tell("two");
        until("two was tried", () -> receiver.got().size() >= 2);
        first.close();
        tell("three");
        receiver.answers(204);
        courier("soc");
        until("three is there", () -> receiver.details().contains("three"));
        List<String> once = receiver.details().stream().distinct().toList();
        assertThat(once).containsExactly("one", "two", "three");
        assertThat(receiver.got().stream().map(Receiver.Got::id).distinct()).hasSize(3);
    }

    @Test
    void whoIsKilledTellsAgainWhatItHadNotKept() throws Exception {
        Courier first = courier("soc");
        begun(first);
        tell("one");
        gets("one");
        Path file = folder.resolve("progress/soc.json");
        until("it is kept", () -> first.connection().figures().delivered() == 1);
        byte[] kept = Files.readAllBytes(file);
        tell("two");
        gets("one", "two");
        first.close();
        // As if it had been killed before it wrote down the second one.
        Files.write(file, kept);
        courier("soc");
        tell("three");
        until("three is there", () -> receiver.details().contains("three"));
        assertThat(receiver.details().subList(0, 2)).containsExactly("one", "two");
        assertThat(receiver.details()).endsWith("two", "three");
        assertThat(receiver.got().stream().map(Receiver.Got::id).distinct()).hasSize(3);
    }

    /** A page of events to a slow endpoint takes minutes: how far it got does not wait for the end of it. */
    @Test
    void howFarItGotIsKeptAmidAPage() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        receiver.answers(got -> {
            try {
                // Longer than progress may be unsaved; the last one is on its way until the test is over.
                over.await(got.detail().equals("three") ? 60_000 : 20, TimeUnit.MILLISECONDS);
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
            return new Receiver.Reply(204, "", "");
        });
        Courier courier = courier("soc");
        begun(courier);
        for (String detail : List.of("one", "two", "three")) {
            log.pulse("camera.manual", detail);
        }
        courier.wake();
        Path file = folder.resolve("progress/soc.json");
        until("two are kept while the third is on its way", () -> text(file).contains("\"delivered\":2"));
        over.countDown();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatALaterVersionKeptIsUnderstood() throws Exception {
        Courier later = courier("soc");
        begun(later);
        tell("one");
        gets("one");
        // Who only has it may be closed before it has answered, and is told "one" again then.
        until("its answer has come", () -> later.connection().figures().delivered() == 1);
        later.close();
        tell("two");
        Path file = folder.resolve("progress/soc.json");
        Files.writeString(file, text(file).replaceFirst("\\{", "{\"more\":[1],"));
        courier("soc");
        gets("one", "two");
    }

    @Test
    void howItFaresItselfIsToldToOthers() {
        Courier soc = courier("soc", "kinds", "webhook.*");
        begun(soc);
        for (String name : List.of("soc", "other")) {
            log.add(
                    EventFact.of(
                            new EventSource(EventSource.Type.INTEGRATION, "webhook", name),
                            "webhook.lost",
                            EventSeverity.CRITICAL,
                            "of " + name,
                            EventAttributes.NONE),
                    EventSpan.pulse(1));
        }
        soc.wake();
        gets("of other");
    }

    @Test
    void aDeadEndpointHoldsUpNoOtherAndNothingInMemory() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Receiver stuck = new Receiver()) {
            stuck.answers(got -> {
                try {
                    never.await();
                } catch (InterruptedException over) {
                    Thread.currentThread().interrupt();
                }
                return new Receiver.Reply(204, "", "");
            });
            Courier dead = courier("dead", "url", stuck.url());
            begun(dead);
            begun(courier("well"));
            String[] many =
                    IntStream.range(0, 1_000).mapToObj(i -> "event " + i).toArray(String[]::new);
            for (String one : many) {
                tell(one);
            }
            gets(many);
            assertThat(log.pageMax).hasValueLessThanOrEqualTo(Courier.PAGE_EVENTS_MAX);
            assertThat(stuck.got()).isEmpty();
            dead.close();
            never.countDown();
        }
    }

    /** Sixty-four endpoints in the middle of a request have the time of one, not of sixty-four. */
    @Test
    void manyStopSideBySide() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger held = new AtomicInteger();
        receiver.answers(got -> {
            try {
                held.incrementAndGet();
                over.await();
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            }
            return new Receiver.Reply(204, "", "");
        });
        for (int i = 0; i < 60; i++) {
            begun(courier("soc" + i));
        }
        tell("one");
        until("all are amid a request", () -> held.get() == couriers.size());
        long begin = System.nanoTime();
        couriers.forEach(Courier::stop);
        couriers.forEach(Courier::close);
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        over.countDown();
        assertThat(tookMs).as("one after the other it is 18 s").isLessThan(14_000);
    }

    @Test
    void whileTheLogIsAwayItWaits() {
        Courier courier = courier("soc");
        begun(courier);
        logNow = null;
        log.pulse("camera.manual", "while the bundle is exchanged");
        courier.wake();
        log.away(true);
        logNow = log;
        log.pulse("camera.manual", "while the database is away");
        courier.wake();
        log.away(false);
        gets("while the bundle is exchanged", "while the database is away");
        assertThat(courier.connection().figures().failures()).isZero();
    }

    @Test
    void aSecretInTheClearIsSealedAndOneThatIsNoneIsTold() throws Exception {
        files.add("soc", Map.of("name", "soc", "url", receiver.url(), "secret", SECRET));
        courier("soc");
        until(
                "it is sealed",
                () -> files.find("soc").orElseThrow().values().get("secret").startsWith("sealed:"));
        files.add("off", Map.of("name", "off", "url", receiver.url(), "secret", SECRET, "enabled", "false"));
        courier("off", "enabled", "false");
        until(
                "what is off is sealed too",
                () -> files.find("off").orElseThrow().values().get("secret").startsWith("sealed:"));
        Courier without = courier("none", "secret", "");
        until("it is told", () -> without.connection().state() == Connection.State.MISCONFIGURED);
        assertThat(without.connection().detail()).contains("secret is missing", "POST /api/v1/webhooks/none/secret");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.integration.webhook.fake.Patience.until;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.integration.webhook.fake.MemoryLog;
import org.nxvms.integration.webhook.fake.Receiver;
import org.nxvms.integration.webhook.fake.ReversingVault;
import org.nxvms.integration.webhook.send.HttpSender;
import org.nxvms.integration.webhook.send.Signature;
import org.nxvms.integration.webhook.settings.EndpointFiles;
import org.nxvms.integration.webhook.settings.Secrets;
import org.nxvms.integration.webhook.settings.Settings;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.platform.api.integration.Connection;

/** From an event in the log to an endpoint that has it, whatever happens in between. */
class CourierTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Courier.Pace QUICK = new Courier.Pace(2, 10, 5, 5, 5);

    private final MemoryLog log = new MemoryLog();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<Courier> couriers = new ArrayList<>();

    @TempDir
    private Path folder;

    private Receiver receiver;
    private HttpSender sender;
    private EndpointFiles files;
    private volatile EventLog logNow = log;

    private final Voice voice = new Voice() {
        @Override
        public void failing(String name, Instant since, String detail) {
            said.add("failing " + name);
        }

        @Override
        public void recovered(String name) {
            said.add("recovered " + name);
        }

        @Override
        public void gone(String name) {
            said.add("gone " + name);
        }

        @Override
        public void lost(String name, long count, String why) {
            said.add("lost " + name + " " + count);
        }
    };

    @BeforeEach
    void start() throws Exception {
        receiver = new Receiver();
        sender = new HttpSender(SSLContext.getDefault());
        sender.localAllowed(true);
        files = new EndpointFiles(folder);
    }

    @AfterEach
    void stop() {
        couriers.forEach(Courier::close);
        sender.close();
        receiver.close();
        // A thread pool says that it is over a moment before its last thread is.
        until("no thread is left", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("nxvms-webhook")));
    }

    private Courier courier(String name, String... more) {
        Map<String, String> values = new LinkedHashMap<>(
                Map.of("name", name, "url", receiver.url(), "secret", SECRET, "timeoutMs", "20000"));
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        Courier courier = new Courier(
                Settings.of(values::get),
                new ProgressFile(folder.resolve("progress"), name),
                new Courier.Tools(
                        () -> logNow, new Secrets(ReversingVault::new), files, () -> sender, voice, QUICK, () -> 0.5));
        couriers.add(courier);
        courier.start();
        return courier;
    }

    /** As the bus does it. */
    private Event tell(String detail) {
        Event event = log.pulse("camera.manual", detail);
        couriers.forEach(Courier::wake);
        return event;
    }

    private void begun(Courier courier) {
        until(
                "it knows where it begins",
                () -> Files.exists(
                        folder.resolve("progress/" + courier.settings().name() + ".json")));
    }

    private void gets(String... details) {
        until("it has " + String.join(", ", details), () -> receiver.details().equals(List.of(details)));
    }

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
                over.await(got.detail().equals("three") ? 20_000 : 20, TimeUnit.MILLISECONDS);
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
        later.close();
        tell("two");
        Path file = folder.resolve("progress/soc.json");
        Files.writeString(file, text(file).replaceFirst("\\{", "{\"more\":[1],"));
        courier("soc");
        gets("one", "two");
    }

    @Test
    void aProgressThatCannotBeReadIsALossThatIsTold() throws Exception {
        Files.createDirectories(folder.resolve("progress"));
        Files.writeString(folder.resolve("progress/soc.json"), "{\"sequence\":");
        tell("nobody knows whether it had this");
        Courier courier = courier("soc");
        until("it is told", () -> said.contains("lost soc 1"));
        until("it knows where it begins", () -> isWhole("soc"));
        tell("one");
        gets("one");
        assertThat(receiver.got().get(0).json().get("lostBefore").asLong()).isEqualTo(1);
        assertThat(courier.connection().figures().lost()).isEqualTo(1);
    }

    private boolean isWhole(String name) {
        try {
            return new ProgressFile(folder.resolve("progress"), name).read().hasBegun();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Its folder cannot be read or written: it is off all the same, and what it says of that does not wake it. */
    @Test
    void whoAnswersGoneIsOffAlsoWhereItsFileCannotBeWritten() {
        files = new EndpointFiles(folder.resolve("away"));
        receiver.answers(410);
        Courier courier = courier("soc");
        begun(courier);
        tell("one");
        until("it is off", () -> said.contains("gone soc"));
        for (int i = 0; i < 20; i++) {
            tell("more " + i);
        }
        until("all is handed over", () -> courier.connection().state() == Connection.State.DISABLED);
        courier.close();
        assertThat(receiver.details()).containsExactly("one");
        assertThat(said).containsOnlyOnce("gone soc");
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

    @Test
    void whatRetentionTookMeanwhileIsToldWithItsNumber() throws Exception {
        InetSocketAddress address = receiver.address();
        Courier courier = courier("soc");
        begun(courier);
        tell("one");
        gets("one");
        receiver.close();
        IntStream.rangeClosed(1, 10).forEach(i -> tell("lost " + i));
        tell("left");
        until("what waits is counted", () -> courier.connection().figures().waiting() == 11);
        log.removeOldest(11);
        until("the loss is said", () -> said.contains("lost soc 10"));
        assertThat(courier.connection().state()).isEqualTo(Connection.State.FAILING);
        receiver = new Receiver(address);
        gets("left");
        assertThat(receiver.got().get(0).json().get("lostBefore").asLong()).isEqualTo(10);
        tell("next");
        gets("left", "next");
        assertThat(receiver.got().get(1).json().has("lostBefore"))
                .as("told once")
                .isFalse();
        assertThat(courier.connection().figures().lost()).isEqualTo(10);
    }

    @Test
    void whatRetentionTookWhileItWasAwayIsToldToo() throws Exception {
        receiver.answers(503);
        Courier first = courier("soc");
        begun(first);
        IntStream.rangeClosed(1, 5).forEach(i -> tell("event " + i));
        until("what waits is counted", () -> first.connection().figures().waiting() == 5);
        first.close();
        log.removeOldest(3);
        int before = receiver.got().size();
        receiver.answers(204);
        courier("soc");
        until("the rest is there", () -> receiver.details().contains("event 5"));
        assertThat(receiver.details().subList(before, before + 2)).containsExactly("event 4", "event 5");
        assertThat(receiver.got().get(before).json().get("lostBefore").asLong()).isEqualTo(3);
        assertThat(said).contains("lost soc 3");
    }

    @Test
    void aMessageThatIsCalledWrongIsGivenUpSoThatTheOthersArrive() {
        receiver.answers(got -> new Receiver.Reply(got.detail().equals("poison") ? 422 : 204, "", ""));
        Courier courier = courier("soc");
        begun(courier);
        tell("poison");
        tell("two");
        until("two is there", () -> receiver.details().contains("two"));
        assertThat(receiver.details().stream().filter("poison"::equals)).hasSize(Courier.REFUSALS_MAX);
        assertThat(receiver.got()
                        .get(Courier.REFUSALS_MAX)
                        .json()
                        .get("lostBefore")
                        .asLong())
                .isEqualTo(1);
        assertThat(said).contains("lost soc 1");
    }

    @Test
    void whoAnswersGoneIsSwitchedOff() {
        files.add("soc", Map.of("name", "soc", "url", receiver.url(), "secret", SECRET));
        receiver.answers(410);
        Courier courier = courier("soc");
        begun(courier);
        tell("one");
        until(
                "it is off",
                () -> courier.connection().state() == Connection.State.DISABLED && said.contains("gone soc"));
        until("for good", () -> !files.find("soc").orElseThrow().settings().enabled());
        tell("two");
        assertThat(receiver.details()).containsExactly("one");
        courier.close();

        receiver.answers(204);
        Courier off = courier("soc", "enabled", "false");
        tell("three");
        assertThat(off.connection().state()).isEqualTo(Connection.State.DISABLED);
        off.close();
        courier("soc");
        until("switched on again it goes on where it was", () -> receiver.details()
                .equals(List.of("one", "one", "two", "three")));
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
        for (int i = 0; i < 30; i++) {
            begun(courier("soc" + i));
        }
        tell("one");
        until("all are amid a request", () -> held.get() == couriers.size());
        long begin = System.nanoTime();
        couriers.forEach(Courier::stop);
        couriers.forEach(Courier::close);
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        over.countDown();
        assertThat(tookMs).as("one after the other it is 9 s").isLessThan(6_000);
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

    @Test
    void itBacksOffLongerAndLongerAndAsLongAsItIsAsked() {
        Backoff backoff = new Backoff(1_000, 300_000, () -> 0.5);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            waits.add(backoff.failedMs(0));
        }
        assertThat(waits)
                .containsExactly(
                        1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 64_000L, 128_000L, 256_000L, 300_000L,
                        300_000L);
        assertThat(backoff.failedMs(3_600_000)).isEqualTo(3_600_000);
        backoff.succeeded();
        assertThat(backoff.failedMs(500)).isEqualTo(1_000);
        assertThat(new Backoff(1_000, 300_000, () -> 0).failedMs(0)).isEqualTo(750);
        assertThat(new Backoff(1_000, 300_000, () -> 1).failedMs(0)).isEqualTo(1_250);
    }

    @Test
    void aLookCountsForItsFilterAlone() {
        Progress looked = Progress.NONE
                .at(5)
                .under(Settings.filter(List.of("camera.*"), List.of(), ""))
                .looked(0, 9, 4);
        Progress same = looked.under(Settings.filter(List.of("camera.*"), List.of(), ""));
        Progress other = looked.under(Settings.filter(List.of("recording.*"), List.of(), ""));
        assertThat(same).isEqualTo(looked);
        assertThat(other.lookCount()).isZero();
        assertThat(other.looked(0, 9, 0).lost()).isZero();
        assertThat(looked.looked(1, 12, 7).lost()).isEqualTo(3);
        assertThat(Optional.of(looked.lost())).contains(0L);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.test.kit.Awaiting.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceEvents.AsyncFeed;
import org.nxvms.driver.spi.DriverException;

/** Many devices whose pull points wait hold few threads, and one that is slow keeps no other waiting. */
class OnvifManyDevicesTest {
    private static final int DEVICES = 200;
    /** More than there are workers, of a few. */
    private static final int SLOW = 20;

    private static final int FEW = 60;
    private static final int EVENTS = 5;
    /** Four workers, their clock, the JDK's selector; and two to spare, for what the JDK does beside. */
    private static final int THREADS_MAX = 8;

    private static final int WAIT_MS = 10_000;

    private final OnvifDriver driver = new OnvifDriver();
    private final List<Ear> ears = new ArrayList<>();
    private ManyDevices devices;

    /** Listens to one device as the platform does: asks again when it has taken what was said. */
    private static final class Ear {
        private final CameraSession session;
        private final AsyncFeed feed;
        private final List<DeviceEvent> heard = new CopyOnWriteArrayList<>();
        private volatile Optional<Throwable> failure = Optional.empty();

        Ear(CameraSession session) throws DriverException {
            this.session = session;
            this.feed = (AsyncFeed)
                    session.capability(DeviceEvents.class).orElseThrow().subscribe();
        }

        void listen() {
            feed.nextAsync(WAIT_MS).whenComplete((said, failed) -> {
                if (failed == null) {
                    heard.addAll(said);
                    listen();
                } else {
                    failure = Optional.of(failed);
                }
            });
        }

        boolean isSynchronised() {
            return heard.contains(DeviceEvent.synchronised());
        }
    }

    @AfterEach
    void stop() {
        ears.forEach(ear -> ear.session.close());
        driver.close();
        devices.close();
    }

    /** {@return how many threads there are, but for those of the JDK's common pool} */
    private static int threads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("ForkJoinPool.commonPool"))
                .count();
    }

    private void listen(int count) throws DriverException {
        for (int i = 0; i < count; i++) {
            Ear ear = new Ear(driver.open(devices.target(i)));
            ears.add(ear);
            ear.listen();
        }
    }

    private static List<DeviceEvent> crossings() {
        List<DeviceEvent> all = new ArrayList<>();
        for (int event = 1; event <= EVENTS; event++) {
            all.add(DeviceEvent.pulse("onvif.line_crossed", "n" + event));
        }
        return all;
    }

    private static boolean hasHeardAll(Ear ear) {
        return ear.heard.stream()
                        .filter(event -> event.form() == DeviceEvent.Form.PULSE)
                        .count()
                == EVENTS;
    }

    private void crossFrom(int first) {
        for (int event = 1; event <= EVENTS; event++) {
            for (int i = first; i < ears.size(); i++) {
                devices.crosses(i, "n" + event);
            }
        }
    }

    private void assertHeardInOrder(int first) {
        for (Ear ear : ears.subList(first, ears.size())) {
            assertThat(ear.heard.stream().filter(event -> event.form() == DeviceEvent.Form.PULSE))
                    .containsExactlyElementsOf(crossings());
        }
    }

    @Test
    void twoHundredDevicesAreHeardOnEightThreads() throws Exception {
        devices = new ManyDevices(DEVICES);
        int before = threads();
        listen(DEVICES);
        until("all have said their states", () -> ears.stream().allMatch(Ear::isSynchronised));
        until("all are waited for", () -> devices.waiting() == DEVICES);
        until("their threads are few", () -> threads() - before <= THREADS_MAX);

        crossFrom(0);
        until("all is heard", () -> ears.stream().allMatch(OnvifManyDevicesTest::hasHeardAll));
        assertHeardInOrder(0);
        assertThat(ears).allMatch(ear -> ear.failure.isEmpty());

        List<CompletableFuture<Void>> goodbyes = ears.stream()
                .map(ear -> ear.feed.closeAsync().toCompletableFuture())
                .toList();
        until("all have said goodbye", () -> goodbyes.stream().allMatch(CompletableFuture::isDone));
        assertThat(devices.ended()).as("places that are given back").isEqualTo(DEVICES);
        assertEndedAsClosed(ears);
    }

    private static void assertEndedAsClosed(List<Ear> all) {
        assertEndedAs(all, DriverException.Kind.CLOSED);
    }

    private static void assertEndedAs(List<Ear> all, DriverException.Kind... kinds) {
        until("nobody listens", () -> all.stream().allMatch(ear -> ear.failure.isPresent()));
        assertThat(all).allSatisfy(ear -> assertThat(ear.failure.orElseThrow())
                .isInstanceOfSatisfying(
                        DriverException.class, why -> assertThat(why.kind()).isIn((Object[]) kinds)));
    }

    @Test
    void devicesThatAreSlowKeepNoOtherWaiting() throws Exception {
        devices = new ManyDevices(FEW);
        for (int i = 0; i < SLOW; i++) {
            devices.set(i, i % 2 == 0 ? ManyDevices.Manner.MUTE : ManyDevices.Manner.DRIPPING);
        }
        listen(FEW);
        until("all good ones have said their states", () -> ears.subList(SLOW, FEW).stream()
                .allMatch(Ear::isSynchronised));
        crossFrom(SLOW);
        until("all good ones are heard", () -> ears.subList(SLOW, FEW).stream()
                .allMatch(OnvifManyDevicesTest::hasHeardAll));
        assertHeardInOrder(SLOW);
        assertThat(ears.subList(0, SLOW)).noneMatch(Ear::isSynchronised);

        // Ten seconds later they are given up, on a slow machine before this; who closes need not wait for them.
        List<CompletableFuture<Void>> goodbyes = ears.subList(0, SLOW).stream()
                .map(ear -> ear.feed.closeAsync().toCompletableFuture())
                .toList();
        until("the slow ones are left", () -> goodbyes.stream().allMatch(CompletableFuture::isDone));

        // Whoever waits when the driver is stopped learns of it, whatever is under way for him.
        driver.close();
        assertEndedAsClosed(ears.subList(SLOW, FEW));
        assertEndedAs(ears.subList(0, SLOW), DriverException.Kind.CLOSED, DriverException.Kind.UNREACHABLE);
        assertThat(ears)
                .allMatch(ear -> ear.feed.closeAsync().toCompletableFuture().isDone());
    }
}

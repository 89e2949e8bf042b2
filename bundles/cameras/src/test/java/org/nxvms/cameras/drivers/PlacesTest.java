// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.NoNames;
import org.osgi.framework.Version;

/** One driver's conversations leave room for others', those that do not return above all. */
class PlacesTest {
    private final AtomicLong nowMs = new AtomicLong();
    private final Places places = new Places(new Places.Bounds(8, 4, 3), nowMs::get);
    private final ShelvedDriver bad = driver(1, "bad");
    private final ShelvedDriver good = driver(2, "good");

    private static ShelvedDriver driver(long id, String name) {
        FakeDriver fake = new FakeDriver(name);
        return new ShelvedDriver(
                id, fake.info(), Version.parseVersion("1.0.0"), name, fake, Optional.empty(), NoNames.door());
    }

    private List<Places.Place> take(ShelvedDriver driver, int count) {
        List<Places.Place> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.take(driver, new UUID(0, i)).ifPresent(taken::add);
        }
        return taken;
    }

    @Test
    void ofOneDriverSoManyAndNoMore() {
        assertThat(take(bad, 10)).hasSize(4);
        assertThat(take(good, 10)).as("another finds room").hasSize(4);
        assertThat(take(driver(3, "third"), 1)).as("in all").isEmpty();
    }

    @Test
    void whatIsOverdueGivesItsPlaceUpUntilTooManyAre() {
        List<Places.Place> first = take(bad, 4);
        first.forEach(Places.Place::overdue);
        first.forEach(Places.Place::overdue);
        assertThat(places.isShut(bad)).isTrue();
        assertThat(take(bad, 1)).as("nothing more is asked of it").isEmpty();
        assertThat(take(good, 10)).hasSize(4);
        assertThat(take(driver(3, "third"), 10))
                .as("its places are others' now")
                .hasSize(4);

        nowMs.set(5_000);
        assertThat(places.hanging(10_000))
                .as("most return when they are interrupted")
                .isEmpty();
        nowMs.set(10_000);
        assertThat(places.hanging(10_000)).singleElement().satisfies(hanging -> {
            assertThat(hanging.driver()).isEqualTo("bad 1.0.0");
            assertThat(hanging.calls()).isEqualTo(4);
            assertThat(hanging.cameras()).hasSize(4);
        });

        first.forEach(Places.Place::free);
        first.forEach(Places.Place::free);
        assertThat(places.isShut(bad)).isFalse();
        assertThat(places.hanging(0)).isEmpty();
    }

    @Test
    void eachPlaceIsCountedOnceWhateverComesFirst() {
        List<Places.Place> all = take(good, 4);
        all.forEach(Places.Place::free);
        all.forEach(Places.Place::overdue);
        assertThat(places.hanging(0)).isEmpty();
        assertThat(take(good, 4)).hasSize(4);
    }
}

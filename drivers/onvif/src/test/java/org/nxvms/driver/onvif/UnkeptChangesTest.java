// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.onvif.UnkeptChanges.Place;
import org.nxvms.driver.spi.DeviceIdentity;

/** What a device does not keep is tried again when it may be another one, or after an hour. */
class UnkeptChangesTest {
    private static final URI DEVICE = URI.create("http://192.0.2.10");
    private static final Map<String, String> ADD = Map.of("metadata", "add");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final UnkeptChanges unkept = new UnkeptChanges(now::get);

    private static Place place(String firmware, Map<String, String> settings) {
        return new Place(DEVICE, new DeviceIdentity("M", "m", firmware, "1", ""), settings, "p");
    }

    @Test
    void itIsKnownForAnHour() {
        Place place = place("1.0", ADD);
        assertThat(unkept.isLately(place)).isFalse();
        unkept.note(place);
        now.addAndGet(TimeUnit.MINUTES.toNanos(59));
        assertThat(unkept.isLately(place("1.0", ADD))).isTrue();
        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(unkept.isLately(place)).isFalse();
        unkept.note(place);
        assertThat(unkept.isLately(place)).isTrue();
    }

    @Test
    void newFirmwareAndNewSettingsAreTriedAtOnce() {
        unkept.note(place("1.0", ADD));
        assertThat(unkept.isLately(place("1.1", ADD))).isFalse();
        assertThat(unkept.isLately(place("1.0", Map.of("metadata", "add", "transport", "udp"))))
                .isFalse();
    }

    @Test
    void ofTooManyTheOldestIsForgotten() {
        for (int i = 0; i <= 4_096; i++) {
            unkept.note(place("1." + i, ADD));
        }
        assertThat(unkept.isLately(place("1.0", ADD))).isFalse();
        assertThat(unkept.isLately(place("1.1", ADD))).isTrue();
        assertThat(unkept.isLately(place("1.4096", ADD))).isTrue();
    }
}

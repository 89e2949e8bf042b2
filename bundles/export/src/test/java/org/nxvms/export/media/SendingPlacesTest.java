// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** One user leaves places for others, and a place that is given back twice is one. */
class SendingPlacesTest {
    private static final UUID ANNA = new UUID(1, 1);
    private static final UUID BERT = new UUID(1, 2);

    @Test
    void placesAreBoundedForAllAndForOne() {
        SendingPlaces places = new SendingPlaces(3, 2);
        Runnable first = places.take(ANNA).orElseThrow();
        assertThat(places.take(ANNA)).isPresent();
        assertThat(places.take(ANNA)).isEmpty();
        assertThat(places.take(BERT)).isPresent();
        assertThat(places.take(BERT)).as("of three").isEmpty();
        first.run();
        first.run();
        assertThat(places.take(BERT)).isPresent();
        assertThat(places.take(BERT)).isEmpty();
        assertThat(places.take(ANNA)).as("her other one still holds").isEmpty();
    }
}

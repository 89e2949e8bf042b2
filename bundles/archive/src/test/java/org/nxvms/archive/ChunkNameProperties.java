// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.nxvms.media.StreamId;

/** A chunk's path says all that its name says, in UTC, whatever the zone of the machine. */
class ChunkNameProperties {
    private static final UUID CAMERA = UUID.fromString("0a0b0c0d-0000-4000-8000-00000000000f");

    @Property
    void aPathIsReadBackAsTheNameItWasMadeFrom(
            @ForAll @LongRange(min = 0, max = 253_402_300_799_000_000L) long startUs,
            @ForAll long runHigh,
            @ForAll long runLow,
            @ForAll @IntRange(min = 0, max = 999_999_999) int sequence) {
        ChunkName name = ChunkName.of(StreamId.sub(CAMERA), startUs, new UUID(runHigh, runLow), sequence);
        assertThat(ChunkName.parse(name.path())).contains(name);
        var utc = Instant.ofEpochMilli(Math.floorDiv(startUs, 1000)).atOffset(ZoneOffset.UTC);
        assertThat(name.path())
                .startsWith(String.format(
                        "%s/sub/%04d/%02d/%02d/%02d/",
                        CAMERA, utc.getYear(), utc.getMonthValue(), utc.getDayOfMonth(), utc.getHour()));
    }

    @Example
    void midnightAndNewYearAreThoseOfUtc() {
        UUID run = UUID.fromString("00000000-0000-4000-8000-000000000001");
        long newYear = Instant.parse("2027-01-01T00:00:00Z").toEpochMilli() * 1000;
        assertThat(ChunkName.of(StreamId.main(CAMERA), newYear - 1, run, 0).path())
                .isEqualTo(CAMERA + "/main/2026/12/31/23/20261231T235959.999Z-" + run + "-0000.mp4");
        assertThat(ChunkName.of(StreamId.main(CAMERA), newYear, run, 0).path())
                .isEqualTo(CAMERA + "/main/2027/01/01/00/20270101T000000.000Z-" + run + "-0000.mp4");
    }

    @Property
    void nothingElseIsTakenForAChunk(@ForAll String path) {
        assertThat(ChunkName.parse(path)).isEmpty();
    }

    @Example
    void aPathThatContradictsItselfIsNoChunk() {
        ChunkName name = ChunkName.of(StreamId.main(CAMERA), 0, new UUID(1, 2), 3);
        assertThat(ChunkName.parse(name.path().replace("/1970/", "/1971/"))).isEmpty();
        assertThat(ChunkName.parse(name.path().replace("/main/", "/third/"))).isEmpty();
        assertThat(ChunkName.parse("x" + name.path())).isEmpty();
    }
}

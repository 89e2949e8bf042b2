// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.UUID;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Gap;

/** A gap's row; {@code to_us} is null while it lasts, {@code magnitude} finds the long ones among the many. */
@Entity
@Table(name = "gap")
public class GapRow {
    /** Of a gap that still lasts. */
    static final int MAGNITUDE_MAX = 62;

    private static final int DETAIL_CHARS_MAX = 1000;

    @Id
    private String id;

    @Column(name = "server_id")
    private String serverId;

    @Column(name = "camera_id")
    private String cameraId;

    private String stream;

    @Column(name = "from_us")
    private long fromUs;

    @Column(name = "to_us")
    private Long toUs;

    private String cause;
    private String detail;
    private int magnitude;

    /** For JPA. */
    protected GapRow() {}

    GapRow(UUID serverId, Gap gap) {
        this.serverId = serverId.toString();
        id = gap.id().toString();
        cameraId = gap.stream().cameraId().toString();
        stream = gap.stream().role().id();
        fromUs = gap.fromUs();
        toUs = gap.toUs().isPresent() ? gap.toUs().getAsLong() : null;
        magnitude = toUs == null ? MAGNITUDE_MAX : magnitude(toUs - fromUs);
        cause = gap.cause().name();
        // A camera's own words may be in it; PostgreSQL refuses a NUL, and one bad row would hold up all others.
        String printable = gap.detail().replaceAll("\\p{Cntrl}", " ");
        detail = printable.length() <= DETAIL_CHARS_MAX ? printable : printable.substring(0, DETAIL_CHARS_MAX);
    }

    /** {@return the binary logarithm of a length in seconds: gaps at least as long have at least this magnitude} */
    static int magnitude(long lengthUs) {
        long seconds = Math.max(1, lengthUs / 1_000_000);
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(seconds);
    }

    Gap gap() {
        return new Gap(
                UUID.fromString(id),
                new StreamId(UUID.fromString(cameraId), StreamRole.of(stream)),
                fromUs,
                toUs == null ? OptionalLong.empty() : OptionalLong.of(toUs),
                cause(cause),
                detail);
    }

    /** A newer version's cause is shown as unknown instead of hiding the gap. */
    static GapCause cause(String name) {
        return Arrays.stream(GapCause.values())
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElse(GapCause.UNKNOWN);
    }
}

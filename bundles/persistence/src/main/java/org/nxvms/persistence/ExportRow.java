// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportOrder;

/** An export's row; cameras by commas, in the order they were asked for. */
@Entity
@Table(name = "export_job")
public class ExportRow {
    private static final int DETAIL_CHARS_MAX = 1_000;

    @Id
    private String id;

    @Column(name = "server_id")
    private String serverId;

    @Column(name = "owner_id")
    private String ownerId;

    @Column(name = "owner_name")
    private String ownerName;

    @Column(name = "created_ms")
    private long createdMs;

    @Column(name = "camera_ids")
    private String cameraIds;

    @Column(name = "heard_ids")
    private String heardIds;

    private String stream;

    @Column(name = "from_us")
    private long fromUs;

    @Column(name = "to_us")
    private long toUs;

    private String form;

    private String cut;

    private String reason;

    @Column(name = "burn_in")
    private String burnIn;

    private boolean sound;

    private String state;

    private String detail;

    @Column(name = "size_bytes")
    private long sizeBytes;

    @Column(name = "finished_ms")
    private Long finishedMs;

    @Column(name = "expires_ms")
    private Long expiresMs;

    /** For JPA. */
    protected ExportRow() {}

    ExportRow(ExportJob job) {
        ExportOrder order = job.order();
        id = job.id().toString();
        serverId = job.serverId().toString();
        ownerId = job.ownerId().toString();
        ownerName = job.ownerName();
        createdMs = job.created().toEpochMilli();
        cameraIds = text(order.cameraIds());
        stream = order.role().id();
        fromUs = order.fromUs();
        toUs = order.toUs();
        form = order.form().name().toLowerCase(Locale.ROOT);
        cut = order.cut().name().toLowerCase(Locale.ROOT);
        reason = order.reason();
        burnIn = BurnInJson.write(order.burnIn());
        sound = order.sound();
        update(job);
    }

    /** Takes over what changes while a job goes on. */
    final void update(ExportJob job) {
        heardIds = text(job.heard());
        state = job.state().name().toLowerCase(Locale.ROOT);
        String why = job.detail();
        detail = why.length() <= DETAIL_CHARS_MAX ? why : why.substring(0, DETAIL_CHARS_MAX - 1) + "…";
        sizeBytes = job.bytes();
        finishedMs = job.finished().map(Instant::toEpochMilli).orElse(null);
        expiresMs = job.expires().map(Instant::toEpochMilli).orElse(null);
    }

    ExportJob stored() {
        return new ExportJob(
                UUID.fromString(id),
                UUID.fromString(serverId),
                UUID.fromString(ownerId),
                ownerName,
                Instant.ofEpochMilli(createdMs),
                new ExportOrder(
                        ids(cameraIds),
                        StreamRole.of(stream),
                        fromUs,
                        toUs,
                        ExportOrder.Form.valueOf(form.toUpperCase(Locale.ROOT)),
                        ExportOrder.Cut.valueOf(cut.toUpperCase(Locale.ROOT)),
                        reason,
                        BurnInJson.read(burnIn),
                        sound),
                new HashSet<>(ids(heardIds)),
                ExportJob.State.valueOf(state.toUpperCase(Locale.ROOT)),
                detail,
                sizeBytes,
                Optional.ofNullable(finishedMs).map(Instant::ofEpochMilli),
                Optional.ofNullable(expiresMs).map(Instant::ofEpochMilli));
    }

    private static String text(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).collect(Collectors.joining(","));
    }

    private static List<UUID> ids(String text) {
        return Arrays.stream(text.split(","))
                .filter(one -> !one.isEmpty())
                .map(UUID::fromString)
                .toList();
    }
}

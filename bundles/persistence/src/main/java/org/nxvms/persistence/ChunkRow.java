// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;
import org.nxvms.media.ClockSource;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.Segment;

/** A sealed chunk's row; of what was written only the volume ever changes. */
@Entity
@Table(name = "chunk")
public class ChunkRow {
    @Id
    private String id;

    @Column(name = "camera_id")
    private String cameraId;

    private String stream;

    @Column(name = "server_id")
    private String serverId;

    @Column(name = "volume_id")
    private String volumeId;

    private String path;

    @Column(name = "run_id")
    private String runId;

    @Column(name = "sequence_in_run")
    private int sequence;

    @Column(name = "start_us")
    private long startUs;

    @Column(name = "end_us")
    private long endUs;

    @Column(name = "size_bytes")
    private long sizeBytes;

    @Column(name = "init_id")
    private String initId;

    @Column(name = "init_bytes")
    private int initBytes;

    private String codecs;
    private int width;
    private int height;

    @Column(name = "has_audio")
    private boolean audio;

    @Column(name = "clock_source")
    private String clockSource;

    @Column(name = "access_units")
    private long accessUnits;

    private String sha256;

    @Column(name = "retention_days_max")
    private int retentionDaysMax;

    @Column(name = "expires_us")
    private long expiresUs;

    @Column(name = "retention_days_min")
    private int retentionDaysMin;

    @Column(name = "keep_until_us")
    private long keepUntilUs;

    /** For JPA. */
    protected ChunkRow() {}

    ChunkRow(StoredSegment stored) {
        Segment segment = stored.segment();
        id = segment.id().toString();
        cameraId = segment.stream().cameraId().toString();
        stream = segment.stream().role().id();
        serverId = segment.serverId().toString();
        volumeId = segment.volumeId().toString();
        path = segment.path();
        runId = segment.runId().toString();
        sequence = segment.sequence();
        startUs = segment.startUs();
        endUs = segment.endUs();
        sizeBytes = segment.sizeBytes();
        initId = segment.initId();
        initBytes = segment.initBytes();
        codecs = segment.codecs();
        width = segment.width();
        height = segment.height();
        audio = segment.hasAudio();
        clockSource = segment.clockSource().name();
        accessUnits = segment.accessUnits();
        sha256 = segment.sha256().orElse(null);
        retentionDaysMax = stored.retentionDaysMax();
        expiresUs = segment.endUs() + TimeUnit.DAYS.toMicros(stored.retentionDaysMax());
        retentionDaysMin = stored.retentionDaysMin();
        // Without a minimum it is kept by no clock, also not by one that was set back.
        keepUntilUs = retentionDaysMin == 0 ? 0 : segment.endUs() + TimeUnit.DAYS.toMicros(retentionDaysMin);
    }

    String id() {
        return id;
    }

    String path() {
        return path;
    }

    void volumeId(UUID now) {
        volumeId = now.toString();
    }

    String volumeId() {
        return volumeId;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    FootageDays.Time time() {
        return new FootageDays.Time(stream(), startUs, endUs);
    }

    private StreamId stream() {
        return new StreamId(UUID.fromString(cameraId), StreamRole.of(stream));
    }

    Segment segment() {
        return segmentOn(volumeId);
    }

    private Segment segmentOn(String volume) {
        return new Segment(
                UUID.fromString(id),
                stream(),
                UUID.fromString(serverId),
                UUID.fromString(volume),
                path,
                UUID.fromString(runId),
                sequence,
                startUs,
                endUs,
                sizeBytes,
                false,
                initId,
                initBytes,
                codecs,
                width,
                height,
                audio,
                ClockSource.valueOf(clockSource),
                accessUnits,
                Optional.ofNullable(sha256));
    }

    StoredSegment stored() {
        return storedOn(volumeId);
    }

    /** {@return as its file on another volume} */
    StoredSegment storedOn(String volume) {
        return new StoredSegment(segmentOn(volume), retentionDaysMax, retentionDaysMin);
    }
}

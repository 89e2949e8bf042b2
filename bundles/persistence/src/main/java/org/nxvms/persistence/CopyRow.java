// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import javax.persistence.Column;
import javax.persistence.Entity;
import javax.persistence.Id;
import javax.persistence.Table;

/** That a chunk has a second file on a backup volume. */
@Entity
@Table(name = "chunk_copy")
public class CopyRow {
    @Id
    private String id;

    @Column(name = "volume_id")
    private String volumeId;

    @Column(name = "start_us")
    private long startUs;

    @Column(name = "size_bytes")
    private long sizeBytes;

    /** For JPA. */
    protected CopyRow() {}

    CopyRow(ChunkRow chunk, String volumeId) {
        this.id = chunk.id();
        this.volumeId = volumeId;
        this.startUs = chunk.time().startUs();
        this.sizeBytes = chunk.sizeBytes();
    }

    String volumeId() {
        return volumeId;
    }

    long sizeBytes() {
        return sizeBytes;
    }
}

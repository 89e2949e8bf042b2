// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ChunkIndex.StoredSegment;
import org.nxvms.platform.api.archive.CopyIndex;

/** Where the thread of one backup volume is; others look at the figures and add news. See {@link Backups}. */
final class BackupWalk {
    final BackupCopy copy;
    final Deque<StoredSegment> batch = new ArrayDeque<>();
    /** Streams of which chunks were sealed since somebody looked, */
    final Set<StreamId> news = ConcurrentHashMap.newKeySet();
    /** and where their newest chunk began then. */
    final Map<StreamId, Long> newestUs = new HashMap<>();
    /** Streams that are to be looked through. */
    final Set<StreamId> fresh = ConcurrentHashMap.newKeySet();
    /** Volumes whose chunks can be copied now. */
    Set<UUID> sources = Set.of();
    /** Everything of the stream on those that began before has its copy, or shall have none. */
    final Map<StreamId, Long> fromUs = new ConcurrentHashMap<>();
    /** The same of all volumes, for the figures: what is out of reach waits too. */
    final Map<StreamId, Long> allFromUs = new ConcurrentHashMap<>();
    /** Where the next page of a stream ends, when the last one was full. */
    final Map<StreamId, Long> belowUs = new HashMap<>();

    final Map<UUID, Backoff> failed = new HashMap<>();
    /** Chunks in the clear, which an encrypted volume does not take. */
    final Set<UUID> plain = ConcurrentHashMap.newKeySet();

    long sweepNanos = System.nanoTime();
    long walkNanos = System.nanoTime() + Backups.WALK_NANOS;
    /** Volumes that can be read. */
    Set<UUID> readable = Set.of();

    boolean settled;
    long settleNanos = System.nanoTime();
    volatile long chunksCopied;
    volatile long bytesCopied;
    volatile Trouble trouble = Trouble.NONE;
    /** Why nothing can be copied at all; until something could. */
    volatile Trouble noRoom = Trouble.NONE;
    /** Guarded by this. */
    CopyIndex.Waiting waiting = CopyIndex.Waiting.NONE;
    /** Guarded by this. */
    long figuresNanos = System.nanoTime();

    BackupWalk(BackupCopy copy) {
        this.copy = copy;
    }

    void forgetWhere() {
        fromUs.clear();
        allFromUs.clear();
    }

    /** Looks through all again, from the newest on. */
    void restart(long pauseNanos) {
        batch.clear();
        belowUs.clear();
        sweepNanos = System.nanoTime() + pauseNanos;
    }

    /** {@return why it does not go on, and what to do} */
    Trouble trouble() {
        if (!noRoom.isNone()) {
            return noRoom;
        }
        int count = plain.size();
        return !trouble.isNone() || count == 0 ? trouble : Trouble.inTheClear(count);
    }
}

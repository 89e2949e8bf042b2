// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hashes fragments of several runs at once, just before the first of them is written, where that costs less than one by
 * one (ADR 42). What is announced is hashed in the memory from which it is then written, never read back, and by the
 * thread that announced it and no other: so nobody changes it meanwhile. Any thread; the lock is held once a fragment, for
 * some milliseconds at most when it is hashed, and never while a disk is waited for.
 */
final class FragmentHashing {
    private static final Logger LOG = LoggerFactory.getLogger(FragmentHashing.class);
    /** Of 350 kB these take 4 ms; from four on, more at once save nothing. */
    static final int WAITING_MAX = 32;

    /** A run's fragment that is about to be appended; belongs to the run and is used again and again. */
    static final class Announced extends Sha256Lanes.Message {
        /** Null when nothing is announced. */
        private Thread by;

        private boolean waits;
        private boolean hashed;
    }

    private final Thread loading =
            new Thread(() -> NativeSha256.compression().ifPresent(this::by), "nxvms-archive-hashing");
    private final Announced[] waiting = new Announced[WAITING_MAX];
    private int waitingCount;
    private final Announced[] turn = new Announced[WAITING_MAX];
    /** Null as long as nothing is gained by waiting. */
    private Sha256Lanes lanes;

    /** Looks for a way to hash several at once, on a thread of its own: the system disk may hang. */
    static FragmentHashing begun() {
        FragmentHashing hashing = new FragmentHashing();
        hashing.loading.setDaemon(true);
        hashing.loading.start();
        return hashing;
    }

    /** From now on several are hashed at once. */
    synchronized void by(Sha256Lanes.Compression compression) {
        lanes = new Sha256Lanes(compression);
    }

    /** {@return whether it is not known yet if there is a way} */
    boolean isLooking() {
        return loading.isAlive();
    }

    /** {@return whether it is worth while to wait for others; the parts must stay as they are until it is taken} */
    synchronized boolean announce(Announced fragment, ByteBuffer[] parts, int count) {
        drop(fragment);
        if (lanes == null || !areDirect(parts, count)) {
            return false;
        }
        if (waitingCount == WAITING_MAX) {
            hashAll();
        }
        if (lanes == null || waitingCount == WAITING_MAX) {
            return false;
        }
        fragment.parts = parts;
        fragment.count = count;
        fragment.by = Thread.currentThread();
        fragment.waits = true;
        waiting[waitingCount++] = fragment;
        return true;
    }

    private static boolean areDirect(ByteBuffer[] parts, int count) {
        for (int i = 0; i < count; i++) {
            if (!parts[i].isDirect()) {
                return false;
            }
        }
        return true;
    }

    /** {@return the hash of an announced fragment, valid until the next is announced; {@link HashChain#UNKNOWN} if none} */
    synchronized byte[] take(Announced fragment) {
        if (fragment.by == null) {
            throw new IllegalStateException("nothing was announced");
        }
        if (fragment.waits) {
            hashAll();
        }
        byte[] hash = fragment.hashed ? fragment.hash : HashChain.UNKNOWN;
        drop(fragment);
        return hash;
    }

    /** It will not be appended as it was announced. */
    synchronized void drop(Announced fragment) {
        for (int i = 0; fragment.waits && i < waitingCount; i++) {
            if (waiting[i] == fragment) {
                waiting[i] = waiting[--waitingCount];
                waiting[waitingCount] = null;
                fragment.waits = false;
            }
        }
        fragment.by = null;
        fragment.hashed = false;
    }

    /** Those that this thread announced. */
    private void hashAll() {
        int mine = 0;
        int others = 0;
        for (int i = 0; i < waitingCount; i++) {
            Announced one = waiting[i];
            waiting[i] = null;
            if (one.by == Thread.currentThread()) {
                turn[mine++] = one;
            } else {
                waiting[others++] = one;
            }
        }
        waitingCount = others;
        boolean right = hash(mine);
        for (int i = 0; i < mine; i++) {
            turn[i].waits = false;
            turn[i].hashed = right;
            turn[i] = null;
        }
    }

    private boolean hash(int count) {
        if (lanes == null) {
            return false;
        }
        try {
            lanes.hash(turn, count);
            return true;
        } catch (RuntimeException wrong) {
            LOG.error("Several fragments could not be hashed at once; the JDK hashes from now on", wrong);
            lanes = null;
            return false;
        }
    }
}

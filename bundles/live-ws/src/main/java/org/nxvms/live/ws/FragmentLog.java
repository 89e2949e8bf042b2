// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

/**
 * The newest fragments of a stream by number: the GOP that is being received and the one before. Bounded in
 * number and bytes; what a stream with endless or huge GOPs has too much is forgotten from the old end, and
 * viewers then wait for the next key frame. One thread.
 */
final class FragmentLog {
    /** No key frame is held. */
    static final long NONE = -1;

    private final Fragment[] ring;
    private final long bytesMax;
    private final LiveMemory memory;
    private long tail;
    private long head;
    private long newestKey = NONE;
    private long bytes;

    /**
     * @param fragmentsMax a power of two
     * @param bytesMax payload held at most
     * @param memory of all logs, which bounds their sum
     */
    FragmentLog(int fragmentsMax, long bytesMax, LiveMemory memory) {
        if (Integer.bitCount(fragmentsMax) != 1) {
            throw new IllegalArgumentException("fragmentsMax must be a power of two, not " + fragmentsMax);
        }
        ring = new Fragment[fragmentsMax];
        this.bytesMax = bytesMax;
        this.memory = memory;
        memory.add(this);
    }

    /** {@return number of the oldest fragment held} */
    long tail() {
        return tail;
    }

    /** {@return number that the next fragment will have} */
    long head() {
        return head;
    }

    /** {@return number of the newest key fragment held, or {@link #NONE}} */
    long newestKey() {
        return newestKey;
    }

    /** {@return payload bytes held} */
    long bytes() {
        return bytes;
    }

    /** {@return the fragment, which must be held} */
    Fragment get(long number) {
        if (number < tail || number >= head) {
            throw new IllegalArgumentException(number + " is not in " + tail + ".." + (head - 1));
        }
        return ring[slot(number)];
    }

    /** {@return whether it found room; a fragment that did not is missing for everybody} */
    boolean add(Fragment fragment) {
        if (fragment.length() > bytesMax || !memory.makeRoom(fragment.length())) {
            return false;
        }
        if (fragment.key()) {
            if (newestKey != NONE) {
                forgetBefore(newestKey);
            }
            newestKey = head;
        }
        int size = fragment.length();
        if (head - tail == ring.length || bytes + size > bytesMax) {
            forgetBefore(newestKey > tail ? newestKey : head);
        }
        if (head - tail == ring.length || bytes + size > bytesMax) {
            forgetBefore(head);
        }
        if (newestKey != NONE && newestKey < tail) {
            newestKey = NONE;
        }
        ring[slot(head)] = fragment;
        head++;
        bytes += size;
        memory.changed(size);
        return true;
    }

    /** Others need room: forgets all before the newest key frame or, when that is the oldest, everything. */
    void giveUp() {
        forgetBefore(newestKey > tail ? newestKey : head);
        if (newestKey < tail) {
            newestKey = NONE;
        }
    }

    /** Forgets all; numbers go on. */
    void clear() {
        forgetBefore(head);
        newestKey = NONE;
    }

    private void forgetBefore(long number) {
        while (tail < number) {
            int slot = slot(tail);
            int size = ring[slot].length();
            bytes -= size;
            memory.changed(-size);
            ring[slot] = null;
            tail++;
        }
    }

    private int slot(long number) {
        return (int) number & ring.length - 1;
    }
}

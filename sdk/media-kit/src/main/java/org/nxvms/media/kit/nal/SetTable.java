// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Parameter sets of one kind by their id. Asking whether a set is known allocates nothing. One thread at a time. */
final class SetTable {
    /** More sets of a kind than this have not been seen in a camera; bounds what a hostile one can make us keep. */
    private static final int SETS_MAX = AvcConfig.SETS_MAX;

    private final byte[][] sets;
    private final int[] parents;
    private int count;

    /** @param ids how many ids there are */
    SetTable(int ids) {
        sets = new byte[ids][];
        parents = new int[ids];
    }

    boolean isId(int id) {
        return id >= 0 && id < sets.length;
    }

    boolean has(int id) {
        return isId(id) && sets[id] != null;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** {@return whether these very bytes are known under this id} */
    boolean knows(int id, ByteBuffer in, int offset, int length) {
        byte[] known = sets[id];
        if (known == null || known.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known[i] != in.get(offset + i)) {
                return false;
            }
        }
        return true;
    }

    /** Puts a set in place of the one of this id. {@return false when there are too many} */
    boolean put(int id, byte[] set, int parent) {
        if (sets[id] == null && count == SETS_MAX) {
            return false;
        }
        count += sets[id] == null ? 1 : 0;
        sets[id] = set;
        parents[id] = parent;
        return true;
    }

    /** Forgets the sets that depend on this one. */
    void removeChildrenOf(int parent) {
        for (int id = 0; id < sets.length; id++) {
            if (sets[id] != null && parents[id] == parent) {
                sets[id] = null;
                count--;
            }
        }
    }

    /** {@return id of the set this one depends on} */
    int parent(int id) {
        return parents[id];
    }

    /** {@return the smallest id in use, -1 when there is none} */
    int first() {
        for (int id = 0; id < sets.length; id++) {
            if (sets[id] != null) {
                return id;
            }
        }
        return -1;
    }

    /** {@return all sets, the one of this id first, the others by their ids} */
    List<byte[]> all(int leading) {
        List<byte[]> list = new ArrayList<>();
        if (has(leading)) {
            list.add(sets[leading]);
        }
        for (int id = 0; id < sets.length; id++) {
            if (sets[id] != null && id != leading) {
                list.add(sets[id]);
            }
        }
        return list;
    }

    static byte[] copy(ByteBuffer in, int offset, int length) {
        byte[] copy = new byte[length];
        in.get(offset, copy, 0, length);
        return copy;
    }
}

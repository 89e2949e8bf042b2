// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.thumbnail;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Pictures in memory, or what is known of them, within so many bytes; what nobody asked for longest goes first. Of encrypted
 * footage none lies anywhere else. Any thread.
 */
public final class PictureCache<K> {
    private final Map<K, byte[]> pictures = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long bytesMax;

    public PictureCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    public synchronized void limit(long newBytesMax) {
        bytesMax = newBytesMax;
        shrink();
    }

    public synchronized Optional<byte[]> get(K key) {
        return Optional.ofNullable(pictures.get(key));
    }

    public synchronized void put(K key, byte[] picture) {
        byte[] before = pictures.put(key, picture);
        bytes += picture.length - (before == null ? 0 : before.length);
        shrink();
    }

    private void shrink() {
        Iterator<byte[]> eldest = pictures.values().iterator();
        while (bytes > bytesMax && eldest.hasNext()) {
            bytes -= eldest.next().length;
            eldest.remove();
        }
    }
}

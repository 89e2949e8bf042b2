// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.worker.LumaPictures;

/** Sees in {@code key 4} a yard, in which a block stands as long as the second is one of {@link #blocks}. */
public final class FakeLumas implements LumaPictures {
    /** Seconds of key frames in which the block is at the left upper corner. */
    public final Set<Integer> blocks = ConcurrentHashMap.newKeySet();
    /** Key frames that cannot be decoded. */
    public final Set<Integer> broken = ConcurrentHashMap.newKeySet();

    public final AtomicInteger decoded = new AtomicInteger();
    public volatile boolean busy;
    /** A call amid which the bundle of the service is exchanged: classes it has not loaded yet are not to be had any more. */
    public volatile boolean unlinked;

    @Override
    public byte[] luma(TrackFormat track, ByteBuffer picture, int columns, int rows, int timeoutMs)
            throws DriverException {
        if (busy) {
            throw new DriverException(Kind.BUSY, "there is too much to do");
        }
        if (unlinked) {
            throw new NoClassDefFoundError("org/nxvms/media/worker/wire/Body");
        }
        String text = StandardCharsets.US_ASCII.decode(picture).toString();
        int second = Integer.parseInt(text.substring("key ".length()));
        decoded.incrementAndGet();
        if (broken.contains(second)) {
            throw new DriverException(Kind.UNSUPPORTED, "the picture cannot be decoded");
        }
        byte[] yard = Scenes.yard(second);
        return blocks.contains(second) ? Scenes.with(yard, 2, 2) : yard;
    }
}

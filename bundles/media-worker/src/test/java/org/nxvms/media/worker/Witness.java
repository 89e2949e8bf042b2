// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.worker.SourceDoor;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceTrack;

/** Remembers what a source told. */
final class Witness implements SourceListener {
    /** Lets a source be connected to whatever it says. */
    static final SourceDoor ANYWHERE = host -> {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException unknown) {
            throw new DriverException(DriverException.Kind.UNREACHABLE, "the host name is not known", unknown);
        }
    };

    /** One unit. */
    record Unit(int track, int flags, long timestamp, byte[] data) {}

    final CompletableFuture<List<SourceTrack>> tracks = new CompletableFuture<>();
    final BlockingQueue<Unit> units = new LinkedBlockingQueue<>();
    final CompletableFuture<SourceEnd> end = new CompletableFuture<>();

    @Override
    public void opened(List<SourceTrack> opened) {
        tracks.complete(opened);
    }

    @Override
    public void changed(int index, SourceTrack track) {
        // No story here changes a track.
    }

    @Override
    public void unit(int index, int flags, long timestamp, ByteBuffer data) {
        byte[] copy = new byte[data.remaining()];
        data.get(copy);
        units.add(new Unit(index, flags, timestamp, copy));
    }

    @Override
    public void ended(SourceEnd how) {
        end.complete(how);
    }

    Unit next() throws InterruptedException {
        Unit unit = units.poll(60, TimeUnit.SECONDS);
        if (unit == null) {
            throw new AssertionError("no unit in time; ended: " + end.getNow(null));
        }
        return unit;
    }

    SourceEnd awaitEnd() throws Exception {
        return end.get(60, TimeUnit.SECONDS);
    }
}

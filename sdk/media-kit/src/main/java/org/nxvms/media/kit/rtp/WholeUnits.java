// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

/** What depacketizers share that put a unit together in its sink, packet by packet: it ends whole, or is dropped and counted. */
abstract class WholeUnits implements Depacketizer {
    final AccessUnitSink sink;
    final TimestampUnwrapper clock = new TimestampUnwrapper();
    /** A unit was begun in the sink. */
    boolean open;
    /** Of the unit that was begun last. */
    long timestamp;
    /** Something was lost since the last whole unit. */
    boolean afterLoss;

    boolean markerMissing;
    long dropped;

    WholeUnits(AccessUnitSink sink) {
        this.sink = sink;
    }

    /** Gives the open unit up, if there is one. */
    final void drop() {
        if (open) {
            open = false;
            dropped++;
            sink.abort();
        }
    }

    @Override
    public final long dropped() {
        return dropped;
    }

    @Override
    public final int quirks() {
        return markerMissing ? PayloadQuirk.MARKER_MISSING.bit() : 0;
    }

    @Override
    public final void close() {
        drop();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

/** What a camera has done; written on the farm's thread. */
final class Counters {
    long requests;
    long units;
    long packets;
    long bytes;
    long skippedUnits;

    Camera.Status status(int connections, int playing) {
        return new Camera.Status(connections, playing, requests, units, packets, bytes, skippedUnits);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

/** How soon what a camera sends is wanted. */
enum Urgency {
    /** Something depends on when it is looked at: each tick. */
    EACH_TICK,
    /** Somebody watches: as soon as it is there. */
    AT_ONCE,
    /** Nobody waits for it: each longer tick. */
    LATER
}

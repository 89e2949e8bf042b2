// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.util.Optional;

/** A loudspeaker that plays what clients send back through a stream. */
public interface Ear {
    /** There is no loudspeaker. */
    Ear NONE = Optional::empty;

    /** {@return what plays a client's sound; empty while it plays somebody else's} */
    Optional<Voice> begin();

    default boolean isThere() {
        return this != NONE;
    }

    /** One client's sound. */
    interface Voice {
        void play(byte[] samples);

        void end();
    }
}

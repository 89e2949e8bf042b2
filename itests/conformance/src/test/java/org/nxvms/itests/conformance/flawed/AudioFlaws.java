// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** Loudspeakers that say nothing, or do not stop. */
final class AudioFlaws {
    static final Map<String, Flaw> BY_RULE = Map.ofEntries(
            Map.entry("audio.formats", visit -> visit.is("AudioOut.formats") ? List.of() : visit.go()),
            Map.entry("audio.plays", AudioFlaws::everyOther),
            Map.entry("audio.busy", AudioFlaws::neverBusy),
            Map.entry("audio.stuck", AudioFlaws::takesAll),
            Map.entry("audio.interrupt", AudioFlaws::deaf),
            Map.entry("audio.closed", visit -> visit.is("Talk.close") ? null : visit.go()));

    /** Nobody hears it. */
    private static final AudioOut.Talk UNHEARD = new AudioOut.Talk() {
        @Override
        public void send(ByteBuffer frame) {}

        @Override
        public void close() {}
    };

    private AudioFlaws() {}

    private static Object everyOther(Visit visit) throws Throwable {
        if (visit.is("Talk.send")) {
            boolean late = visit.driver().memory.remove("late") != null;
            if (!late) {
                visit.driver().memory.put("late", true);
                return null;
            }
        }
        return visit.go();
    }

    private static Object neverBusy(Visit visit) throws Throwable {
        try {
            return visit.go();
        } catch (DriverException failure) {
            if (visit.is("AudioOut.talk") && failure.kind() == Kind.BUSY) {
                return UNHEARD;
            }
            throw failure;
        }
    }

    /** What the device does not take waits in memory. */
    private static Object takesAll(Visit visit) throws Throwable {
        if (!visit.is("Talk.send")) {
            return visit.go();
        }
        ByteBuffer frame = visit.argument(0);
        byte[] kept = new byte[frame.remaining()];
        frame.get(kept);
        visit.driver().memory.put("kept " + System.nanoTime(), kept);
        return null;
    }

    private static Object deaf(Visit visit) throws Throwable {
        while (true) {
            try {
                return visit.go();
            } catch (InterruptedException notHeard) {
                visit.<ByteBuffer>argument(0).rewind();
            }
        }
    }
}

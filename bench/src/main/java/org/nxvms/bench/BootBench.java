// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nxvms.itests.harness.PackedServer;

/** Seconds from the start of the process to a ready server: on a clean data folder, and on a used one. */
final class BootBench {
    private final int boots;

    BootBench(int boots) {
        this.boots = boots;
    }

    Map<String, Object> run() {
        List<Double> clean = new ArrayList<>();
        List<Double> again = new ArrayList<>();
        for (int boot = 1; boot <= boots; boot++) {
            try (PackedServer server = PackedServer.unpacked("boot")) {
                clean.add(seconds(server));
                server.stop();
                again.add(seconds(server));
            }
            Bench.say("boot " + boot + " of " + boots + ": clean " + clean.get(boot - 1) + " s, again "
                    + again.get(boot - 1) + " s");
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "boot");
        figures.put("boots", boots);
        figures.put("cleanSecondsMedian", Contender.median(clean));
        figures.put("cleanSecondsMax", Collections.max(clean));
        figures.put("againSecondsMedian", Contender.median(again));
        figures.put("againSecondsMax", Collections.max(again));
        return figures;
    }

    private static double seconds(PackedServer server) {
        long begin = System.nanoTime();
        server.start();
        return Math.round((System.nanoTime() - begin) / 1e8) / 10.0;
    }
}

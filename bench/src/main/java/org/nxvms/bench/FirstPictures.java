// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.net.http.HttpClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Waiting;

/** How soon who asks has a first picture of a camera that is connected. */
final class FirstPictures {
    private static final int WAIT_SECONDS = 30;

    /** Begins to watch a camera. */
    @FunctionalInterface
    interface Watching {
        LiveViewer begin(String camera) throws Exception;
    }

    private FirstPictures() {}

    /** {@return each way to watch, by its name in the figures} */
    static Map<String, Watching> ways(Api api, WhepIdentity identity) {
        HttpClient client = HttpClient.newHttpClient();
        Map<String, Watching> ways = new LinkedHashMap<>();
        ways.put("webrtc", camera -> new WhepViewer(client, api, identity, camera));
        ways.put("ws", camera -> new SocketViewer(client, api, camera));
        return ways;
    }

    /**
     * One after the other, as somebody goes from camera to camera. Those before are not counted: code runs for the first time.
     *
     * @param count of those that are counted; half as many come before
     */
    static void measure(String way, Watching watching, List<String> cameras, int count, Map<String, Object> figures)
            throws Exception {
        double[] ms = new double[count];
        int before = count / 2;
        for (int i = 0; i < before + count; i++) {
            try (LiveViewer viewer = watching.begin(cameras.get(i % cameras.size()))) {
                await(way, viewer);
                ms[Math.max(0, i - before)] = viewer.firstPictureMs();
            }
        }
        Percentiles.put(figures, way + "FirstPicture", ms);
        Bench.say(way + ": first picture after " + figures.get(way + "FirstPictureP95Ms") + " ms (p95)");
    }

    static void await(String way, LiveViewer viewer) {
        Waiting.until("a first picture by " + way, WAIT_SECONDS, () -> viewer.firstPictureMs() >= 0);
    }
}

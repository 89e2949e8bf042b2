// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Waiting;

/** In the pictures of simulated cameras figures walk about below and the frame strip changes above; between both lies a wall. */
final class MotionStory {
    private static final Map<String, Double> FIGURES = box(0.1, 0.4, 0.8, 0.5);
    private static final Map<String, Double> STRIP = box(0.1, 0.045, 0.8, 0.044);
    private static final Map<String, Double> WALL = box(0.6, 0.12, 0.3, 0.15);

    private static final String SEARCHES = "/api/v1/motion/searches";

    private MotionStory() {}

    private static Map<String, Double> box(double x, double y, double width, double height) {
        return Map.of("x", x, "y", y, "width", width, "height", height);
    }

    /** {@return the search when it is over} */
    private static JsonNode search(Api api, String camera, Instant from, Instant to, Map<String, Double> box) {
        Api.Answer begun = api.post(
                        SEARCHES,
                        Map.of(
                                "cameraIds",
                                List.of(camera),
                                "from",
                                from.toString(),
                                "to",
                                to.toString(),
                                "areas",
                                List.of(box)))
                .expect(202);
        JsonNode search = begun.json();
        String path = SEARCHES + "/" + search.get("id").asText();
        while (search.get("state").asText().equals("running")) {
            search = api.get(path + "?after=" + search.get("revision").asLong())
                    .expect(200)
                    .json();
        }
        assertThat(search.get("state").asText()).as(search.toString()).isEqualTo("done");
        assertThat(search.get("searchedMs")).isEqualTo(search.get("footageMs"));
        api.delete(path).expect(204);
        api.get(path).expect(404);
        return search;
    }

    /** @param recorded says from when on there are at least some seconds of footage without a gap */
    static void motionIsFoundWhereItIsAndNotBesideIt(Api api, String camera, Supplier<Instant> recorded) {
        Instant from = recorded.get();
        Instant to = from.plusSeconds(12);
        JsonNode figures = search(api, camera, from, to, FIGURES);
        assertThat(figures.at("/cameras/0/found").size())
                .as("figures that walk: " + figures)
                .isPositive();
        assertThat(figures.at("/cameras/0/unreadable").asInt()).isZero();
        long moved = 0;
        for (JsonNode found : figures.at("/cameras/0/found")) {
            assertThat(found.get("height").asInt()).isBetween(1, 255);
            moved += found.get("to").asLong() - found.get("from").asLong();
        }
        assertThat(moved).as("they walk all the time").isGreaterThan(8_000);
        JsonNode wall = search(api, camera, from, to, WALL);
        assertThat(wall.at("/cameras/0/found"))
                .as("a wall with the noise of a sensor: " + wall)
                .isEmpty();
        JsonNode strip = search(api, camera, from, to, STRIP);
        assertThat(strip.at("/cameras/0/found").size()).isPositive();
        assertThat(wall.get("pictures").asLong() + strip.get("pictures").asLong())
                .as("decoded for other boxes; what grows has some more each time")
                .isLessThan(figures.get("pictures").asLong() + 30);
        heightsAreFoundOut(api, camera, from, to);
    }

    private static void heightsAreFoundOut(Api api, String camera, Instant from, Instant to) {
        String path = "/api/v1/motion/heights?cameras=" + camera + "&buckets=12&from=" + Api.escaped(from.toString())
                + "&to=" + Api.escaped(to.toString());
        Waiting.until("the range is looked at", 60, () -> api.get(path + "&analyse=true")
                .expect(200)
                .json()
                .at("/cameras/0/complete")
                .asBoolean());
        JsonNode lane = api.get(path).expect(200).json().at("/cameras/0");
        List<Integer> heights = new ArrayList<>();
        lane.get("heights").forEach(height -> heights.add(height.asInt()));
        assertThat(heights).hasSize(12);
        assertThat(heights.subList(1, 9)).as("in each second something moves").allMatch(height -> height > 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.driver.spi.PtzSpace.Axis;

/** What is kept when a preset is given another name: the position it had, or nothing. */
class PresetChangeRestTest {
    private static final Map<Axis, Double> BEFORE = Map.of(Axis.PAN, 0.0, Axis.TILT, 0.0);
    private static final Map<Axis, Double> THERE = Map.of(Axis.PAN, 42.0, Axis.TILT, -7.0);

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    private final FakeDevice device = new FakeDevice();
    private String camera;

    @BeforeEach
    void add() throws Exception {
        server.registry().driver.device = Optional.of(device);
        camera = server.add("gate", "");
    }

    private HttpResponse<String> rename(String... headers) throws Exception {
        return server.send("PATCH", camera + "/ptz/presets/1", "{\"name\":\"Yard\"}", headers);
    }

    /** As devices that renew their status once a second, and think a while before they move. */
    @Test
    void aHeadThatIsSeenToMoveLateIsWaitedFor() throws Exception {
        long late = server.clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(4_700);
        device.whereabouts = Optional.of(() -> {
            boolean isThere = device.told.contains("preset 1") && server.clock.nanoTime() > late;
            return isThere ? THERE : BEFORE;
        });
        HttpResponse<String> answer = rename();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(device.keptAt).isEqualTo(THERE);
    }

    @Test
    void whoMovesTheCameraMeanwhileEndsTheRename() throws Exception {
        CompletableFuture<HttpResponse<String>> moved = new CompletableFuture<>();
        device.whereabouts = Optional.of(() -> device.told.contains("to {PAN=90.0}") ? Map.of(Axis.PAN, 90.0) : THERE);
        server.clock.awaited = () -> {
            if (device.told.contains("preset 1") && !moved.isDone()) {
                moved.complete(movedByAnother());
            }
        };
        HttpResponse<String> answer = rename();

        assertThat(moved.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(answer.body()).contains("moved meanwhile", "nothing was changed");
        assertThat(device.told).noneMatch(told -> told.startsWith("replace"));
    }

    private HttpResponse<String> movedByAnother() {
        try {
            return server.send("POST", camera + "/ptz/absolute", "{\"pan\":90}", "Authorization", "Bearer chief");
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoMayNotSteerRenamesNothingThatWouldMoveTheCamera() throws Exception {
        String[] keeper = {"Authorization", "Bearer keeper"};
        HttpResponse<String> refused = rename(keeper);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
        assertThat(refused.body()).containsIgnoringCase("control_ptz");
        assertThat(device.told).doesNotContain("preset 1");

        assertThat(server.send("PATCH", camera + "/ptz/presets/1", "{\"name\":\"Yard\",\"here\":true}", keeper)
                        .statusCode())
                .isEqualTo(200);
    }
}

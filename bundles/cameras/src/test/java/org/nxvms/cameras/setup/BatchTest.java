// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraReport;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.camera.SetupBatch;
import org.nxvms.platform.api.camera.SetupBatch.State;
import org.nxvms.test.kit.TestCamera;

/** A batch comes to its end, whatever its cameras do to it. */
class BatchTest {
    private static final List<CameraSetup.Order> ORDERS =
            Stream.of("one", "two", "three").map(BatchTest::order).toList();

    private static CameraSetup.Order order(String address) {
        return new CameraSetup.Order(
                address,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("geheim"),
                Optional.empty(),
                RecordingSettings.DEFAULT);
    }

    private static CameraSetup.Added added(CameraSetup.Order order) {
        Camera camera = TestCamera.of(UUID.randomUUID())
                .named(order.address())
                .by("maker", "http://" + order.address() + "/")
                .camera();
        return new CameraSetup.Added(
                camera, new CameraReport(Instant.EPOCH, 1, "maker", "1.0.0", DeviceIdentity.UNKNOWN, List.of()));
    }

    @Test
    void anErrorCostsItsCameraAndNotTheBatch() {
        Batch batch = new Batch(
                ORDERS,
                order -> {
                    if (order.address().equals("one")) {
                        throw new NoClassDefFoundError("org/example/Gone");
                    }
                    return added(order);
                },
                camera -> {});

        batch.work();

        SetupBatch report = batch.report();
        assertThat(report.runs()).isFalse();
        assertThat(report.items())
                .extracting(SetupBatch.Item::state)
                .containsExactly(State.FAILED, State.ADDED, State.ADDED);
        assertThat(report.items().get(0).failure())
                .hasValueSatisfying(why -> assertThat(why).hasMessageContaining("its log has it"));
        assertThat(report.items()).noneMatch(item -> item.order().password().isPresent());
    }

    @Test
    void whatWasAddedIsSaidToBeWhoeverCannotBeTold() {
        Batch batch = new Batch(ORDERS, BatchTest::added, camera -> {
            throw new IllegalStateException("the audit is away");
        });

        batch.work();

        assertThat(batch.report().runs()).isFalse();
        assertThat(batch.report().items()).extracting(SetupBatch.Item::state).containsOnly(State.ADDED);
        assertThat(batch.report().items()).allMatch(item -> item.camera().isPresent());
    }

    @Test
    void aBatchThatIsGivenUpKeepsNoPasswordAndWaitsForNobody() {
        Batch batch = new Batch(ORDERS, BatchTest::added, camera -> {});

        batch.giveUp();
        batch.work();

        assertThat(batch.report().runs()).isFalse();
        assertThat(batch.report().items()).extracting(SetupBatch.Item::state).containsOnly(State.FAILED);
        assertThat(batch.report().items())
                .noneMatch(item -> item.order().password().isPresent());
        assertThat(batch.report().items()).allMatch(item -> item.failure().isPresent());
    }
}

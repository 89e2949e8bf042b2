// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.motion.MotionMask;
import org.nxvms.platform.api.motion.MotionMask.Area;
import org.nxvms.platform.api.worker.Polygon.Point;

/** What counts as no motion of a camera; run once per database. */
abstract class MotionMaskStories extends StoreScene {
    private static final UUID GATE = new UUID(3, 3);
    private static final Area TREE = new Area(List.of(new Point(0, 0), new Point(1.0 / 3, 0), new Point(0.25, 1)));
    private static final Area STREET =
            new Area(List.of(new Point(0, 0.5), new Point(1, 0.5), new Point(1, 1), new Point(0, 1)));

    private MotionMaskTable masks;

    @BeforeAll
    void open() {
        masks = new MotionMaskTable(unit);
    }

    @BeforeEach
    void theGateIsNew() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement camera = connection.prepareStatement(
                        "insert into camera (id, version, server_id, name, driver, address, enabled, recording_mode,"
                                + " recording_streams, retention_days_max, created_ms, updated_ms) values (?, 1, ?, 'Gate',"
                                + " 'rtsp', 'rtsp://192.0.2.1/', true, 'continuous', 'main', 7, 1, 2)")) {
            camera.setString(1, GATE.toString());
            camera.setString(2, SERVER.toString());
            camera.executeUpdate();
        }
    }

    @Test
    void itIsWhatWasGivenLastToTheLastDigit() {
        assertThat(masks.of(GATE)).isEqualTo(MotionMask.NONE);

        MotionMask first = new MotionMask(1, List.of(TREE, STREET));
        assertThat(masks.replace(GATE, first)).isTrue();
        assertThat(masks.of(GATE)).isEqualTo(first);

        assertThat(masks.replace(GATE, new MotionMask(2, List.of()))).isTrue();
        assertThat(masks.of(GATE)).isEqualTo(new MotionMask(2, List.of()));
    }

    @Test
    void aChangeUponWhatIsNoMoreChangesNothing() {
        MotionMask first = new MotionMask(1, List.of(TREE));
        assertThat(masks.replace(GATE, first)).isTrue();

        assertThat(masks.replace(GATE, new MotionMask(1, List.of(STREET)))).isFalse();
        assertThat(masks.replace(GATE, new MotionMask(3, List.of(STREET)))).isFalse();
        assertThat(masks.of(GATE)).isEqualTo(first);
    }

    @Test
    void itGoesWithItsCameraAndNoOtherHasIt() {
        assertThat(masks.replace(GATE, new MotionMask(1, List.of(TREE)))).isTrue();
        assertThat(masks.of(UUID.randomUUID())).isEqualTo(MotionMask.NONE);

        assertThat(new CameraTable(unit).delete(GATE)).isTrue();

        assertThat(masks.of(GATE)).isEqualTo(MotionMask.NONE);
        assertThat(masks.replace(GATE, new MotionMask(1, List.of(TREE)))).isFalse();
    }

    @Test
    void asManyAreasAsThereMayBeWithAllTheirCornersHaveRoom() {
        Point longest = new Point(Math.nextUp(1e-9), Math.nextUp(2e-9));
        Area area = new Area(Collections.nCopies(Area.POINTS_MAX, longest));
        MotionMask all = new MotionMask(1, Collections.nCopies(MotionMask.AREAS_MAX, area));

        assertThat(masks.replace(GATE, all)).isTrue();
        assertThat(masks.of(GATE)).isEqualTo(all);
    }
}

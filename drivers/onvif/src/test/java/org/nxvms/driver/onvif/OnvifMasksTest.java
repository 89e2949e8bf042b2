// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.MaskSettings;
import org.nxvms.driver.spi.MaskSettings.Point;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.driver.spi.PrivacyMasks.Mask;
import org.nxvms.media.StreamRole;
import org.nxvms.simulator.clip.Cover.Corner;
import org.nxvms.simulator.fault.FaultKind;

/** Privacy masks of the simulated device, which really hides what they cover. */
class OnvifMasksTest extends OnvifScene {
    private static final List<Point> LOWER_RIGHT =
            List.of(new Point(0.5, 0.5), new Point(1, 0.5), new Point(1, 1), new Point(0.5, 1));

    @AfterEach
    void bare() {
        camera.clearFaults();
        device.masks().all().keySet().forEach(device.masks()::remove);
    }

    private static MaskSettings black(List<Point> points, boolean on) {
        return new MaskSettings(points, MaskSettings.Kind.COLOR, Optional.of("#000000"), on);
    }

    @Test
    void whatThereCanBeIsTold() throws Exception {
        try (CameraSession session = open()) {
            PrivacyMasks masks = capability(session, PrivacyMasks.class);
            assertThat(masks.options())
                    .isEqualTo(new PrivacyMasks.Options(
                            4,
                            8,
                            false,
                            List.of(MaskSettings.Kind.COLOR, MaskSettings.Kind.PIXELATED),
                            true,
                            List.of(),
                            false,
                            Set.of(StreamRole.MAIN, StreamRole.SUB)));
            assertThat(masks.masks()).isEmpty();
        }
    }

    @Test
    void aMaskIsAddedMovedSwitchedAndRemoved() throws Exception {
        try (CameraSession session = open()) {
            PrivacyMasks masks = capability(session, PrivacyMasks.class);
            MaskSettings wanted = black(LOWER_RIGHT, true);
            Mask made = masks.create(wanted);
            assertThat(wanted.differences(made.settings())).isEmpty();
            assertThat(made.settings().color()).contains("#000000");
            assertThat(masks.masks()).containsExactly(made);
            assertThat(device.masks().all().get(made.token()).cover().corners())
                    .as("from the top at the device, too")
                    .contains(new Corner(1, 1), new Corner(0.5, 0.5))
                    .doesNotContain(new Corner(0, 0));
            BufferedImage still = ImageIO.read(new ByteArrayInputStream(
                    capability(session, DeviceSnapshot.class).jpeg(StreamRole.MAIN)));
            assertThat(still.getRGB(still.getWidth() * 3 / 4, still.getHeight() * 3 / 4) & 0xffffff)
                    .as("its still is black there")
                    .isLessThan(0x0a0a0a);

            List<Point> triangle = List.of(new Point(0.1, 0.2), new Point(0.3, 0.2), new Point(0.2, 0.45));
            MaskSettings moved = new MaskSettings(triangle, MaskSettings.Kind.COLOR, Optional.empty(), false);
            Mask changed = masks.change(made.token(), moved);
            assertThat(changed.token()).isEqualTo(made.token());
            assertThat(moved.differences(changed.settings())).isEmpty();
            assertThat(changed.settings().color()).as("its colour stays").contains("#000000");
            assertThat(masks.masks()).containsExactly(changed);

            masks.remove(made.token());
            assertThat(masks.masks()).isEmpty();
        }
    }

    @Test
    void whatCannotBeIsRefusedAndNamed() throws Exception {
        try (CameraSession session = open()) {
            PrivacyMasks masks = capability(session, PrivacyMasks.class);
            List<Point> many = List.of(
                    new Point(0.5, 0.1),
                    new Point(0.6, 0.1),
                    new Point(0.7, 0.2),
                    new Point(0.7, 0.3),
                    new Point(0.6, 0.4),
                    new Point(0.5, 0.4),
                    new Point(0.4, 0.3),
                    new Point(0.4, 0.2),
                    new Point(0.45, 0.15));
            OnvifDriverTest.assertKind(
                    Kind.CONFIG,
                    "The field points must have at most 8 corners.",
                    () -> masks.create(black(many, true)));
            OnvifDriverTest.assertKind(
                    Kind.CONFIG,
                    "The field kind must be one of color, pixelated.",
                    () -> masks.create(
                            new MaskSettings(LOWER_RIGHT, MaskSettings.Kind.BLURRED, Optional.empty(), true)));
            OnvifDriverTest.assertKind(
                    Kind.NOT_FOUND,
                    "no privacy mask 'mask_77'",
                    () -> masks.change("mask_77", black(LOWER_RIGHT, true)));
            OnvifDriverTest.assertKind(Kind.NOT_FOUND, "no privacy mask 'mask_77'", () -> masks.remove("mask_77"));
            for (int i = 0; i < 4; i++) {
                masks.create(black(LOWER_RIGHT, false));
            }
            OnvifDriverTest.assertKind(
                    Kind.BUSY, "it has 4 of 4. Remove one first.", () -> masks.create(black(LOWER_RIGHT, false)));
            assertThat(masks.masks()).hasSize(4);
        }
    }

    @Test
    void whatTheDeviceMakesOfItIsTold() throws Exception {
        try (CameraSession session = open()) {
            PrivacyMasks masks = capability(session, PrivacyMasks.class);
            camera.set(FaultKind.MASK_ROUNDS);
            MaskSettings wanted = black(
                    List.of(new Point(0.1, 0.1), new Point(0.3, 0.1), new Point(0.3, 0.3), new Point(0.1, 0.3)), true);
            Mask made = masks.create(wanted);
            assertThat(wanted.differences(made.settings())).singleElement().satisfies(one -> {
                assertThat(one.field()).isEqualTo("points");
                assertThat(one.got()).startsWith("0.125 0.125, 0.313 0.125");
            });

            camera.clearFaults();
            camera.set(FaultKind.MASK_KEEPS);
            MaskSettings off = black(LOWER_RIGHT, false);
            assertThat(off.differences(masks.change(made.token(), off).settings()))
                    .as("it says yes and does nothing")
                    .extracting("field")
                    .containsExactly("points", "on");
            OnvifDriverTest.assertKind(Kind.CONFIG, "and still has it", () -> masks.remove(made.token()));
            OnvifDriverTest.assertKind(Kind.CONFIG, "nothing is hidden", () -> masks.create(wanted));
        }
    }

    /** As of those that somebody drew on the camera's own page, by a firmware of its own mind. */
    @Test
    void masksInAFormThatIsNotKnownHavePlacesAndAreNotCalledNone() throws Exception {
        try (CameraSession session = open()) {
            PrivacyMasks masks = capability(session, PrivacyMasks.class);
            camera.set(FaultKind.MASK_VAGUE);
            OnvifDriverTest.assertKind(
                    Kind.PROTOCOL, "in a form that is not known", () -> masks.create(black(LOWER_RIGHT, true)));
            assertThat(device.masks().all()).as("it hides").hasSize(1);
            assertThat(masks.masks()).isEmpty();

            camera.clearFaults();
            for (int i = 0; i < 3; i++) {
                masks.create(black(LOWER_RIGHT, false));
            }
            camera.set(FaultKind.MASK_VAGUE);
            OnvifDriverTest.assertKind(
                    Kind.BUSY,
                    "it has 4 of 4. Of 4 it tells in a form that is not known",
                    () -> masks.create(black(LOWER_RIGHT, false)));
        }
    }

    @Test
    void aDeviceThatSaysThatItHasNoneOffersNone() throws Exception {
        camera.set(FaultKind.NO_MASKS);
        try (CameraSession session = open()) {
            assertThat(session.capability(PrivacyMasks.class)).isEmpty();
        }
    }

    @Test
    void whoMayOnlyWatchSeesAndHidesNothing() throws Exception {
        camera.set(FaultKind.FORBIDDEN);
        try (CameraSession session = open()) {
            PrivacyMasks masks = capability(session, PrivacyMasks.class);
            assertThat(masks.masks()).isEmpty();
            OnvifDriverTest.assertKind(
                    Kind.UNSUPPORTED, "no right to CreateMask", () -> masks.create(black(LOWER_RIGHT, true)));
        }
    }
}

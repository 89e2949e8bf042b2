// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderOptions.Range;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.EncoderSettings.Resolution;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.test.kit.NotedTrail;

/** Video encoders by a command: shown, set, and what the camera has made of it. */
class CameraEncodersCommandTest {
    private static final Resolution HD = new Resolution(1280, 720);

    /** One encoder, which has a frame rate of its own mind. */
    private static final class Device implements VideoEncoders {
        final List<Map<String, String>> told = new ArrayList<>();
        EncoderSettings now = new EncoderSettings(
                Codec.H264,
                HD,
                Optional.of(25.0),
                Optional.of(4_000),
                Optional.of(true),
                Optional.empty(),
                Optional.of(50),
                Optional.empty());

        @Override
        public List<Encoder> encoders() {
            EncoderOptions options = new EncoderOptions(
                    Codec.H264,
                    List.of(HD, new Resolution(640, 360)),
                    Optional.of(new Range(1, 25)),
                    List.of(),
                    Optional.of(new Range(64, 8_000)),
                    true,
                    Optional.empty(),
                    Optional.of(new Range(1, 250)),
                    List.of());
            return List.of(new Encoder("e1", "First", Set.of(StreamRole.MAIN), now, List.of(options)));
        }

        @Override
        public EncoderSettings set(String token, EncoderSettings wanted) {
            told.add(wanted.values());
            EncoderSettings all = wanted.over(now);
            now = new EncoderSettings(
                    all.codec(),
                    all.resolution(),
                    Optional.of(20.0),
                    all.bitrateKbps(),
                    all.constantBitrate(),
                    all.quality(),
                    all.keyFrameInterval(),
                    all.profile());
            return now;
        }
    }

    private final Device device = new Device();
    private final FakeRegistry registry = new FakeRegistry();
    private final NotedTrail trail = new NotedTrail();
    private final Console console = new Console()
            .with(CameraRegistry.class, registry)
            .with(AuditTrail.class, trail)
            .with(CameraControl.class, (CameraControl) Proxy.newProxyInstance(
                    CameraEncodersCommandTest.class.getClassLoader(),
                    new Class<?>[] {CameraControl.class},
                    (proxy, method, arguments) -> ask((CameraControl.Question<?, ?>) arguments[2])));
    private final CameraEncodersCommand command = new CameraEncodersCommand();

    @SuppressWarnings("unchecked")
    private Object ask(CameraControl.Question<?, ?> question) throws DriverException {
        return ((CameraControl.Question<VideoEncoders, Object>) question).ask(device);
    }

    @BeforeEach
    void one() {
        registry.add("Gate");
        command.camera = "Gate";
    }

    @Test
    void theyAreShownAndOneWithWhatItTakes() throws Exception {
        assertThat(console.run(command)).contains("e1", "main", "h264", "1280x720", "25", "4000", "50");
        command.encoder = "main";
        assertThat(console.run(command))
                .contains("1280x720, 640x360", "1..25", "64..8000", "true, false", "1..250")
                .doesNotContain("quality", "profile");
        assertThat(device.told).isEmpty();
    }

    @Test
    void oneIsSetAndWhatTheCameraMadeOfItIsSaid() throws Exception {
        command.encoder = "e1";
        command.changes = List.of("frameRate=15", "resolution=640x360", "constantBitrate=false");
        assertThat(console.run(command)).contains("The camera has frameRate=20 instead of 15.", "640x360");
        assertThat(device.told)
                .containsExactly(Map.of(
                        "codec", "h264", "resolution", "640x360", "frameRate", "15", "constantBitrate", "false"));
        assertThat(trail.last("encoder.changed").after())
                .isEqualTo(Map.of(
                        "encoder", "e1", "frameRate", "15", "resolution", "640x360", "constantBitrate", "false"));
    }

    @Test
    void whatCannotBeSetIsNamed() {
        command.encoder = "e1";
        fails("bitrateKbps=9000", "bitrateKbps must be 64..8000.");
        fails("bitrateKbps=many", "bitrateKbps is no number");
        fails("frameRate=0", "frameRate has no such value");
        fails("codec=vp8", "no codec 'vp8'");
        fails("codec=hevc", "codec must be one of h264.");
        fails("resolution=large", "must look like 1280x720");
        fails("constantBitrate=yes", "true or false");
        fails("brightness=1", "has no brightness");
        fails("frameRate", "no NAME=VALUE");
        command.encoder = "sub";
        fails("frameRate=5", "no video encoder 'sub'; it has e1.");
        assertThat(device.told).isEmpty();
        assertThat(trail.notes).isEmpty();
    }

    private void fails(String change, String message) {
        command.changes = List.of(change);
        assertThatThrownBy(() -> console.run(command))
                .as(change)
                .isInstanceOf(CommandException.class)
                .hasMessageContaining(message);
    }
}

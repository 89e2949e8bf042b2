// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.platform.api.worker.SourceRequest;

/** What FFmpeg may open at this machine. */
class SourcePolicyTest {
    private static SourceRequest request(String address) throws DriverException {
        Settings settings = Settings.of(HubFeedTest.defaults(FfmpegIngest.Config.class));
        return SourcePolicy.request(
                new StreamEndpoint(
                        URI.create(address), Optional.empty(), List.of(StreamEndpoint.Transport.TCP), Map.of()),
                settings,
                5_000);
    }

    @Test
    void aVideoDeviceIsOpenedAsSuchAndAsNothingElse() throws DriverException {
        SourceRequest request = request("v4l2:///dev/video0?size=1280x720");
        assertThat(request.containers()).containsExactly("v4l2");
        assertThat(request.protocols()).containsExactly("v4l2");
        assertThat(request.loop()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"v4l2:///dev/null", "v4l2:///etc/passwd", "v4l2:///dev/video999", "v4l2:///dev/../etc/hostname"})
    void whatIsNoVideoDeviceIsNotOpenedWhetherItIsThereOrNot(String address) {
        assertThatThrownBy(() -> SourcePolicy.checkLocal(URI.create(address), List.of(Path.of("/"))))
                .isInstanceOfSatisfying(
                        DriverException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFIG))
                .hasMessageContaining("no such video device");
    }

    @Test
    void aFolderOfFilesIsNoLeaveForDevicesAndTheReverse(@TempDir Path folder) throws Exception {
        Path film = Files.createFile(folder.resolve("film.mp4"));
        SourcePolicy.checkLocal(film.toUri(), List.of(folder));
        assertThatThrownBy(() -> SourcePolicy.checkLocal(URI.create("v4l2://" + film), List.of(folder)))
                .hasMessageContaining("no such video device");
        assertThatThrownBy(() -> SourcePolicy.checkLocal(URI.create("file:///dev/null"), List.of(folder)))
                .hasMessageContaining("below the folders");
    }
}

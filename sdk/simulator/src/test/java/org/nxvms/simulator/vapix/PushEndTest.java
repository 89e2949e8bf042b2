// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.push.PushPath;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.test.kit.Awaiting;

/** A device that is put away while it delivers. */
class PushEndTest {
    @Test
    void aFarmThatIsClosedLeavesNobodyWhoDelivers() throws Exception {
        CameraFarm farm = CameraFarm.builder()
                .clip(TestClips.SPEC)
                .data(TestClips.FOLDER)
                .settings(number -> CameraSettings.DEFAULT.withLogin(AuthScheme.DIGEST_MD5_QOP, "root", "pass"))
                .dialect(VapixDialect::new)
                .start();
        Device device = farm.device(1);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/in";
            new VapixClient(farm.httpUri(1), "pass")
                    .text(PushPath.PATH + "?action=subscribe&url=" + URLEncoder.encode(url, StandardCharsets.UTF_8));
            try (Socket delivering = silent.accept()) {
                InputStream in = delivering.getInputStream();
                assertThat(in.read()).isEqualTo('P');
                farm.close();
                in.transferTo(OutputStream.nullOutputStream());
                Awaiting.until("it ends", () -> device.events().subscribers() == 0);
                silent.setSoTimeout(1);
                assertThatThrownBy(silent::accept)
                        .as("it has not tried again")
                        .isInstanceOf(SocketTimeoutException.class);
            }
        }
    }
}

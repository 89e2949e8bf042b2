// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.CameraSettings;

/** Programs that log in by HTTP, such as {@code curl --digest}, come as far as with a real device. */
class HttpLoginTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static CameraFarm farm() throws Exception {
        return CameraFarm.builder()
                .clip(TestClips.SPEC)
                .data(TestClips.FOLDER)
                .settings(number -> CameraSettings.DEFAULT.withLogin(AuthScheme.DIGEST_MD5_QOP, "root", "pass"))
                .dialect(OnvifDialect::new)
                .start();
    }

    private static HttpResponse<String> post(CameraFarm farm, String body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(farm.httpUri(1) + "/onvif/device_service"))
                        .header("Content-Type", "application/soap+xml")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Which sends no body before it has been asked for its login. */
    @Test
    void aPostWithoutABodyIsAskedForALogin() throws Exception {
        try (CameraFarm farm = farm()) {
            HttpResponse<String> asked = post(farm, "");

            assertThat(asked.statusCode()).isEqualTo(401);
            assertThat(asked.headers().firstValue("WWW-Authenticate").orElse(""))
                    .startsWith("Digest realm=\"ONVIF_");
            assertThat(post(farm, "no XML").body()).contains("ter:WellFormed");
        }
    }

    @Test
    void aDeviceThatTakesNoLoginByHttpAsksForNone() throws Exception {
        try (CameraFarm farm = farm()) {
            farm.camera(1).set(FaultKind.NO_HTTP_DIGEST);

            HttpResponse<String> asked = post(farm, "");

            assertThat(asked.statusCode()).isEqualTo(400);
            assertThat(asked.body()).contains("ter:WellFormed");
        }
    }
}

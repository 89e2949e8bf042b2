// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.nxvms.simulator.fault.FaultSet;

/** Whatever a client sends as a request, parsing it ends with a request or none. */
class RtspRequestFuzz {
    private static final java.net.InetSocketAddress GROUP = new java.net.InetSocketAddress("239.77.0.1", 25_000);

    private final Authenticator authenticator =
            new Authenticator(CameraSettings.DEFAULT.withLogin(AuthScheme.DIGEST_SHA256, "admin", "secret"), "realm");

    @FuzzTest(maxDuration = "30s")
    void anyBytes(byte[] bytes) {
        String head = new String(bytes, StandardCharsets.ISO_8859_1);
        RtspRequest.parse(head).ifPresent(request -> {
            assertThat(request.method()).isNotEmpty();
            assertThat(request.path()).isNotNull();
            assertThat(StreamAddress.streamPath(request.path()) + request.query())
                    .isNotNull();
            assertThat(request.base("rtsp://fallback")).isNotEmpty();
            assertThat(authenticator.check(
                            request.method(),
                            "",
                            request.header("authorization").orElse(""),
                            1))
                    .isNotEqualTo(Authenticator.Verdict.PASSED);
            Transport transport = Transport.choose(
                    request.header("transport").orElse(""), FaultSet.NONE, InetAddress.getLoopbackAddress(), GROUP);
            assertThat(transport == null || transport.channel() <= 254).isTrue();
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/** Whatever a client sends, reading it ends with a request, a frame, or a refusal; within bounds. */
class HttpFuzz {
    @FuzzTest(maxDuration = "30s")
    void requestBytes(byte[] bytes) {
        try {
            Optional<HttpRequest> read = HttpRequest.read(new ByteArrayInputStream(bytes));
            read.ifPresent(request -> {
                assertThat(request.path()).startsWith("/");
                assertThat(request.parameters()).isNotNull();
                assertThat(request.headers()).hasSizeLessThanOrEqualTo(HttpRequest.HEADERS_MAX);
                assertThat(request.body().length).isLessThanOrEqualTo(HttpRequest.BODY_MAX);
            });
        } catch (IOException refused) {
            assertThat(refused).isInstanceOf(HttpRequest.Malformed.class);
        }
    }

    @FuzzTest(maxDuration = "30s")
    void frameBytes(byte[] bytes) {
        try {
            WebSocketLink.Frame frame = WebSocketLink.readFrame(new ByteArrayInputStream(bytes));
            assertThat(frame.bytes().length).isLessThanOrEqualTo(WebSocketLink.TEXT_MAX);
        } catch (IOException refused) {
            assertThat(refused).hasNoSuppressedExceptions();
        }
    }
}

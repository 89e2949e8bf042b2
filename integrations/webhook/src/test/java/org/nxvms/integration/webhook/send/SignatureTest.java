// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {
    /** The example that the libraries of Standard Webhooks are tested with; the result is that of Python's hmac. */
    @Test
    void itIsThatOfStandardWebhooks() {
        byte[] key = Signature.key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        String signature = Signature.of(
                key,
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));
        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void aFreshSecretIsOneAndEachIsAnother() {
        String secret = Signature.freshSecret();
        assertThat(Signature.key(secret)).hasSize(32);
        assertThat(Signature.freshSecret()).isNotEqualTo(secret);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_$$$hidden$$$hidden$$$"
            })
    void whatIsNoSecretIsRefusedAndNotQuoted(String text) {
        assertThatThrownBy(() -> Signature.key(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("secret must be whsec_")
                .hasNoCause()
                .message()
                .doesNotContain("hidden");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.coding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client says which answers it can unpack, well or badly. */
class AcceptEncodingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "GZIP",
                "x-gzip",
                "br, gzip",
                "gzip;q=0.5",
                "gzip ; q = 0.001",
                "br;q=0, gzip",
                "*",
                "*;q=0, gzip",
                ";, gzip",
                "gzip;"
            })
    void whoTakesGzipIsSentIt(String header) {
        assertThat(AcceptEncoding.allowsGzip(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"br", "identity", "gzip;q=0", "gzip;q=0.000", "br, gzip ;q=0", "*;q=0", "gzip;q=0, *", "gzipped"
            })
    void whoDoesNotIsSentItPlain(String header) {
        assertThat(AcceptEncoding.allowsGzip(header)).isFalse();
    }

    /** It is asked before anybody signs in. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", ",,", ";", ";;", "br,;", ";,br", ";q=1", " ; ", "=", ";="})
    void whatSaysNothingIsSentItPlain(String header) {
        assertThat(AcceptEncoding.allowsGzip(header)).isFalse();
    }

    @Test
    void withoutTheHeaderItIsSentPlain() {
        assertThat(AcceptEncoding.allowsGzip(null)).isFalse();
    }
}

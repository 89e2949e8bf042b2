// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Range headers of a representation of 1000 bytes, after the examples of RFC 9110 14.1.2. */
class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-499, 0, 500",
        "bytes=500-999, 500, 500",
        "bytes=-500, 500, 500",
        "bytes=950-, 950, 50",
        "bytes=0-0, 0, 1",
        "bytes=-1, 999, 1",
        "bytes=-5000, 0, 1000",
        "bytes=999-5000, 999, 1",
        "BYTES=1-2, 1, 2",
        "'bytes= 3-4', 3, 2",
        "bytes=0-999999999999999999, 0, 1000"
    })
    void oneRangeIsAnsweredAsAPart(String header, long first, long length) {
        assertThat(ByteRange.of(header, 1000)).isEqualTo(new ByteRange(ByteRange.Kind.PART, first, length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=999999999999999999-"})
    void beyondTheEndIsNotSatisfiable(String header) {
        assertThat(ByteRange.of(header, 1000).kind()).isEqualTo(ByteRange.Kind.UNSATISFIABLE);
        assertThat(ByteRange.of(header, 1000).contentRange(1000)).isEqualTo("bytes */1000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=0-1,5-6",
                "bytes=5-4",
                "bytes=-",
                "bytes=",
                "bytes",
                "",
                "lines=1-2",
                "bytes=a-b",
                "bytes=1-2-3",
                "bytes=1--2",
                "bytes=+1-2",
                "bytes=0-9999999999999999999",
                "bytes=٠-١"
            })
    void whatCannotBeReadIsIgnored(String header) {
        assertThat(ByteRange.of(header, 1000)).isEqualTo(new ByteRange(ByteRange.Kind.WHOLE, 0, 1000));
    }

    @Test
    void nothingCanBeTakenFromNothing() {
        assertThat(ByteRange.of("bytes=0-", 0).kind()).isEqualTo(ByteRange.Kind.UNSATISFIABLE);
        assertThat(ByteRange.of(null, 0).kind()).isEqualTo(ByteRange.Kind.WHOLE);
    }
}

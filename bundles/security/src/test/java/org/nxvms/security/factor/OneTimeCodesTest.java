// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.factor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The codes of RFC 6238 and what is taken for one. */
class OneTimeCodesTest {
    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    private final OneTimeCodes codes = new OneTimeCodes();

    @ParameterizedTest
    @CsvSource({
        "59,287082",
        "1111111109,081804",
        "1111111111,050471",
        "1234567890,005924",
        "2000000000,279037",
        "20000000000,353130",
    })
    void areThoseOfAppendixB(long second, String code) {
        assertThat(codes.code(SECRET, OneTimeCodes.step(Instant.ofEpochSecond(second))))
                .isEqualTo(code);
    }

    @Test
    void areGoodForTheStepBeforeAndAfterAndNoFurther() {
        Instant now = Instant.ofEpochSecond(1_234_567_890);
        long step = OneTimeCodes.step(now);
        for (int off = -3; off <= 3; off++) {
            boolean near = Math.abs(off) <= 1;
            assertThat(codes.find(SECRET, codes.code(SECRET, step + off), now, 0)
                            .isPresent())
                    .as("%d steps off", off)
                    .isEqualTo(near);
        }
        assertThat(codes.find(SECRET, "", now, 0)).isEmpty();
        assertThat(codes.find(SECRET, "00592", now, 0)).isEmpty();
    }

    @Test
    void areNotTakenAtOrBeforeTheLastStep() {
        Instant now = Instant.ofEpochSecond(1_234_567_890);
        long step = OneTimeCodes.step(now);
        String code = codes.code(SECRET, step);
        assertThat(codes.find(SECRET, code, now, step - 1)).hasValue(step);
        assertThat(codes.find(SECRET, code, now, step)).isEmpty();
        assertThat(codes.find(SECRET, code, now, step + 1)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'',''", "f,MY", "fo,MZXQ", "foo,MZXW6", "foob,MZXW6YQ", "fooba,MZXW6YTB", "foobar,MZXW6YTBOI"})
    void secretsAreWrittenAsRfc4648Does(String text, String base32) {
        assertThat(Base32.encode(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(base32);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times, cursors, limits and ETags as callers send them. */
class TimesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1763820185120, 1763820185120000",
        "2025-11-22T14:03:05.120Z, 1763820185120000",
        "2025-11-22T15:03:05.120+01:00, 1763820185120000",
        "2025-11-22T15:03:05.120 01:00, 1763820185120000",
        "2025-11-22T14:03:05.120456Z, 1763820185120456"
    })
    void readsBothForms(String text, long micros) {
        assertThat(Times.micros(text, "at")).isEqualTo(micros);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "yesterday",
                "-5",
                "1.5",
                "2025-11-22",
                "2025-11-22T14:03:05",
                "1969-12-31T23:59:59Z",
                "999999999999999",
                "99999999999999999999999",
                "+10000-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59Z",
                "-999999999-01-01T00:00:00Z",
                "0000-01-01T00:00:00Z",
                "2025-13-22T14:03:05Z"
            })
    void refusesWhatIsNoTimeAndNamesTheField(String text) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Times.micros(text, "at"))
                .satisfies(e -> {
                    assertThat(e.problem().status()).isEqualTo(400);
                    assertThat(e.problem().errors().get(0).field()).isEqualTo("at");
                });
    }

    @Test
    void refusesCursorsOfOthers() {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> Page.key("%%%"));
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> Page.key("a".repeat(5_000)));
    }

    @Test
    void collectsAllThatIsWrong() {
        Fields fields = new Fields();
        fields.text(java.util.Optional.of("  "), "name", 5);
        fields.text(java.util.Optional.of("abcdef"), "group", 5);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(fields::throwIfAny)
                .satisfies(e -> assertThat(e.problem().errors())
                        .extracting(FieldError::field)
                        .containsExactly("name", "group"));
    }
}

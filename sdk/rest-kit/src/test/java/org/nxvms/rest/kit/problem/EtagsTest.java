// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EtagsTest {
    @ParameterizedTest
    @ValueSource(strings = {"\"5\"", "\"4\", \"5\"", "\"5\",W/\"6\""})
    void theTagThatWasSeenIsACondition(String ifMatch) {
        assertThat(Etags.requireMatch(ifMatch, Etags.of(5), "The lamp")).isTrue();
    }

    @Test
    void nothingAndAnythingAreNone() {
        assertThat(Etags.requireMatch(null, "\"5\"", "The lamp")).isFalse();
        assertThat(Etags.requireMatch(" * ", "\"5\"", "The lamp")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"4\"", "\"\"", "\"a\"", "W/\"5\"", "\"9999999999999999999\""})
    void anotherTagIsRefused(String ifMatch) {
        refused(ifMatch, 412, "The lamp was changed in the meantime. Read it again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "\"5", "5\"", "\"a b\"", "w/\"5\"", "\"5\",", "\"5\", 6"})
    void whatIsNoTagIsNamed(String ifMatch) {
        refused(ifMatch, 400, "If-Match");
    }

    private static void refused(String ifMatch, int status, String why) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> Etags.requireMatch(ifMatch, Etags.of(5), "The lamp"))
                .satisfies(refused -> {
                    assertThat(refused.problem().status()).isEqualTo(status);
                    assertThat(refused.problem().detail()).contains(why);
                });
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            delimiter = ';',
            value = {"\"5\";true", "W/\"5\";true", "\"4\", \"5\";true", "*;true", "\"4\";false", "5;false"})
    void whatACallerHasIsComparedWeakly(String ifNoneMatch, boolean named) {
        assertThat(Etags.names(ifNoneMatch, "\"5\"")).isEqualTo(named);
        assertThat(Etags.names(null, "\"5\"")).isFalse();
    }

    @Test
    void theSameContentHasTheSameTag() {
        byte[] content = "{\"name\":\"a\"}".getBytes(StandardCharsets.UTF_8);
        String tag = Etags.of(content);

        assertThat(Etags.of(content.clone())).isEqualTo(tag).matches("\"[\\w-]{22}\"");
        content[9] = 'b';
        assertThat(Etags.of(content)).isNotEqualTo(tag);
        assertThat(Etags.requireMatch(tag, tag, "The lamp")).isTrue();
    }
}

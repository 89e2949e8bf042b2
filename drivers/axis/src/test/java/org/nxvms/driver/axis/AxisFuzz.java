// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.DriverException;

/** Whatever a camera answers, reading it ends with what is understood or with an IOException. */
class AxisFuzz {
    @FuzzTest(maxDuration = "30s")
    void parameters(byte[] bytes) {
        AxisFacts facts = AxisFacts.parse(new String(bytes, StandardCharsets.UTF_8));
        assertThat(facts.identity().manufacturer()).isEqualTo("Axis");
        assertThat(facts.profiles().size()).isLessThanOrEqualTo(100);
        assertThat(facts.rtspPort()).isBetween(1, 65_535);
        assertThat(AxisPtz.lines(new String(bytes, StandardCharsets.UTF_8))).isNotNull();
    }

    @FuzzTest(maxDuration = "30s")
    void definitions(byte[] bytes) {
        try {
            assertThat(AxisImaging.parse(new String(bytes, StandardCharsets.UTF_8)))
                    .hasSizeLessThanOrEqualTo(bytes.length);
        } catch (DriverException noXml) {
            assertThat(noXml.kind()).isEqualTo(DriverException.Kind.PROTOCOL);
        }
    }

    @FuzzTest(maxDuration = "30s")
    void recordings(byte[] bytes) {
        try {
            AxisRecordings.parse(new String(bytes, StandardCharsets.UTF_8))
                    .forEach(stored -> assertThat(stored.disk()).hasSizeBetween(1, 128));
        } catch (DriverException noXml) {
            assertThat(noXml.kind()).isEqualTo(DriverException.Kind.PROTOCOL);
        }
    }

    @FuzzTest(maxDuration = "30s")
    void notifications(byte[] bytes) {
        try {
            Object tree = JsonTree.parse(new String(bytes, StandardCharsets.UTF_8));
            EventWords.event(JsonTree.at(tree, "params", "notification"), Optional.of(Set.of("1")))
                    .ifPresent(event -> assertThat(event.part()).hasSizeLessThan(100));
        } catch (IOException noJson) {
            // said so, as it should be
        }
    }
}

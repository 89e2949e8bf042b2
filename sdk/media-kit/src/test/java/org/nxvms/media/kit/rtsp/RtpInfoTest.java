// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RtpInfoTest {
    private static final String BASE = "rtsp://10.0.0.1:554/live?a=1/";

    @Test
    void eachTrackTellsWhereItBegins() {
        assertThat(RtpInfo.parse("url=rtsp://c/s/stream=0;seq=123;rtptime=4294967295, "
                        + "url=rtsp://c/s/stream=1;seq=9;rtptime=17"))
                .containsExactly(new RtpInfo("rtsp://c/s/stream=0", -1), new RtpInfo("rtsp://c/s/stream=1", 17));
    }

    @Test
    void theOrderOfParametersSpacesAndQuotesDoNotMatter() {
        assertThat(RtpInfo.parse("RtpTime = 5 ; URL=\"trackID=0\" ; seq=1"))
                .containsExactly(new RtpInfo("trackID=0", 5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",;=,",
                "url=a;seq=1",
                "url=a;seq=1;rtptime=",
                "url=a;rtptime=-1",
                "url=a;rtptime=12345678901",
                "url=a;rtptime=4294967296",
                "url=a;rtptime=0x5",
                "rtptime=5",
                "seq=1;rtptime"
            })
    void whatTellsNoTimeStampIsLeftOut(String header) {
        assertThat(RtpInfo.parse(header)).isEqualTo(List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "trackID=1, true",
        "rtsp://10.0.0.1:554/live?a=1/trackID=1, true",
        "rtsp://192.168.1.9/live?a=1/trackID=1, true",
        "/live?a=1/trackID=1, true",
        "trackID=2, false",
        "rtsp://10.0.0.1:554/live, false",
    })
    void aTrackIsKnownByItsPathWhateverTheCameraCallsItself(String url, boolean same) {
        assertThat(new RtpInfo(url, 0).isOf(BASE + "trackID=1", BASE)).isEqualTo(same);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceIdentity;

/** What a document of quirks says, to which devices it says it, and what is wrong with one that cannot be used. */
class QuirkFileTest {
    @Test
    void starsStandForAnythingAndTakeNoTime() {
        for (String like :
                List.of("*", "a*", "*c", "a*c", "*b*", "a*b*c", "*a**c", "a?c", "A*C", "abc*", "*?", "*c*c")) {
            boolean twice = like.equals("*c*c");
            assertThat(Quirk.Devices.pattern(like)
                            .matcher(twice ? "abcbc" : "abc")
                            .matches())
                    .as(like)
                    .isTrue();
        }
        for (String like : List.of("", "b*", "*b", "a*d", "*bb*", "a?", "?", "*c*c", "a*c*b")) {
            assertThat(Quirk.Devices.pattern(like).matcher("abc").matches())
                    .as(like)
                    .isFalse();
        }
        // With each star in each place it would be thousands of millions of steps.
        assertThat(Quirk.Devices.pattern("*a*a*a*a*ab")
                        .matcher("a".repeat(1_000))
                        .matches())
                .isFalse();
    }

    private static final String HEAD = "\"id\": \"q\", \"why\": \"Because.\", \"source\": \"https://x.example/1\"";
    private static final String DEVICES = "\"devices\": [{\"manufacturer\": \"Acme*\", \"model\": \"A-?00*\"}]";

    private static byte[] file(String quirk) {
        return bytes("{\"format\": 1, \"quirks\": [{" + quirk + "}]}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static DeviceIdentity device(String manufacturer, String model, String firmware) {
        return new DeviceIdentity(manufacturer, model, firmware, "", "");
    }

    @Test
    void aQuirkIsOfTheDevicesThatItDescribes() throws Exception {
        Quirk quirk = QuirkFile.parse(
                        file(
                                HEAD + ", " + DEVICES + ", \"renew\": false, \"topics\": ["
                                        + "{\"topic\": \"RuleEngine/X/Y\", \"kind\": \"camera.motion\", \"data\": \"On\", \"part\": \"x/\"}]"))
                .get(0);
        assertThat(quirk.quirks().renew()).isFalse();
        assertThat(quirk.quirks().moveTimeout()).isTrue();
        assertThat(quirk.quirks().topics())
                .containsExactly(new Topic("RuleEngine/X/Y", DeviceEvent.MOTION, "On", "x/"));
        assertThat(quirk.isOf(device("ACME Ltd.", "a-500 (dome)", "1.0"))).isTrue();
        assertThat(quirk.isOf(device("Acme", "A-5000", "2.0"))).isTrue();
        assertThat(quirk.isOf(device("Acme", "A-50", ""))).isFalse();
        assertThat(quirk.isOf(device("Not Acme", "A-500", ""))).isFalse();
        Quirk old = QuirkFile.parse(file(HEAD + ", \"devices\": [{\"manufacturer\": \"a.c\", \"firmware\": \"1.*\"}],"
                        + " \"synchronize\": false"))
                .get(0);
        assertThat(old.isOf(device("a.c", "any", "1.20"))).isTrue();
        assertThat(old.isOf(device("abc", "any", "1.20"))).as("a dot is a dot").isFalse();
        assertThat(old.isOf(device("a.c", "any", "21.0"))).isFalse();
    }

    @Test
    void quirksOfADeviceAddUp() throws Exception {
        Quirks both = new Quirks(5, true, false, true, List.of(new Topic("a", "onvif.a", "", "")))
                .and(new Quirks(7, false, true, true, List.of(new Topic("b", "onvif.b", "", ""))));
        assertThat(both)
                .isEqualTo(new Quirks(
                        5,
                        false,
                        false,
                        true,
                        List.of(new Topic("a", "onvif.a", "", ""), new Topic("b", "onvif.b", "", ""))));
    }

    @Test
    void whatCannotBeUsedIsNamed() {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put(HEAD + ", " + DEVICES, "quirks[0] says of its devices nothing");
        wrong.put(HEAD + ", \"renew\": false", "quirks[0].devices is not a list of 1..50");
        wrong.put(
                HEAD + ", \"devices\": [{\"model\": \"x\"}], \"renew\": false",
                "quirks[0].devices[0].manufacturer is missing");
        wrong.put(
                HEAD + ", \"devices\": [{\"manufacturer\": \"******\"}], \"renew\": false",
                "quirks[0].devices[0].manufacturer is not 1..100 characters with at most 5 stars");
        wrong.put(HEAD + ", " + DEVICES + ", \"renew\": \"no\"", "quirks[0].renew is neither true nor false");
        wrong.put(HEAD + ", " + DEVICES + ", \"renw\": false", "quirks[0].renw is not known here");
        wrong.put(
                HEAD + ", " + DEVICES + ", \"pullSecondsMax\": 0",
                "quirks[0].pullSecondsMax is not a whole number 1..60");
        wrong.put(
                HEAD + ", " + DEVICES + ", \"pullSecondsMax\": 4294967297", "quirks[0].pullSecondsMax is not a whole");
        wrong.put(DEVICES + ", \"id\": \"Q\", \"renew\": false", "quirks[0].id is not 1..60 lower-case");
        wrong.put(
                "\"id\": \"q\", \"why\": \"Because.\", " + DEVICES + ", \"renew\": false",
                "quirks[0].source is missing");
        wrong.put(HEAD + ", " + DEVICES + ", \"topics\": [7]", "quirks[0].topics[0] is no object");
        wrong.put(
                HEAD + ", " + DEVICES + ", \"topics\": [{\"topic\": \"a/b\", \"kind\": \"recording.gap\"}]",
                "quirks[0].topics[0].kind is neither one of");
        wrong.put(
                HEAD + ", " + DEVICES + ", \"topics\": [{\"topic\": \"tns1:a/b\", \"kind\": \"onvif.x\"}]",
                "quirks[0].topics[0].topic is not a topic without prefixes");
        wrong.put(
                HEAD + ", " + DEVICES + ", \"renew\": false, \"renew\": true",
                "the document is no JSON: Duplicate field");
        wrong.forEach((quirk, message) -> assertThatThrownBy(() -> QuirkFile.parse(file(quirk)))
                .as(quirk)
                .isInstanceOf(QuirkFields.Wrong.class)
                .hasMessageContaining(message));
        Map<String, String> files = Map.of(
                "{\"format\": 2}", "format is not 1; a later one needs a later driver",
                "{}", "format is not 1",
                "[]", "is no object",
                "{\"format\": 1} {}", "goes on behind",
                "{\"format\": 1, \"quirks\": [[[[[[[[[[]]]]]]]]]]}", "is nested deeper than 8",
                "{\"format\": 1, \"more\": 1}", "more is not known here",
                "{\"format\": 1,", "is no JSON");
        files.forEach((file, message) -> assertThatThrownBy(() -> QuirkFile.parse(bytes(file)))
                .as(file)
                .isInstanceOf(QuirkFields.Wrong.class)
                .hasMessageContaining(message));
        assertThatThrownBy(() -> QuirkFile.parse(bytes("{\"format\": 1, \"quirks\": [{" + HEAD + ", " + DEVICES
                        + ", \"renew\": false}, {" + HEAD + ", " + DEVICES + ", \"renew\": false}]}")))
                .hasMessage("quirks[1].id is there twice: q");
        assertThatThrownBy(() -> QuirkFile.parse(new byte[(1 << 20) + 1])).hasMessageContaining("is longer than");
    }

    @Test
    void theLastDocumentCountsAndABrokenOneChangesNothing() {
        DeviceIdentity device = device("Acme", "A-100", "1");
        QuirkBook book = new QuirkBook();
        assertThat(book.of(device)).isEqualTo(Quirks.NONE);
        book.add(1, file(HEAD + ", " + DEVICES + ", \"renew\": false"), "one");
        assertThat(book.of(device).renew()).isFalse();

        // An update brings the next up beside the one before, which then goes.
        book.add(2, file(HEAD + ", " + DEVICES + ", \"synchronize\": false"), "two");
        assertThat(book.of(device)).isEqualTo(new Quirks(60, true, false, true, List.of()));
        book.remove(1);
        assertThat(book.of(device).synchronize()).isFalse();

        book.add(3, bytes("{"), "a broken one");
        book.remove(2);
        assertThat(book.of(device).synchronize()).as("what was known goes on").isFalse();
        book.add(4, file(HEAD + ", " + DEVICES + ", \"moveTimeout\": false"), "a mended one");
        assertThat(book.of(device)).isEqualTo(new Quirks(60, true, true, false, List.of()));
        book.remove(3);
        book.remove(4);
        assertThat(book.of(device)).as("nobody says anything any more").isEqualTo(Quirks.NONE);
    }
}

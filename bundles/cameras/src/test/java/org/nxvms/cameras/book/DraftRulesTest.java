// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.network.AddressRule;

/** What was typed becomes what is stored, or a sentence for each field that cannot work. */
class DraftRulesTest {
    static final DriverInfo RTSP =
            new DriverInfo("rtsp", "RTSP camera", "House", "rtsp://192.0.2.10/1", List.of("rtsp", "rtsps"), true);

    @ParameterizedTest
    @CsvSource({
        "rtsp://admin:geheim@cam:554/1,      admin, geheim,  rtsp://cam:554/1",
        "rtsp://admin:p%40ss%2Bw@cam/1?x=%20, admin, p@ss+w, rtsp://cam/1?x=%20",
        "rtsp://admin:a+b@cam/1,             admin, a+b,     rtsp://cam/1",
        "rtsp://admin:p@ss@cam/1,            admin, p@ss,    rtsp://cam/1",
        "rtsp://admin:a:b@[2001:db8::1]:554/, admin, a:b,    rtsp://[2001:db8::1]:554/"
    })
    void credentialsMoveOutOfTheAddress(String typed, String username, String password, String address)
            throws InvalidCameraException {
        CameraDraft checked = check(draft(typed));

        assertThat(checked.address()).hasToString(address);
        assertThat(checked.username()).contains(username);
        assertThat(checked.password()).contains(password);
    }

    @Test
    void aNameWithoutAPasswordMovesToo() throws InvalidCameraException {
        CameraDraft checked = check(draft("rtsp://admin@cam/1"));

        assertThat(checked.username()).contains("admin");
        assertThat(checked.password()).isEmpty();
    }

    @Test
    void theSameCredentialsTwiceAreFineOthersAreNot() throws InvalidCameraException {
        assertThat(check(with(draft("rtsp://a:b@cam/1"), "a", "b")).username()).contains("a");
        assertThat(errors(with(draft("rtsp://a:b@cam/1"), "a", "c")).get("address"))
                .contains("other credentials");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://cam/1           | rtsp:// or rtsps://",
                "/1                     | rtsp:// or rtsps://",
                "rtsp:cam               | Names no host",
                "rtsp:///1              | Names no host",
                "rtsp://ca_m/1          | no valid host name",
                "rtsp://cam:0/1         | 1..65535",
                "rtsp://cam:70000/1     | 1..65535",
                "rtsp://cam/1#x         | '#'",
                "rtsp://127.1/1         | no valid host name",
                "rtsp://2130706433/1    | unusual notation",
                "rtsp://0x7f000001/1    | unusual notation",
                "rtsp://0177.0.0.1/1    | unusual notation",
                "rtsp://169.254.169.254/1 | metadata service",
                "rtsp://u:p@[::ffff:169.254.169.254]/1 | metadata service",
                "rtsp://0.0.0.0/1       | no address of a single host",
                "rtsp://[ff02::1]/1     | no address of a single host"
            })
    void aBadAddressIsNamed(String typed, String why) {
        assertThat(errors(draft(typed))).containsOnlyKeys("address");
        assertThat(errors(draft(typed)).get("address")).contains(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///srv/clips/gate.mp4", "v4l2:///dev/video0?size=1280x720"})
    void whatIsAtThisServerNamesNoHost(String typed) throws InvalidCameraException {
        DriverInfo url = new DriverInfo("rtsp", "URL", "House", "http://192.0.2.10/", List.of("file", "v4l2"), true);
        assertThat(DraftRules.check(draft(typed), Optional.of(url), new AddressRule(false, true))
                        .address())
                .hasToString(typed);
    }

    @Test
    void camerasOnThisMachineAreRefusedOnceTheAdministratorSaysSo() throws InvalidCameraException {
        assertThat(check(draft("rtsp://127.0.0.1:18554/1")).address()).hasHost("127.0.0.1");

        InvalidCameraException refused = catchThrowableOfType(
                InvalidCameraException.class,
                () -> DraftRules.check(
                        draft("rtsp://127.0.0.1:18554/1"), Optional.of(RTSP), new AddressRule(false, true)));

        assertThat(refused.fields()).containsOnlyKeys("address");
        assertThat(refused.fields().get("address")).contains("devicesLocalAllowed");
    }

    @Test
    void anAddressWithCredentialsButNoHostIsRefusedWithoutShowingThem() {
        assertThat(errors(draft("rtsp://admin:geheim@/1"))).containsOnlyKeys("address");
        assertThat(errors(draft("rtsp://admin:geheim@/1")).toString()).doesNotContain("geheim");
    }

    @Test
    void everyErrorIsSaidAtOnce() {
        Map<String, String> settings = new HashMap<>();
        settings.put("good", "x".repeat(DraftRules.SETTING_VALUE_MAX + 1));
        CameraDraft bad = new CameraDraft(
                "\t",
                "RTSP!",
                URI.create("ftp://cam/1"),
                Optional.of(URI.create("rtsp://ca_m/2")),
                Optional.of("u".repeat(101)),
                Optional.of("p".repeat(201)),
                true,
                Optional.of("g\ng"),
                settings,
                RecordingSettings.DEFAULT);

        assertThat(errors(bad))
                .containsOnlyKeys(
                        "name", "driver", "address", "subAddress", "username", "password", "group", "settings.good");
    }

    @Test
    void textIsTrimmedAndBlankMeansNone() throws InvalidCameraException {
        CameraDraft typed = new CameraDraft(
                "  Gate ",
                "rtsp",
                URI.create("rtsp://cam/1"),
                Optional.empty(),
                Optional.of(" "),
                Optional.empty(),
                true,
                Optional.of("  "),
                Map.of(),
                RecordingSettings.DEFAULT);

        CameraDraft checked = check(typed);

        assertThat(checked.name()).isEqualTo("Gate");
        assertThat(checked.group()).isEmpty();
        assertThat(checked.username()).isEmpty();
    }

    @Test
    void aSubAddressIsRefusedWhereTheDriverFindsItItself() {
        DriverInfo onvif = new DriverInfo("onvif", "ONVIF", "House", "http://192.0.2.10", List.of("http"), false);
        CameraDraft draft = new CameraDraft(
                "Gate",
                "onvif",
                URI.create("http://cam"),
                Optional.of(URI.create("http://cam/2")),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                Map.of(),
                RecordingSettings.DEFAULT);

        InvalidCameraException error = catchThrowableOfType(
                InvalidCameraException.class, () -> DraftRules.check(draft, Optional.of(onvif), AddressRule.DEVICES));

        assertThat(error.fields()).containsOnlyKeys("subAddress");
    }

    private static Map<String, String> errors(CameraDraft draft) {
        InvalidCameraException error = catchThrowableOfType(InvalidCameraException.class, () -> check(draft));
        assertThat(error).as("refused").isNotNull();
        return error.fields();
    }

    private static CameraDraft check(CameraDraft draft) throws InvalidCameraException {
        return DraftRules.check(draft, Optional.of(RTSP), AddressRule.DEVICES);
    }

    static CameraDraft draft(String address) {
        return new CameraDraft(
                "Gate",
                "rtsp",
                URI.create(address),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                Map.of(),
                RecordingSettings.DEFAULT);
    }

    private static CameraDraft with(CameraDraft draft, String username, String password) {
        return new CameraDraft(
                draft.name(),
                draft.driver(),
                draft.address(),
                draft.subAddress(),
                Optional.of(username),
                Optional.of(password),
                draft.enabled(),
                draft.group(),
                draft.settings(),
                draft.recording());
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.clip.FrameStrip;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.rtsp.Camera;

/** What a driver says to a VAPIX device and what the device then is. */
class VapixCommandsTest extends VapixScene {
    @Test
    void onlyReadinessIsToldWithoutALogin() throws Exception {
        HttpResponse<byte[]> ready = client.plain(
                client.request("/axis-cgi/systemready.cgi")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"apiVersion\":\"1.1\",\"context\":\"7\",\"method\":\"systemready\",\"params\":{\"timeout\":20}}")));
        assertThat(new String(ready.body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\"context\":\"7\"", "\"systemready\":\"yes\"", "\"bootid\":\"" + device.bootId());
        HttpResponse<byte[]> asked = client.plain(client.request("/axis-cgi/param.cgi?action=list"));
        assertThat(asked.statusCode()).isEqualTo(401);
        assertThat(asked.headers().firstValue("WWW-Authenticate").orElseThrow())
                .startsWith("Digest realm=\"AXIS_02534D000001\"");
        assertThat(new VapixClient(farm.httpUri(1), "wrong")
                        .get("/axis-cgi/param.cgi?action=list")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void thePictureIsDescribedSetAndTold() throws Exception {
        assertThat(client.text("/axis-cgi/param.cgi?action=listdefinitions&group=root.ImageSource.I0"))
                .contains(
                        "<parameter name=\"Brightness\" value=\"50\" securityLevel=\"6744\" niceName=\"Brightness\"><type>"
                                + "<int min=\"0\" max=\"100\"/></type></parameter>",
                        "<entry value=\"auto\" niceValue=\"auto\"/>");
        String update = "/axis-cgi/param.cgi?action=update&ImageSource.I0.";
        assertThat(client.text(update + "Sensor.Brightness=61&ImageSource.I0.DayNight.IrCutFilter=no"))
                .isEqualTo("OK\n");
        assertThat(client.text("/axis-cgi/param.cgi?action=list&group=ImageSource.I0"))
                .contains("Sensor.Brightness=61\n", "IrCutFilter=no\n");
        assertThat(client.text(update + "Sensor.Brightness=50&ImageSource.I0.DayNight.IrCutFilter=maybe"))
                .isEqualTo("# Error: Error setting 'root.ImageSource.I0.DayNight.IrCutFilter' to 'maybe'!\n");
        assertThat(client.text(update + "Sensor.Brightness=50&ImageSource.I0.DayNight.IrCutFilter=auto"))
                .isEqualTo("OK\n");
        int wipes = device.optics().wipes();
        client.call("/axis-cgi/clearviewcontrol.cgi", "{\"method\":\"start\",\"params\":{\"id\":0}}");
        assertThat(device.optics().wipes()).isEqualTo(wipes + 1);
        assertThat(client.call("/axis-cgi/clearviewcontrol.cgi", "{\"method\":\"start\",\"params\":{\"id\":\"0\"}}")
                        .at("/error/code")
                        .asInt())
                .isEqualTo(2104);
    }

    @Test
    void theDeviceSaysWhoItIs() throws Exception {
        assertThat(client.text("/axis-cgi/param.cgi?action=list&group=Brand,root.Properties.Firmware"))
                .contains("root.Brand.Brand=AXIS\n", "root.Properties.Firmware.Version=" + VapixParameters.FIRMWARE)
                .doesNotContain("root.Network");
        assertThat(client.text("/axis-cgi/param.cgi?action=list&group=Network.RTSP.Port"))
                .isEqualTo("root.Network.RTSP.Port=" + camera.address().getPort() + "\n");
        assertThat(client.text("/axis-cgi/param.cgi?action=list&group=StreamProfile.*.Name"))
                .isEqualTo("root.StreamProfile.S0.Name=Main\nroot.StreamProfile.S1.Name=Sub\n");
        assertThat(client.text("/axis-cgi/param.cgi?action=list&group=Moon"))
                .isEqualTo("# Error: Error -1 getting param in group 'Moon'\n");
        JsonNode info = client.call("/axis-cgi/basicdeviceinfo.cgi", "{\"method\":\"getAllProperties\"}");
        assertThat(info.at("/data/propertyList/SerialNumber").asText()).isEqualTo("02534D000001");
        assertThat(client.call("/axis-cgi/apidiscovery.cgi", "{\"method\":\"getApiList\"}")
                        .toString())
                .contains("event-streaming-over-websocket");
    }

    @Test
    void settingsChangeAllOrNone() throws Exception {
        String sensor = "ImageSource.I0.Sensor.";
        assertThat(client.text(
                        "/axis-cgi/param.cgi?action=update&root." + sensor + "Brightness=70&" + sensor + "Contrast=20"))
                .isEqualTo("OK\n");
        assertThat(client.text(
                        "/axis-cgi/param.cgi?action=update&" + sensor + "Brightness=10&" + sensor + "Contrast=999"))
                .isEqualTo("# Error: Error setting 'root." + sensor + "Contrast' to '999'!\n");
        assertThat(client.text("/axis-cgi/param.cgi?action=update&Brand.Brand=X"))
                .startsWith("# Error");
        assertThat(client.text("/axis-cgi/param.cgi?action=list&group=ImageSource"))
                .contains("Brightness=70\n", "Contrast=20\n");
    }

    @Test
    void theHeadMovesAndKeepsPositions() throws Exception {
        String ptz = "/axis-cgi/com/ptz.cgi?";
        assertThat(client.get(ptz + "pan=10.5&tilt=-5&zoom=500").statusCode()).isEqualTo(204);
        assertThat(device.ptz().position()).isEqualTo(new PtzHead.Position(10.5, -5, 500));
        client.get(ptz + "rpan=-20.5&rzoom=100");
        assertThat(client.text(ptz + "query=position")).contains("pan=-10.0000\r\ntilt=-5.0000\r\nzoom=600\r\n");
        client.get(ptz + "setserverpresetname=Gate");
        client.get(ptz + "pan=1000&tilt=1000");
        assertThat(device.ptz().position()).as("limits hold").isEqualTo(new PtzHead.Position(180, 90, 600));
        assertThat(client.text(ptz + "query=limits")).contains("MinPan=-180\r\nMaxPan=180\r\n");
        assertThat(client.text(ptz + "query=presetposall")).contains("presetposno1=Home\r\npresetposno2=Gate\r\n");
        client.get(ptz + "gotoserverpresetname=Gate");
        assertThat(device.ptz().position().pan()).isEqualTo(-10);
        client.get(ptz + "removeserverpresetname=Gate");
        assertThat(client.text(ptz + "gotoserverpresetname=Gate"))
                .isEqualTo("Error: gotoserverpresetname: there is no such preset position\r\n");
        assertThat(client.text(ptz + "pan=much")).isEqualTo("Error: pan: this is no number\r\n");
        assertThat(client.text(ptz + "fly=1")).isEqualTo("Error: fly: there is no such parameter\r\n");

        client.get(ptz + "continuouspantiltmove=-50,0");
        assertThat(device.ptz().moves()).isTrue();
        double before = device.ptz().position().pan();
        client.get(ptz + "continuouspantiltmove=0,0");
        assertThat(device.ptz().moves()).isFalse();
        assertThat(device.ptz().position().pan()).isLessThanOrEqualTo(before);
    }

    @Test
    void aSnapshotShowsTheFrameOfNow() throws Exception {
        for (Camera.Role role : Camera.Role.values()) {
            String size = role == Camera.Role.MAIN ? "" : "?resolution=320x180";
            long beforeMs = System.currentTimeMillis();
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                    client.get("/axis-cgi/jpg/image.cgi" + size).body()));
            long afterMs = System.currentTimeMillis();
            assertThat(image.getWidth()).isEqualTo(role == Camera.Role.MAIN ? 640 : 320);
            Optional<FrameStrip.Reading> reading =
                    FrameStrip.read((x, y) -> image.getRGB(x, y) >> 8 & 0xff, image.getWidth(), image.getHeight());
            long capturedMs = farm.capturedAtMs(camera, reading.orElseThrow().number(), afterMs);
            assertThat(capturedMs).isBetween(beforeMs - 40, afterMs);
        }
        assertThat(client.get("/axis-cgi/jpg/image.cgi?resolution=1x1").statusCode())
                .isEqualTo(400);
    }

    @Test
    void portsAreTheSameInBothInterfaces() throws Exception {
        device.ports().set(0, true);
        assertThat(client.text("/axis-cgi/io/port.cgi?checkactive=1,2"))
                .isEqualTo("port1=active\r\nport2=inactive\r\n");
        assertThat(client.get("/axis-cgi/io/port.cgi?action=3:/").statusCode()).isEqualTo(204);
        JsonNode ports = client.call("/axis-cgi/io/portmanagement.cgi", "{\"method\":\"getPorts\"}");
        assertThat(ports.at("/data/items/0/state").asText()).isEqualTo("closed");
        assertThat(ports.at("/data/items/2").toString()).contains("\"direction\":\"output\",\"state\":\"closed\"");
        JsonNode set = client.call(
                "/axis-cgi/io/portmanagement.cgi",
                "{\"method\":\"setPorts\",\"params\":{\"ports\":[{\"port\":\"2\",\"state\":\"open\"}]}}");
        assertThat(set.at("/data/ports/0").asText()).isEqualTo("2");
        assertThat(client.text("/axis-cgi/io/port.cgi?check=3")).isEqualTo("port3=0\r\n");
        assertThat(client.call(
                                "/axis-cgi/io/portmanagement.cgi",
                                "{\"method\":\"setPorts\",\"params\":{\"ports\":[{\"port\":\"0\",\"state\":\"open\"}]}}")
                        .at("/error/code")
                        .asInt())
                .as("an input is not set by a client")
                .isEqualTo(2104);
        assertThat(client.get("/axis-cgi/io/port.cgi?action=1:/").statusCode()).isEqualTo(400);
        device.ports().set(0, false);
    }

    @Test
    void theClockIsToldAndSet() throws Exception {
        String time = "/axis-cgi/time.cgi";
        Instant told = Instant.parse(client.call(time, "{\"method\":\"getDateTimeInfo\"}")
                .at("/data/dateTime")
                .asText());
        assertThat(told.getEpochSecond()).isCloseTo(Instant.now().getEpochSecond(), within(60L));
        client.call(time, "{\"method\":\"setDateTime\",\"params\":{\"dateTime\":\"2030-01-01T00:00:00Z\"}}");
        assertThat(client.text("/axis-cgi/date.cgi?action=get")).startsWith("Jan 01, 2030 00:0");
        assertThat(client.call(time, "{\"method\":\"setDateTime\",\"params\":{\"dateTime\":\"soon\"}}")
                        .at("/error/message")
                        .asText())
                .contains("dateTime");
        camera.setTime(Instant.now());
    }

    @Test
    void wrongCallsGetTheirCodes() throws Exception {
        String ports = "/axis-cgi/io/portmanagement.cgi";
        assertThat(client.call(ports, "no json").at("/error/code").asInt()).isEqualTo(2101);
        assertThat(client.call(ports, "{\"method\":\"fly\"}").at("/error/code").asInt())
                .isEqualTo(2102);
        assertThat(client.call(ports, "{\"method\":\"setPorts\"}")
                        .at("/error/code")
                        .asInt())
                .isEqualTo(2103);
        assertThat(client.call(ports, "{\"apiVersion\":\"9.0\",\"method\":\"getPorts\"}")
                        .at("/error/code")
                        .asInt())
                .isEqualTo(2100);
        assertThat(client.get("/axis-cgi/moon.cgi").statusCode()).isEqualTo(404);
        assertThat(client.get(ports).statusCode()).isEqualTo(405);
        assertThat(client.get(VapixClient.EVENTS).statusCode()).isEqualTo(400);
    }

    @Test
    void aRestartedDeviceIsAwayAndComesBackAsAnotherBoot() throws Exception {
        String boot = device.bootId();
        assertThat(client.text("/axis-cgi/restart.cgi")).isEqualTo("Restarting\r\n");
        await(() -> {
            try {
                client.plain(client.request("/axis-cgi/systemready.cgi"));
                // Whoever looks late sees that it was away.
                return !device.bootId().equals(boot) && camera.faults().isEmpty();
            } catch (IOException away) {
                return true;
            }
        });
        camera.clearFaults(); // nobody waits for the five seconds
        assertThat(client.text("/axis-cgi/param.cgi?action=list&group=Brand.Brand"))
                .contains("AXIS");
        assertThat(device.bootId()).isNotEqualTo(boot);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + VapixClient.TIMEOUT.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }
}

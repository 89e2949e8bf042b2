// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.kit.stream.StreamSettings;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.Wording;

/**
 * What can be set beyond address and login.
 *
 * @param mainProfile token or name of a media profile of the camera; empty: the driver chooses
 * @param subProfile as {@code mainProfile}, for the small stream
 * @param way how its streams shall travel
 * @param verify whether an https camera must show a certificate that this server trusts
 * @param events auto: asked for; delivered by the camera where it cannot be asked
 * @param addsMetadata whether profiles that carry no metadata are to get it
 * @param quirks of its endpoints
 */
record OnvifSettings(
        Optional<String> mainProfile,
        Optional<String> subProfile,
        StreamWay way,
        boolean verify,
        Events events,
        boolean addsMetadata,
        Map<String, String> quirks) {
    /** How events come. */
    enum Events {
        AUTO,
        PULL,
        PUSH
    }

    static final List<DriverSetting> KNOWN = List.of(
            DriverSetting.string("mainProfile", Wording.of("Main profile").in("de", "Hauptprofil"))
                    .described(Wording.of("Token or name of a media profile; else the one with most pixels.")
                            .in("de", "Token oder Name eines Medienprofils; sonst das mit den meisten Bildpunkten.")),
            DriverSetting.string("subProfile", Wording.of("Sub profile").in("de", "Nebenprofil"))
                    .described(Wording.of(
                                    "Token or name of a media profile; else the one with fewest pixels of the same source.")
                            .in(
                                    "de",
                                    "Token oder Name eines Medienprofils; sonst das mit den wenigsten Bildpunkten"
                                            + " derselben Quelle.")),
            DriverSetting.choice(
                            "transport",
                            Wording.of("Transport").in("de", "Transport"),
                            Arrays.stream(StreamWay.values())
                                    .map(StreamWay::choice)
                                    .toList())
                    .described(Wording.of("What the camera is asked for; multicast has to be set up in it.")
                            .in("de", "Worum die Kamera gebeten wird; Multicast muss in ihr eingerichtet sein."))
                    .byDefault("tcp"),
            DriverSetting.bool("tlsVerify", Wording.of("Check the certificate").in("de", "Zertifikat prüfen"))
                    .described(Wording.of("Whether this server must trust the certificate of an https camera.")
                            .in("de", "Ob dieser Server dem Zertifikat einer https-Kamera trauen muss."))
                    .byDefault("true"),
            DriverSetting.choice(
                            "events",
                            Wording.of("Events").in("de", "Ereignisse"),
                            List.of(
                                    new DriverSetting.Choice(
                                            "auto", Wording.of("Automatic").in("de", "Automatisch")),
                                    new DriverSetting.Choice(
                                            "pull", Wording.of("Asked for").in("de", "Abgefragt")),
                                    new DriverSetting.Choice(
                                            "push",
                                            Wording.of("Delivered by the camera")
                                                    .in("de", "Von der Kamera gebracht"))))
                    .described(Wording.of(
                                    "Delivered: the camera must reach this server; chosen by itself for cameras that cannot be asked.")
                            .in(
                                    "de",
                                    "Gebracht: die Kamera muss diesen Server erreichen; von selbst so bei Kameras, die"
                                            + " nicht abgefragt werden können."))
                    .byDefault("auto"),
            DriverSetting.choice(
                            "metadata",
                            Wording.of("Metadata").in("de", "Metadaten"),
                            List.of(
                                    new DriverSetting.Choice(
                                            "leave",
                                            Wording.of("As the camera is set up")
                                                    .in("de", "Wie die Kamera eingerichtet ist")),
                                    new DriverSetting.Choice(
                                            "add",
                                            Wording.of("Added where they are missing")
                                                    .in("de", "Ergänzt, wo sie fehlen"))))
                    .described(
                            Wording.of("Objects and motion with boxes, in the stream; to add them changes the camera's"
                                            + " media profiles, which others may use, too.")
                                    .in(
                                            "de",
                                            "Objekte und Bewegung mit Rahmen, im Stream; sie zu ergänzen ändert die Medienprofile"
                                                    + " der Kamera, die auch andere nutzen können."))
                    .byDefault("leave"),
            StreamSettings.TUNNEL_PORT,
            StreamSettings.MULTICAST_INTERFACE,
            StreamSettings.MULTICAST_SOURCE,
            StreamSettings.UDP_SOURCE);

    static OnvifSettings parse(Map<String, String> settings) throws DriverException {
        DriverSetting.check(KNOWN, settings);
        return new OnvifSettings(
                Optional.ofNullable(settings.get("mainProfile")),
                Optional.ofNullable(settings.get("subProfile")),
                StreamWay.of(settings.getOrDefault("transport", "tcp")),
                !settings.getOrDefault("tlsVerify", "true").equals("false"),
                Events.valueOf(settings.getOrDefault("events", "auto").toUpperCase(java.util.Locale.ROOT)),
                settings.getOrDefault("metadata", "leave").equals("add"),
                StreamSettings.quirks(settings));
    }
}

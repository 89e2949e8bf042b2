// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.driver.spi.Wording;

/**
 * What can be set beyond address and login.
 *
 * @param mainProfile name of a stream profile of the camera; empty: the driver chooses
 * @param subProfile as {@code mainProfile}, for the small stream
 * @param verify whether an https camera must show a certificate that this server trusts
 */
record AxisSettings(Optional<String> mainProfile, Optional<String> subProfile, Transport transport, boolean verify) {
    static final List<DriverSetting> KNOWN = List.of(
            DriverSetting.string("mainProfile", Wording.of("Main profile").in("de", "Hauptprofil"))
                    .described(Wording.of("Name of a stream profile on the camera; else the one with most pixels.")
                            .in("de", "Name eines Stream-Profils der Kamera; sonst das mit den meisten Bildpunkten.")),
            DriverSetting.string("subProfile", Wording.of("Sub profile").in("de", "Nebenprofil"))
                    .described(Wording.of("Name of a stream profile on the camera; else the one with fewest pixels.")
                            .in(
                                    "de",
                                    "Name eines Stream-Profils der Kamera; sonst das mit den wenigsten Bildpunkten.")),
            DriverSetting.choice(
                            "transport",
                            Wording.of("Transport").in("de", "Transport"),
                            List.of(
                                    new DriverSetting.Choice("tcp", Wording.of("TCP")),
                                    new DriverSetting.Choice("udp", Wording.of("UDP"))))
                    .byDefault("tcp"),
            DriverSetting.bool("tlsVerify", Wording.of("Check the certificate").in("de", "Zertifikat prüfen"))
                    .described(Wording.of("Whether this server must trust the certificate of an https camera.")
                            .in("de", "Ob dieser Server dem Zertifikat einer https-Kamera trauen muss."))
                    .byDefault("true"));

    static AxisSettings parse(Map<String, String> settings) throws DriverException {
        DriverSetting.check(KNOWN, settings);
        return new AxisSettings(
                Optional.ofNullable(settings.get("mainProfile")),
                Optional.ofNullable(settings.get("subProfile")),
                settings.getOrDefault("transport", "tcp").equals("udp") ? Transport.UDP : Transport.TCP,
                !settings.getOrDefault("tlsVerify", "true").equals("false"));
    }
}

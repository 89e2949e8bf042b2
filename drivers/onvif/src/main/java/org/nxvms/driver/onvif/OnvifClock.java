// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** The device's clock, in whole seconds. */
final class OnvifClock implements DeviceClock {
    private final Services services;

    OnvifClock(Services services) {
        this.services = services;
    }

    private XmlNode ask() throws DriverException {
        return services.soap()
                .callOpen(
                        SoapClient.Call.of(services.path(Service.DEVICE), Service.DEVICE, "GetSystemDateAndTime", ""));
    }

    @Override
    public Instant now() throws DriverException {
        long before = System.nanoTime();
        XmlNode answer = ask();
        long halfNanos = (System.nanoTime() - before) / 2;
        return SoapClient.time(answer)
                .map(told -> told.plus(Duration.ofNanos(halfNanos)))
                .orElseThrow(() -> new DriverException(Kind.PROTOCOL, "The camera does not tell its time in UTC."));
    }

    @Override
    public void set(Instant time) throws DriverException {
        XmlNode now = ask();
        if (now.text("SystemDateAndTime", "DateTimeType").equals("NTP")) {
            throw new DriverException(
                    Kind.UNSUPPORTED, "The camera takes its time from NTP; set it there, or switch NTP off in it.");
        }
        String zone = now.text("SystemDateAndTime", "TimeZone", "TZ");
        boolean daylight =
                now.text("SystemDateAndTime", "DaylightSavings").strip().matches("true|1");
        OffsetDateTime utc = time.plusMillis(500).atOffset(ZoneOffset.UTC);
        String told = zone.isEmpty() ? "" : "<o:TimeZone><tt:TZ>" + SoapText.escaped(zone) + "</tt:TZ></o:TimeZone>";
        try {
            set(daylight, told, utc);
        } catch (DriverException refused) {
            if (told.isEmpty() || refused.kind() != Kind.CONFIG && refused.kind() != Kind.PROTOCOL) {
                throw refused;
            }
            // Some tell a zone that they do not take; without one it stays.
            set(daylight, "", utc);
        }
    }

    private void set(boolean daylight, String zone, OffsetDateTime utc) throws DriverException {
        services.call(
                Service.DEVICE,
                "SetSystemDateAndTime",
                "<o:DateTimeType>Manual</o:DateTimeType><o:DaylightSavings>" + daylight + "</o:DaylightSavings>"
                        + zone
                        + "<o:UTCDateTime><tt:Time><tt:Hour>" + utc.getHour() + "</tt:Hour><tt:Minute>"
                        + utc.getMinute()
                        + "</tt:Minute><tt:Second>" + utc.getSecond() + "</tt:Second></tt:Time><tt:Date><tt:Year>"
                        + utc.getYear() + "</tt:Year><tt:Month>" + utc.getMonthValue() + "</tt:Month><tt:Day>"
                        + utc.getDayOfMonth() + "</tt:Day></tt:Date></o:UTCDateTime>");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.url;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;
import org.osgi.service.component.annotations.Component;

/**
 * Any stream that has a URL: Motion JPEG over HTTP, HLS, RTMP, SRT, files, cameras at this machine (USB). Such a source
 * says nothing of a device, so there is no contact to make here: {@link #open} only checks what was typed, and equal
 * input always gives equal endpoints.
 */
@Component(
        service = CameraDriver.class,
        property = {CameraDriver.PROPERTY_ID + "=" + UrlDriver.ID, CameraDriver.PROPERTY_NAME + "=" + UrlDriver.NAME})
public final class UrlDriver implements CameraDriver {
    static final String ID = "url";
    static final String NAME = "Stream by URL";

    private static final DriverInfo INFO =
            new DriverInfo(ID, NAME, "NXvms", "http://192.0.2.10/video.mjpg", UrlAddress.SCHEMES, true);

    @Override
    public DriverInfo info() {
        return INFO;
    }

    @Override
    public Optional<List<DriverSetting>> settings() {
        return Optional.of(UrlSettings.KNOWN);
    }

    @Override
    public CameraSession open(DeviceTarget target) throws DriverException {
        UrlSettings settings = UrlSettings.parse(target.settings());
        List<StreamOffer> offers = new ArrayList<>(2);
        offers.add(offer(StreamRole.MAIN, UrlAddress.check("address", target.address()), target, settings));
        if (target.subAddress().isPresent()) {
            UrlAddress sub = UrlAddress.check("subAddress", target.subAddress().get());
            offers.add(offer(StreamRole.SUB, sub, target, settings));
        }
        return CameraSession.ofKnown(offers);
    }

    private static StreamOffer offer(StreamRole role, UrlAddress address, DeviceTarget target, UrlSettings settings) {
        return new StreamOffer(
                role,
                address.streamName(),
                new StreamEndpoint(
                        address.uri(),
                        target.credentials(),
                        // Means nothing to these protocols, but a value has to stand.
                        List.of(StreamEndpoint.Transport.TCP),
                        settings.quirks()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;
import org.osgi.service.component.annotations.Component;

/**
 * Any camera that has an RTSP URL: the address is the main stream, the optional second address the
 * sub stream. Plain RTSP says nothing of the device, so there is no contact to make here: {@link
 * #open} only checks what was typed, and equal input always gives equal endpoints.
 */
@Component(
        service = CameraDriver.class,
        property = {CameraDriver.PROPERTY_ID + "=" + RtspDriver.ID, CameraDriver.PROPERTY_NAME + "=" + RtspDriver.NAME})
public final class RtspDriver implements CameraDriver {
    static final String ID = "rtsp";
    static final String NAME = "RTSP camera";

    private static final DriverInfo INFO =
            new DriverInfo(ID, NAME, "NXvms", "rtsp://192.0.2.10:554/stream1", RtspAddress.SCHEMES, true);

    @Override
    public DriverInfo info() {
        return INFO;
    }

    @Override
    public Optional<List<DriverSetting>> settings() {
        return Optional.of(RtspSettings.KNOWN);
    }

    @Override
    public Optional<DeviceSearch> search() {
        return Optional.of(new RtspSearch());
    }

    @Override
    public CameraSession open(DeviceTarget target) throws DriverException {
        RtspSettings settings = RtspSettings.parse(target.settings());
        List<StreamOffer> offers = new ArrayList<>(2);
        offers.add(offer(StreamRole.MAIN, RtspAddress.check("address", target.address()), target, settings));
        if (target.subAddress().isPresent()) {
            RtspAddress sub =
                    RtspAddress.check("subAddress", target.subAddress().get());
            offers.add(offer(StreamRole.SUB, sub, target, settings));
        }
        return CameraSession.ofKnown(offers);
    }

    private static StreamOffer offer(StreamRole role, RtspAddress address, DeviceTarget target, RtspSettings settings) {
        return new StreamOffer(
                role,
                address.streamName(),
                new StreamEndpoint(address.uri(), target.credentials(), settings.transports(), settings.quirks()));
    }
}

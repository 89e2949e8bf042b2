// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif.quirks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.nxvms.driver.spi.DriverData;
import org.osgi.service.component.annotations.Component;

/** The document of this bundle. */
@Component(service = DriverData.class, property = DriverData.PROPERTY_DRIVER + "=onvif")
public final class BundledQuirks implements DriverData {
    @Override
    public byte[] document() {
        try (InputStream document = BundledQuirks.class.getResourceAsStream("quirks.json")) {
            return document.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException("the bundle of quirks cannot be read", broken);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.kit.http.DeviceAddress;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.HttpClients;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverData;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.PushEndpoints;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Cameras that speak ONVIF. All sessions share two HTTP clients, whose threads end with the driver. */
@Component(
        service = CameraDriver.class,
        property = {CameraDriver.PROPERTY_ID + "=" + OnvifDriver.ID, CameraDriver.PROPERTY_NAME + "=" + OnvifDriver.NAME
        })
public final class OnvifDriver implements CameraDriver {
    static final String ID = "onvif";
    static final String NAME = "ONVIF camera";

    private static final DriverInfo INFO =
            new DriverInfo(ID, NAME, "NXvms", "http://192.0.2.10", DeviceAddress.SCHEMES, false);

    private final HttpClients clients = new HttpClients("onvif-http");
    private final DeviceSearch search = new OnvifSearch(OnvifSearch.Ports.USUAL, clients);
    private final QuirkBook quirks = new QuirkBook();
    private final UnkeptChanges unkept = new UnkeptChanges(System::nanoTime);

    /** Where cameras deliver what happens that cannot be asked for it. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile PushEndpoints push;

    /** Quirks come and change while sessions go on, which heed them from then on. */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(" + DriverData.PROPERTY_DRIVER + "=" + ID + ")")
    void addData(DriverData data, Map<String, Object> properties) {
        String from = "bundle " + properties.get("service.bundleid");
        quirks.add((Long) properties.get("service.id"), data.document(), from);
    }

    void removeData(DriverData data, Map<String, Object> properties) {
        quirks.remove((Long) properties.get("service.id"));
    }

    @Deactivate
    void close() {
        clients.close();
    }

    @Override
    public DriverInfo info() {
        return INFO;
    }

    @Override
    public Optional<List<DriverSetting>> settings() {
        return Optional.of(OnvifSettings.KNOWN);
    }

    @Override
    public Optional<DeviceSearch> search() {
        return Optional.of(search);
    }

    @Override
    public CameraSession open(DeviceTarget target) throws DriverException {
        OnvifSettings settings = OnvifSettings.parse(target.settings());
        URI base = DeviceAddress.checkHost(target.address());
        String path = target.address().getRawPath();
        String devicePath = path == null || path.isEmpty() || path.equals("/") ? Services.DEVICE_PATH : path;
        HttpClient client = clients.get(settings.verify());
        DeviceHttp http = new DeviceHttp(client, base, target.credentials(), target.timeoutMs());
        ReplayWay way = new ReplayWay(target.credentials(), client.sslContext(), settings.verify(), target.timeoutMs());
        return OnvifSession.open(
                http,
                devicePath,
                new Surroundings(target, settings, quirks, () -> Optional.ofNullable(push), way, unkept));
    }
}

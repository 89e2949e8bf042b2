package ${package};

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.PushEndpoints;
import org.nxvms.driver.spi.Wording;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** ${driverName} cameras. One HTTP client for all sessions; its threads end with the driver. */
@Component(
        service = CameraDriver.class,
        property = {
            CameraDriver.PROPERTY_ID + "=" + ${driverName}Driver.ID,
            CameraDriver.PROPERTY_NAME + "=" + ${driverName}Driver.NAME
        })
public final class ${driverName}Driver implements CameraDriver {
    static final String ID = "${driverId}";
    static final String NAME = "${driverName} camera";

    private static final List<String> SCHEMES = List.of("http");
    /** What can be set beyond address and login; the console draws the form. */
    private static final List<DriverSetting> SETTINGS = List.of(DriverSetting.bool("udp", Wording.of("Pictures over UDP"))
            .byDefault("false"));

    private final DeviceClient client = new DeviceClient();
    /** Where cameras deliver what happens; away while the server exchanges that part of itself. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile PushEndpoints push;

    @Deactivate
    void close() {
        client.close();
    }

    @Override
    public DriverInfo info() {
        return new DriverInfo(ID, NAME, "${groupId}", "http://192.0.2.10", SCHEMES, false);
    }

    @Override
    public Optional<List<DriverSetting>> settings() {
        return Optional.of(SETTINGS);
    }

    @Override
    public CameraSession open(DeviceTarget target) throws DriverException {
        DriverSetting.check(SETTINGS, target.settings());
        DeviceHttp http = new DeviceHttp(client, address(target.address()), target.credentials(), target.timeoutMs());
        PushedEvents events = new PushedEvents(http, target, () -> Optional.ofNullable(push));
        return new DeviceSession(http, DeviceFacts.ask(http), target, events);
    }

    private static URI address(URI typed) throws DriverException {
        String scheme = typed.getScheme() == null ? "" : typed.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme) || typed.getHost() == null || typed.getPort() == 0) {
            throw new DriverException(Kind.CONFIG, "The field address must look like http://192.0.2.10.");
        }
        String port = typed.getPort() < 0 ? "" : ":" + typed.getPort();
        return URI.create(scheme + "://" + typed.getHost().toLowerCase(Locale.ROOT) + port);
    }
}

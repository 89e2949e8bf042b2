package ${package};

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;

/** A conversation with one camera. Equal answers of the camera give equal endpoints, so nothing here may change with time. */
final class DeviceSession implements CameraSession {
    private final DeviceHttp http;
    private final DeviceFacts facts;
    private final Optional<Credentials> credentials;
    private final Transport transport;
    private final PushedEvents events;

    DeviceSession(DeviceHttp http, DeviceFacts facts, DeviceTarget target, PushedEvents events) {
        this.http = http;
        this.facts = facts;
        this.credentials = target.credentials();
        this.transport = target.settings().getOrDefault("udp", "false").equals("true") ? Transport.UDP : Transport.TCP;
        this.events = events;
    }

    @Override
    public DeviceIdentity identity() throws DriverException {
        http.requireOpen();
        return facts.identity();
    }

    @Override
    public List<StreamOffer> streams() throws DriverException {
        http.requireOpen();
        List<StreamOffer> offers = new ArrayList<>();
        for (String profile : facts.profiles().values()) {
            if (offers.size() < 2) {
                offers.add(offer(offers.isEmpty() ? StreamRole.MAIN : StreamRole.SUB, profile));
            }
        }
        return List.copyOf(offers);
    }

    private StreamOffer offer(StreamRole role, String profile) {
        URI uri = URI.create("rtsp://" + http.host() + ":" + facts.rtspPort()
                + "/axis-media/media.amp?streamprofile=" + profile);
        return new StreamOffer(
                role, profile, new StreamEndpoint(uri, credentials, List.of(transport), Map.of()));
    }

    @Override
    public <C extends Capability> Optional<C> capability(Class<C> type) throws DriverException {
        http.requireOpen();
        if (type == DeviceEvents.class) {
            return Optional.of(type.cast(events));
        }
        return type == DeviceSnapshot.class
                ? Optional.of(type.cast((DeviceSnapshot) this::jpeg))
                : Optional.empty();
    }

    private byte[] jpeg(StreamRole role) throws DriverException {
        return http.bytes("/axis-cgi/jpg/image.cgi", DeviceSnapshot.BYTES_MAX);
    }

    @Override
    public void close() {
        events.close();
        http.close();
    }
}

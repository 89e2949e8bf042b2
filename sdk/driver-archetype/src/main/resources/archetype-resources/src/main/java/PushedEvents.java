package ${package};

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushEndpoints;
import org.nxvms.driver.spi.PushInbox;
import org.nxvms.driver.spi.PushLimits;

/**
 * What happens at the camera, which delivers it by itself: the server opens an address for it, and the driver tells the
 * camera that address. Where your maker's cameras are asked instead, a feed needs no endpoint.
 */
final class PushedEvents implements DeviceEvents {
    static final String PUSH = "/simulator/push?action=";
    /** The camera puts together what happens within 50 ms. */
    private static final PushLimits LIMITS = new PushLimits(256 << 10, 6_000, 5_000);

    private final DeviceHttp http;
    private final DeviceTarget target;
    private final Supplier<Optional<PushEndpoints>> server;
    private volatile Optional<PushedFeed> open = Optional.empty();

    /** @param server gives nothing while it takes no deliveries */
    PushedEvents(DeviceHttp http, DeviceTarget target, Supplier<Optional<PushEndpoints>> server) {
        this.http = http;
        this.target = target;
        this.server = server;
    }

    @Override
    public Feed subscribe() throws DriverException {
        http.requireOpen();
        PushInbox inbox = server.get()
                .orElseThrow(() -> new DriverException(Kind.BUSY, "The server takes no deliveries of cameras just now."))
                .http(target, "events", LIMITS);
        try {
            // The address stays the same for ever; what an older subscription still delivers goes another way.
            String path = "/" + UUID.randomUUID();
            String url = URLEncoder.encode(inbox.address() + path, StandardCharsets.UTF_8);
            String said = http.text(PUSH + "subscribe&url=" + url).strip();
            if (!said.matches("id=[0-9]{1,9}")) {
                throw new DriverException(Kind.PROTOCOL, "The camera does not say that it will tell what happens.");
            }
            PushedFeed feed = new PushedFeed(http, inbox, path, said);
            open = Optional.of(feed);
            return feed;
        } catch (DriverException refused) {
            inbox.close();
            throw refused;
        }
    }

    /** With its session ends what was begun in it. */
    void close() {
        open.ifPresent(PushedFeed::close);
    }
}

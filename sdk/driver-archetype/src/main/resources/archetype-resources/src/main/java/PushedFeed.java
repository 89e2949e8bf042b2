package ${package};

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents.Feed;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.PushInbox;

/** One subscription: takes what the camera delivers, and asks it from time to time whether it still does. */
final class PushedFeed implements Feed {
    /** Long before the camera forgets it; and so it is noticed that the camera has gone. */
    private static final long RENEW_NS = TimeUnit.SECONDS.toNanos(5);

    private static final int END_MS = 500;
    private static final String OWN = ${driverName}Driver.ID.replace('-', '_') + ".";
    private static final Pattern STATE = Pattern.compile("(motion|port|virtual-input) ([0-9]{1,3}) (on|off)");
    private static final Pattern PULSE = Pattern.compile("pulse ([0-9]{1,3})");

    private final DeviceHttp http;
    private final PushInbox inbox;
    private final String path;
    private final String id;
    private final AtomicBoolean closed = new AtomicBoolean();
    private long renewedNs = System.nanoTime();

    PushedFeed(DeviceHttp http, PushInbox inbox, String path, String id) {
        this.http = http;
        this.inbox = inbox;
        this.path = path;
        this.id = id;
    }

    @Override
    public List<DeviceEvent> next(int waitMs) throws DriverException, InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
        while (true) {
            if (!closed.get() && System.nanoTime() - renewedNs >= RENEW_NS) {
                http.text(PushedEvents.PUSH + "renew&" + id);
                renewedNs = System.nanoTime();
            }
            long leftNs = endNs - System.nanoTime();
            long toRenewNs = renewedNs + RENEW_NS - System.nanoTime();
            long waitNs = Math.max(0, Math.min(leftNs, toRenewNs));
            Optional<PushInbox.Request> delivery = inbox.next((int) TimeUnit.NANOSECONDS.toMillis(waitNs));
            if (delivery.isPresent()) {
                List<DeviceEvent> told = read(delivery.get());
                if (!told.isEmpty()) {
                    return told;
                }
            } else if (leftNs <= 0) {
                return List.of();
            }
        }
    }

    /** All of a delivery, or nothing of one that makes no sense. */
    private List<DeviceEvent> read(PushInbox.Request delivery) {
        if (!delivery.path().equals(path)) {
            delivery.answer(404, "", new byte[0]);
            return List.of();
        }
        List<DeviceEvent> events = new ArrayList<>();
        for (String line : new String(delivery.body(), StandardCharsets.US_ASCII).split("\n")) {
            Optional<DeviceEvent> event = event(line.strip());
            if (event.isEmpty() || events.size() == EVENTS_MAX) {
                delivery.answer(400, "", new byte[0]);
                return List.of();
            }
            events.add(event.get());
        }
        // What was answered too late the camera delivers again.
        return delivery.accept() ? List.copyOf(events) : List.of();
    }

    private static Optional<DeviceEvent> event(String line) {
        if (line.equals("states-told")) {
            return Optional.of(DeviceEvent.synchronised());
        }
        Matcher pulse = PULSE.matcher(line);
        if (pulse.matches()) {
            return Optional.of(DeviceEvent.pulse(OWN + "pulse", pulse.group(1)));
        }
        Matcher state = STATE.matcher(line);
        if (!state.matches()) {
            return Optional.empty();
        }
        boolean moves = state.group(1).equals("motion");
        String kind = moves ? DeviceEvent.MOTION : OWN + state.group(1).replace('-', '_');
        String part = moves ? "" : state.group(2);
        return Optional.of(state.group(3).equals("on") ? DeviceEvent.on(kind, part) : DeviceEvent.off(kind, part));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            inbox.close();
            try {
                http.text(PushedEvents.PUSH + "end&" + id, END_MS);
            } catch (DriverException gone) {
                // The camera forgets by itself whom it cannot deliver to.
                return;
            }
        }
    }
}

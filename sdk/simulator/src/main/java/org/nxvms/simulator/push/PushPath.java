// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.push;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;

/**
 * {@code /simulator/push}: {@code action=subscribe&url=}, answered with an id; {@code action=renew&id=}, once a minute at
 * least; {@code action=end&id=}. Many threads.
 */
public final class PushPath {
    public static final String PATH = "/simulator/push";
    static final int SENDERS_MAX = 8;
    private static final int URL_CHARS_MAX = 1_000;
    /** Of so many it is known why they ended. */
    private static final int ENDED_MAX = 64;

    private final Device device;
    private final Map<String, PushSender> senders = new ConcurrentHashMap<>();
    private final Map<String, String> ended = new LinkedHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();

    public PushPath(Device device) {
        this.device = device;
    }

    public HttpAnswer answer(HttpRequest request) {
        if (device.faults().has(FaultKind.EVENTS_SILENT)) {
            return HttpAnswer.NONE;
        }
        bury();
        Map<String, String> given = request.parameters();
        String id = given.getOrDefault("id", "");
        return switch (given.getOrDefault("action", "")) {
            case "subscribe" -> subscribe(given.getOrDefault("url", ""));
            case "renew" -> {
                PushSender sender = senders.get(id);
                if (sender == null) {
                    yield HttpAnswer.text(404, "there is no such subscription" + why(id) + "; subscribe anew\r\n");
                }
                sender.renew();
                yield HttpAnswer.empty(204);
            }
            case "end" -> {
                PushSender sender = senders.remove(id);
                if (sender != null) {
                    sender.end();
                }
                yield HttpAnswer.empty(204);
            }
            default -> HttpAnswer.text(400, "action: use subscribe, renew or end\r\n");
        };
    }

    private void bury() {
        synchronized (ended) {
            senders.forEach((id, sender) -> {
                if (sender.hasEnded() && senders.remove(id, sender)) {
                    ended.put(id, sender.why());
                }
            });
            for (Iterator<String> oldest = ended.keySet().iterator(); ended.size() > ENDED_MAX; ) {
                oldest.next();
                oldest.remove();
            }
        }
    }

    private String why(String id) {
        synchronized (ended) {
            return Optional.ofNullable(ended.get(id))
                    .map(reason -> " any more: " + reason)
                    .orElse("");
        }
    }

    private HttpAnswer subscribe(String url) {
        if (isFull()) {
            return HttpAnswer.text(503, "too many subscriptions\r\n");
        }
        try {
            URI address = new URI(url);
            String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
            if (url.length() <= URL_CHARS_MAX
                    && address.getHost() != null
                    && (scheme.equals("http") || scheme.equals("https"))) {
                String id = String.valueOf(numbers.incrementAndGet());
                PushSender sender = new PushSender(device, address);
                sender.start();
                senders.put(id, sender);
                return HttpAnswer.text(200, "id=" + id + "\r\n");
            }
        } catch (URISyntaxException none) {
            return noAddress();
        }
        return noAddress();
    }

    private static HttpAnswer noAddress() {
        return HttpAnswer.text(400, "url: use one of http or https with a host\r\n");
    }

    /** Nobody is called any more. */
    public void close() {
        senders.values().forEach(PushSender::end);
    }

    private boolean isFull() {
        FaultSet faults = device.faults();
        return senders.size() >= SENDERS_MAX
                || faults.has(FaultKind.SESSION_LIMIT) && senders.size() >= faults.value(FaultKind.SESSION_LIMIT)
                || faults.has(FaultKind.SESSION_LIMIT_503)
                        && senders.size() >= faults.value(FaultKind.SESSION_LIMIT_503);
    }
}

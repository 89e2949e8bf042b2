// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;

/**
 * Many devices with a pull point each, at one port, told apart by their paths. Their answers wait without a thread, so that the
 * threads of a test are those of the driver, and some that do not become more.
 */
final class ManyDevices implements AutoCloseable {
    /** How a device pulls. */
    enum Manner {
        WELL,
        /** It takes what is asked and does not answer. */
        MUTE,
        /** It begins to answer, and does not end. */
        DRIPPING
    }

    private static final int THREADS = 8;
    private static final int TIMEOUT_MS = 30_000;
    private static final Pattern ASKED = Pattern.compile("<s:Body><\\w+:(\\w+)[ />]");
    private static final Pattern HOLD = Pattern.compile("<o:Timeout>PT(\\d+)S<");

    private static final class One {
        private final Queue<String> untold = new ArrayDeque<>();
        private Optional<HttpExchange> pull = Optional.empty();
        private Manner manner = Manner.WELL;
    }

    private final HttpServer server;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private final List<One> devices = new ArrayList<>();
    private final AtomicInteger ended = new AtomicInteger();

    ManyDevices(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            devices.add(new One());
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), count);
        server.createContext("/", this::answer);
        threads.prestartAllCoreThreads();
        clock.prestartAllCoreThreads();
        server.setExecutor(threads);
        server.start();
    }

    DeviceTarget target(int device) {
        return new DeviceTarget(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + device + "/device"),
                Optional.empty(),
                Optional.of(new Credentials("root", "pass")),
                Map.of(),
                TIMEOUT_MS);
    }

    void set(int device, Manner manner) {
        One one = devices.get(device);
        synchronized (one) {
            one.manner = manner;
        }
    }

    /** Something crosses a line before a device; its name tells which crossing it is. */
    void crosses(int device, String name) {
        One one = devices.get(device);
        synchronized (one) {
            one.untold.add(name);
            tell(one, false);
        }
    }

    /** {@return how many devices are being pulled from at this moment} */
    int waiting() {
        int count = 0;
        for (One one : devices) {
            synchronized (one) {
                count += one.pull.isPresent() ? 1 : 0;
            }
        }
        return count;
    }

    /** {@return how many subscriptions were ended by who had them} */
    int ended() {
        return ended.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String number = exchange.getRequestURI().getPath().split("/")[1];
        Matcher asked = ASKED.matcher(request);
        String name = asked.find() ? asked.group(1) : "";
        switch (name) {
            case "PullMessages" -> pull(devices.get(Integer.parseInt(number)), exchange, request);
            case "GetSystemDateAndTime" -> say(exchange, "<GetSystemDateAndTimeResponse/>");
            case "GetDeviceInformation" ->
                say(exchange, "<GetDeviceInformationResponse><Model>M</Model></GetDeviceInformationResponse>");
            case "GetServices" ->
                say(
                        exchange,
                        "<GetServicesResponse>" + service(Service.MEDIA, number) + service(Service.EVENTS, number)
                                + "</GetServicesResponse>");
            case "GetProfiles" ->
                say(
                        exchange,
                        "<GetProfilesResponse><Profiles token=\"p\"><Name>main</Name><VideoEncoderConfiguration"
                                + " token=\"e\"><Encoding>H264</Encoding></VideoEncoderConfiguration></Profiles>"
                                + "</GetProfilesResponse>");
            case "CreatePullPointSubscription" ->
                say(
                        exchange,
                        "<CreatePullPointSubscriptionResponse><SubscriptionReference><Address>http://10.0.0.1/" + number
                                + "/pull</Address></SubscriptionReference></CreatePullPointSubscriptionResponse>");
            case "SetSynchronizationPoint" -> say(exchange, "<SetSynchronizationPointResponse/>");
            case "Unsubscribe" -> {
                ended.incrementAndGet();
                say(exchange, "<UnsubscribeResponse/>");
            }
            default -> {
                exchange.getResponseHeaders().add("Connection", "close");
                exchange.sendResponseHeaders(400, -1);
                exchange.close();
            }
        }
    }

    private static String service(Service service, String number) {
        return "<Service><Namespace>" + service.namespace() + "</Namespace><XAddr>/" + number + "/" + service
                + "</XAddr></Service>";
    }

    private void pull(One one, HttpExchange exchange, String request) throws IOException {
        Matcher hold = HOLD.matcher(request);
        int seconds = hold.find() ? Integer.parseInt(hold.group(1)) : 0;
        synchronized (one) {
            one.pull = Optional.of(exchange);
            if (one.manner == Manner.DRIPPING) {
                exchange.sendResponseHeaders(200, 1_000);
                exchange.getResponseBody().write('<');
                exchange.getResponseBody().flush();
            } else {
                tell(one, false);
            }
        }
        clock.schedule(
                () -> {
                    synchronized (one) {
                        if (one.pull.equals(Optional.of(exchange))) {
                            tell(one, true);
                        }
                    }
                },
                seconds,
                TimeUnit.SECONDS);
    }

    /** One at a time, so that who pulls has to come again for each. */
    private static void tell(One one, boolean timeIsOver) {
        if (one.pull.isEmpty() || one.manner != Manner.WELL || one.untold.isEmpty() && !timeIsOver) {
            return;
        }
        String next = one.untold.peek();
        String message = next == null
                ? ""
                : "<NotificationMessage><Topic>tns1:RuleEngine/LineDetector/Crossed</Topic><Message><Message"
                        + " PropertyOperation=\"Changed\"><Source><SimpleItem Name=\"Rule\" Value=\"" + next
                        + "\"/></Source></Message></Message></NotificationMessage>";
        HttpExchange pull = one.pull.get();
        one.pull = Optional.empty();
        one.untold.poll();
        try {
            say(pull, "<PullMessagesResponse>" + message + "</PullMessagesResponse>");
        } catch (IOException gone) {
            // Who asked has hung up.
        }
    }

    private static void say(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = ("<Envelope><Body>" + body + "</Body></Envelope>").getBytes(StandardCharsets.UTF_8);
        // A connection that ends sends what is left of an answer at once; others wait 40 ms for what may follow.
        exchange.getResponseHeaders().add("Connection", "close");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        clock.shutdownNow();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.push;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.device.EventTeller;
import org.nxvms.simulator.fault.FaultKind;

/**
 * One subscription: posts lines such as {@code motion 0 on}, first those of all states and then {@code states-told}. It ends
 * when a delivery is not taken, when nobody renews it, or when the device goes off.
 */
final class PushSender implements EventTeller.Listener {
    private static final long LEASE_NS = TimeUnit.SECONDS.toNanos(60);
    /** So many lines in one delivery; more come in the next. */
    private static final int LINES_MAX = 500;
    /** What happens within this time is delivered together. */
    private static final long TOGETHER_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Device device;
    private final Delivery delivery;
    private final Thread thread = new Thread(this::run, "simulator-push");
    private final StringBuilder waiting = new StringBuilder();
    private int lines;
    private boolean statesTold;
    private long deliveredNano = System.nanoTime() - TOGETHER_NS;
    private volatile long renewedNano = System.nanoTime();
    private volatile String why = "more happened at a time than is kept for it";

    PushSender(Device device, URI address) {
        this.device = device;
        this.delivery = new Delivery(address, "text/plain", this::check);
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    void renew() {
        renewedNano = System.nanoTime();
    }

    void end() {
        delivery.end();
        thread.interrupt();
    }

    boolean hasEnded() {
        return !thread.isAlive();
    }

    /** {@return why it has ended}, for who renews it */
    String why() {
        return why;
    }

    private void run() {
        try {
            new EventTeller(device, this).tell();
        } catch (IOException over) {
            why = over.getMessage();
        } catch (InterruptedException ended) {
            why = "it was ended";
        }
    }

    @Override
    public void told(DeviceState state) throws IOException, InterruptedException {
        String kind = state.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        add(kind + " " + state.part() + (state.stateful() ? state.active() ? " on" : " off" : ""));
    }

    private void check() throws IOException {
        if (device.faults().has(FaultKind.REFUSE_CONNECTION) || device.faults().has(FaultKind.REBOOT)) {
            throw new IOException("the device went off");
        }
        if (System.nanoTime() - renewedNano > LEASE_NS) {
            throw new IOException("it was not renewed");
        }
    }

    @Override
    public void paused() throws IOException, InterruptedException {
        check();
        if (!statesTold) {
            statesTold = true;
            add("states-told");
        }
        if (System.nanoTime() - deliveredNano >= TOGETHER_NS) {
            deliver();
        }
    }

    private void add(String line) throws IOException, InterruptedException {
        waiting.append(line).append('\n');
        if (++lines >= LINES_MAX) {
            deliver();
        }
    }

    private void deliver() throws IOException, InterruptedException {
        if (lines == 0 || device.faults().has(FaultKind.EVENTS_SILENT)) {
            return;
        }
        byte[] body = waiting.toString().getBytes(StandardCharsets.US_ASCII);
        waiting.setLength(0);
        lines = 0;
        deliveredNano = System.nanoTime();
        delivery.post(body);
    }
}

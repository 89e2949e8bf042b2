// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.device.EventTeller;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.push.Delivery;

/** Posts what happens to one client (base notification), until it is renewed no more or does not take it. */
final class NotifySender implements EventTeller.Listener {
    private final Device device;
    private final Delivery delivery;
    private final Thread thread;
    private final StringBuilder waiting = new StringBuilder();
    private volatile long endNano;
    private volatile boolean ended;
    private volatile boolean asked;
    private boolean told;

    NotifySender(Device device, URI consumer, Duration life) {
        this.device = device;
        delivery = new Delivery(consumer, Soap.TYPE, this::check);
        renew(life);
        thread = new Thread(this::run, "simulator-onvif-notify");
        thread.setDaemon(true);
        thread.start();
    }

    void renew(Duration life) {
        endNano = System.nanoTime() + life.toNanos();
    }

    boolean isOver() {
        return ended || System.nanoTime() - endNano > 0;
    }

    void end() {
        ended = true;
        delivery.end();
        thread.interrupt();
    }

    /** Every state as it is then is said once more, in a moment. */
    void synchronise() {
        asked = true;
    }

    private void run() {
        try {
            new EventTeller(device, this).tell();
        } catch (IOException | InterruptedException over) {
            // ended, run out, or not taken
        }
        ended = true;
    }

    @Override
    public void told(DeviceState state) {
        add(state, told ? "Changed" : "Initialized");
    }

    private void add(DeviceState state, String operation) {
        waiting.append(OnvifMessages.message(device, new OnvifMessages.Notice(state, operation)));
    }

    private void check() throws IOException {
        boolean away = device.faults().has(FaultKind.REFUSE_CONNECTION)
                || device.faults().has(FaultKind.REBOOT);
        if (isOver() || away) {
            throw new IOException("the subscription is over");
        }
    }

    @Override
    public void paused() throws IOException, InterruptedException {
        check();
        told = true;
        if (asked) {
            asked = false;
            device.events().states().forEach(state -> add(state, "Initialized"));
        }
        if (waiting.length() > 0) {
            byte[] body = Soap.envelope("<wsnt:Notify>" + waiting + "</wsnt:Notify>");
            waiting.setLength(0);
            delivery.post(body);
        }
    }
}

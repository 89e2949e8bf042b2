// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import org.nxvms.driver.spi.DriverException;

/** A pull point at a device (Core 9.2). */
final class PullPoint implements Subscription {
    private static final int MESSAGES_MAX = 100;

    private final SubscriptionManager manager;

    private PullPoint(SubscriptionManager manager) {
        this.manager = manager;
    }

    static PullPoint create(Services services) throws DriverException {
        String name = "CreatePullPointSubscription";
        return new PullPoint(SubscriptionManager.create(
                services,
                name,
                "http://www.onvif.org/ver10/events/wsdl/EventPortType/CreatePullPointSubscriptionRequest",
                time -> Service.EVENTS.operation(
                        name, "<o:InitialTerminationTime>" + time + "</o:InitialTerminationTime>")));
    }

    @Override
    public List<XmlNode> take(int seconds) throws DriverException {
        String content =
                "<o:Timeout>PT" + seconds + "S</o:Timeout><o:MessageLimit>" + MESSAGES_MAX + "</o:MessageLimit>";
        return manager.pull("PullMessages", content, seconds * 1_000).all("NotificationMessage");
    }

    @Override
    public int quietSeconds() {
        return 1;
    }

    @Override
    public void synchronise() throws DriverException {
        manager.synchronise();
    }

    @Override
    public void renew() throws DriverException {
        manager.renew();
    }

    @Override
    public void end() throws DriverException {
        manager.unsubscribe();
    }

    /** Needless: a pull ends in time. */
    @Override
    public void wake() {}
}

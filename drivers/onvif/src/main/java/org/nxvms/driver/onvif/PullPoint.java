// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** A pull point at a device (Core 9.2). */
final class PullPoint implements Subscription {
    private static final int MESSAGES_MAX = 100;
    /** So many every device gives at once (Core 9.2.2); one that is asked for more than it can may refuse. */
    private static final int MESSAGES_MIN = 2;

    private final SubscriptionManager manager;
    private int messages = MESSAGES_MAX;
    private boolean pulled;

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
        List<XmlNode> told;
        try {
            told = pull(seconds);
        } catch (DriverException refused) {
            // Which fault tells of the limit stands in its detail only, and not in every device's.
            boolean mayBeTheLimit = refused.kind() == Kind.CONFIG || refused.kind() == Kind.PROTOCOL;
            if (pulled || !mayBeTheLimit || messages == MESSAGES_MIN) {
                throw refused;
            }
            messages = MESSAGES_MIN;
            told = pull(seconds);
        }
        pulled = true;
        return told;
    }

    private List<XmlNode> pull(int seconds) throws DriverException {
        String content = "<o:Timeout>PT" + seconds + "S</o:Timeout><o:MessageLimit>" + messages + "</o:MessageLimit>";
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

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

/** The services of ONVIF that this driver asks, each with its namespace, which is also how devices name them. */
enum Service {
    DEVICE("http://www.onvif.org/ver10/device/wsdl", "Device"),
    MEDIA("http://www.onvif.org/ver10/media/wsdl", "Media"),
    /** Media2: profile T, H.265. Not known to {@code GetCapabilities}. */
    MEDIA2("http://www.onvif.org/ver20/media/wsdl", ""),
    /** Rules and modules; which streams carry what they find is set by Media. */
    ANALYTICS("http://www.onvif.org/ver20/analytics/wsdl", "Analytics"),
    PTZ("http://www.onvif.org/ver20/ptz/wsdl", "PTZ"),
    IMAGING("http://www.onvif.org/ver20/imaging/wsdl", "Imaging"),
    /** Digital inputs; relays are known to the Device service, too. */
    DEVICE_IO("http://www.onvif.org/ver10/deviceIO/wsdl", "Extension/DeviceIO"),
    EVENTS("http://www.onvif.org/ver10/events/wsdl", "Events"),
    /** Profile G: what the device has recorded itself. Not asked of devices that know {@code GetCapabilities} only. */
    SEARCH("http://www.onvif.org/ver10/search/wsdl", ""),
    REPLAY("http://www.onvif.org/ver10/replay/wsdl", "");

    private final String namespace;
    private final String capability;

    Service(String namespace, String capability) {
        this.namespace = namespace;
        this.capability = capability;
    }

    String namespace() {
        return namespace;
    }

    /** {@return its path in the answer to {@code GetCapabilities}, by slashes; may be empty} */
    String capability() {
        return capability;
    }

    /**
     * {@return the XML of an operation, whose prefix is {@code o}}
     *
     * @param content XML; may be empty
     */
    String operation(String name, String content) {
        return "<o:" + name + " xmlns:o=\"" + namespace + "\">" + content + "</o:" + name + ">";
    }
}
